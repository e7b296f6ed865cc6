import type { Table } from "../../model/section.ts";
import type { EventRows, FieldReader, FieldValue } from "./event-rows.ts";
import type { QueryConfig } from "./query-options.ts";

/** Events of equal fields. */
interface Group {
  readonly key: readonly FieldValue[];
  rows: number;
  total: number;
  max: number;
  /** Of the number, where percentiles are wanted. */
  readonly values: number[];
}

const percentiles = [
  { name: "p50", share: 0.5 },
  { name: "p90", share: 0.9 },
  { name: "p99", share: 0.99 },
] as const;

/** One row per group, the greatest total first. */
export function groupedTable(events: EventRows, config: QueryConfig): Table {
  const by = config.by.map((name) => events.field(name));
  const measure = measureOf(events, config.of);
  const groups = groupsOf(events, { by, measure, config }).sort(byTotal);
  const shown = groups.slice(0, config.top);
  const number = measure === undefined ? [] : measureColumns(measure, config.withPercentiles);
  return {
    title: events.table.type,
    columns: [
      ...by.map(({ name, kind }) => ({ title: name, kind })),
      { title: "events", kind: "count" as const },
      ...number,
    ],
    rows: shown.map((group) => [
      ...group.key,
      group.rows,
      ...(measure === undefined ? [] : measureCells(group, config.withPercentiles)),
    ]),
    omittedRows: groups.length - shown.length,
  };
}

/** Duration where there is one, or what was asked for. */
function measureOf(events: EventRows, name: string | undefined): FieldReader | undefined {
  if (name !== undefined) return events.field(name);
  return events.table.columns.has("duration") ? events.field("duration") : undefined;
}

function measureColumns({ name, kind }: FieldReader, withPercentiles: boolean): Table["columns"] {
  const titles = [name, "mean", ...(withPercentiles ? percentiles.map((each) => each.name) : []), "max"];
  return titles.map((title) => ({ title, kind }));
}

function measureCells(group: Group, withPercentiles: boolean): readonly FieldValue[] {
  const sorted = withPercentiles ? Float64Array.from(group.values).sort() : undefined;
  const quantiles = sorted === undefined ? [] : percentiles.map(({ share }) => quantileOf(sorted, share));
  return [group.total, group.rows === 0 ? null : group.total / group.rows, ...quantiles, group.max];
}

/** The smallest value that so large a share of all is no greater than. */
function quantileOf(sorted: Float64Array, share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

interface Grouping {
  readonly by: readonly FieldReader[];
  readonly measure: FieldReader | undefined;
  readonly config: QueryConfig;
}

function groupsOf(events: EventRows, { by, measure, config }: Grouping): Group[] {
  const groups = new Map<string, Group>();
  for (const row of events.rowsWhere(config.where)) {
    const key = by.map(({ value }) => value(row));
    const id = JSON.stringify(key);
    let group = groups.get(id);
    if (group === undefined) {
      group = { key, rows: 0, total: 0, max: 0, values: [] };
      groups.set(id, group);
    }
    add(group, measure?.value(row), config.withPercentiles);
  }
  return [...groups.values()];
}

function add(group: Group, value: FieldValue | undefined, keepsValues: boolean): void {
  group.rows++;
  if (typeof value !== "number" || !Number.isFinite(value)) return;
  group.total += value;
  group.max = Math.max(group.max, value);
  if (keepsValues) group.values.push(value);
}

function byTotal(a: Group, b: Group): number {
  const [keyA, keyB] = [JSON.stringify(a.key), JSON.stringify(b.key)];
  return b.total - a.total || b.rows - a.rows || (keyA < keyB ? -1 : keyA > keyB ? 1 : 0);
}
