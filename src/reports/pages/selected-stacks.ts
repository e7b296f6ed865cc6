import { countingSort } from "./counting-sort.ts";
import type { PageProfile, SideRows } from "./page-data.ts";
import type { WireHeader } from "./wire.ts";

/** What stacks are put together by below the root. */
export type Grouping = "none" | "pool" | "thread" | "label";

/** Which rows are looked at, and how they are weighed. */
export interface RowSelection {
  readonly measure: "weight" | "count";
  readonly grouping: Grouping;
  /** Index of a pool, a thread or a label; undefined: all. */
  readonly pool?: number | undefined;
  readonly thread?: number | undefined;
  readonly label?: number | undefined;
  /** Buckets of time, the last one not included. */
  readonly fromBucket?: number | undefined;
  readonly toBucket?: number | undefined;
  /** A comparison puts both sides on one scale: shares of their whole, or weight per second. */
  readonly scale: "share" | "rate";
}

/** Weights by group and stack, in this order; each pair once. */
export interface SelectedStacks {
  readonly entries: number;
  /** Index into the names of the grouping, −1 unknown; all 0 without one. */
  readonly group: Int32Array;
  readonly stack: Int32Array;
  readonly after: Float64Array;
  /** All 0 without a comparison. */
  readonly before: Float64Array;
}

/** Adds the selected rows of a profile up by group and stack. */
export function selectedStacks(profile: PageProfile, header: WireHeader, selection: RowSelection): SelectedStacks {
  const length = profile.sideRows.reduce((sum, { rows }) => sum + rows, 0);
  const picked = {
    group: new Int32Array(length),
    stack: new Int32Array(length),
    after: new Float64Array(length),
    before: new Float64Array(length),
  };
  let filled = 0;
  for (const [side, rows] of profile.sideRows.entries()) {
    const isPicked = rowTest(rows, header, selection);
    const groupOf = groupsOf(rows, header, selection.grouping);
    const column = selection.measure === "count" ? rows.count : rows.weight;
    const factor = factorOf(profile, side, selection);
    const into = side === 0 ? picked.after : picked.before;
    for (let row = 0; row < rows.rows; row++) {
      if (!isPicked(row)) continue;
      picked.group[filled] = groupOf(row);
      picked.stack[filled] = rows.stack[row]!;
      into[filled++] = column[row]! * factor;
    }
  }
  return summed({ ...picked, entries: filled });
}

function rowTest(rows: SideRows, { threadPool }: WireHeader, selection: RowSelection): (row: number) => boolean {
  const { pool, thread, label, fromBucket = 0, toBucket = Number.POSITIVE_INFINITY } = selection;
  const hasWindow = fromBucket > 0 || toBucket < Number.POSITIVE_INFINITY;
  return (row) =>
    (thread === undefined || rows.thread[row] === thread) &&
    (pool === undefined || threadPool[rows.thread[row]!] === pool) &&
    (label === undefined || rows.label[row] === label) &&
    (!hasWindow || (rows.bucket[row]! >= fromBucket && rows.bucket[row]! < toBucket));
}

function groupsOf(rows: SideRows, { threadPool }: WireHeader, grouping: Grouping): (row: number) => number {
  switch (grouping) {
    case "none":
      return () => 0;
    case "pool":
      return (row) => threadPool[rows.thread[row]!] ?? -1;
    case "thread":
      return (row) => rows.thread[row]!;
    case "label":
      return (row) => rows.label[row]!;
    default:
      return grouping satisfies never;
  }
}

/** 1 without a comparison: weights stay in their unit. */
function factorOf(profile: PageProfile, side: number, { measure, scale }: RowSelection): number {
  if (profile.sides.length === 1) return 1;
  const { samples, total, durationSeconds } = profile.sides[side]!;
  if (scale === "rate" && durationSeconds) return 1 / durationSeconds;
  const whole = measure === "count" ? samples : total;
  return whole === 0 ? 0 : 1 / whole;
}

/** Two stable counting sorts bring equal pairs together. */
function summed(picked: SelectedStacks): SelectedStacks {
  const order = countingSort(picked.group, picked.entries, countingSort(picked.stack, picked.entries));
  const { group, stack, after, before } = picked;
  const sums = {
    group: new Int32Array(order.length),
    stack: new Int32Array(order.length),
    after: new Float64Array(order.length),
    before: new Float64Array(order.length),
  };
  let entries = 0;
  for (const row of order) {
    const isNew = entries === 0 || sums.group[entries - 1] !== group[row] || sums.stack[entries - 1] !== stack[row];
    if (isNew) {
      sums.group[entries] = group[row]!;
      sums.stack[entries] = stack[row]!;
      entries++;
    }
    sums.after[entries - 1]! += after[row]!;
    sums.before[entries - 1]! += before[row]!;
  }
  return { entries, ...sums };
}
