import { Float64Column, Int32Column } from "../../bytes/growable.ts";
import type { Profile, ProfileSet, ProfileThread } from "../../model/profile.ts";
import { poolOf } from "../../model/thread-pool.ts";
import type { HeapProfile } from "./heap-profile.ts";
import { scaleOf } from "./sampling.ts";
import type { NamedStacks } from "./sites.ts";

/**
 * Profiles of live blocks, and of all that were ever allocated where the allocator counted them. Each thread of a stack has a row; what the
 * stack as a whole has more or less than they is a row without a thread, since totals must be those of stacks (samples are few, and the
 * sum of estimates is not the estimate of a sum).
 */
export function nativeProfiles(profile: HeapProfile, stacks: NamedStacks, notes: readonly string[]): ProfileSet {
  const threads = new Threads(profile.threadNames);
  const rows = profile.rows;
  const live = { objects: rows.inuseObjects.values, bytes: rows.inuseBytes.values };
  const profiles = [
    ...profilesOf(profile, live, stacks, threads).map((each) => ({ ...each, event: `inuse_${each.event}` })),
    ...(rows.allocated === undefined ? [] : profilesOf(profile, rows.allocated, stacks, threads)).map((each) => ({
      ...each,
      event: `alloc_${each.event}`,
    })),
  ];
  return {
    profiles: profiles.map((each) => ({
      ...each,
      confidence: { ...each.confidence, notes: [...each.confidence.notes, ...notes] },
    })),
    threads: threads.list,
    startMillis: undefined,
    durationSeconds: undefined,
  };
}

class Threads {
  readonly list: ProfileThread[] = [];
  readonly #names: ReadonlyMap<number, string>;
  readonly #indexOf = new Map<number, number>();

  constructor(names: ReadonlyMap<number, string>) {
    this.#names = names;
  }

  indexOf(thread: number): number {
    const known = this.#indexOf.get(thread);
    if (known !== undefined) return known;
    const name = this.#names.get(thread) ?? `thread ${thread}`;
    this.#indexOf.set(thread, this.list.length);
    return this.list.push({ name, pool: poolOf(name), javaId: undefined, osId: undefined, isVirtual: false }) - 1;
  }
}

interface Counts {
  readonly objects: Float64Array;
  readonly bytes: Float64Array;
}

/** Two profiles over the same columns of stacks, threads and samples. */
function profilesOf(profile: HeapProfile, counts: Counts, stacks: NamedStacks, threads: Threads): readonly Profile[] {
  const columns = new WeightColumns();
  const { rows } = profile;
  const end = rows.length;
  for (let row = 0; row < end; ) {
    let next = row + 1;
    while (next < end && rows.stack.values[next] === rows.stack.values[row] && rows.thread.values[next]! >= 0) next++;
    addStack({ profile, counts, stacks, threads, columns }, row, next);
    row = next;
  }
  const sampleStack = columns.stack.values.slice();
  const base = {
    kind: "native" as const,
    stacks: stacks.table,
    sampleStack,
    sampleCount: columns.count.values.slice(),
    ...(columns.hasThreads && { sampleThread: columns.thread.values.slice() }),
    confidence: {
      samplesWithoutStack: sampleStack.reduce((sum, stack) => sum + (stack < 0 ? 1 : 0), 0),
      truncatedStacks: 0,
      notes: [samplingNote(profile)].filter((note) => note !== ""),
    },
  };
  return [
    { ...base, event: "space", unit: "bytes", sampleWeight: columns.bytes.values.slice() },
    { ...base, event: "objects", unit: "count", sampleWeight: columns.objects.values.slice() },
  ];
}

class WeightColumns {
  readonly stack = new Int32Column();
  readonly thread = new Int32Column();
  readonly count = new Float64Column();
  readonly bytes = new Float64Column();
  readonly objects = new Float64Column();
  hasThreads = false;

  push(stack: number, thread: number, weights: Weights): void {
    if (weights.bytes === 0 && weights.objects === 0) return;
    this.stack.push(stack);
    this.thread.push(thread);
    this.count.push(weights.count);
    this.bytes.push(weights.bytes);
    this.objects.push(weights.objects);
    if (thread >= 0) this.hasThreads = true;
  }
}

interface Weights {
  count: number;
  bytes: number;
  objects: number;
}

interface Target {
  readonly profile: HeapProfile;
  readonly counts: Counts;
  readonly stacks: NamedStacks;
  readonly threads: Threads;
  readonly columns: WeightColumns;
}

/** Rows `first` to `end` are of one stack: the whole first, then its threads. */
function addStack({ profile, counts, stacks, threads, columns }: Target, first: number, end: number): void {
  const { rows, sampling } = profile;
  const stack = stacks.stackOf[rows.stack.values[first]!]!;
  const left: Weights = { count: 0, bytes: 0, objects: 0 };
  for (let row = first; row < end; row++) {
    const objects = counts.objects[row]!;
    const bytes = counts.bytes[row]!;
    const scale = scaleOf(objects, bytes, sampling);
    const thread = rows.thread.values[row]!;
    const sign = thread < 0 ? 1 : -1;
    left.count += sign * objects;
    left.bytes += sign * bytes * scale;
    left.objects += sign * objects * scale;
    if (thread >= 0)
      columns.push(stack, threads.indexOf(thread), { count: objects, bytes: bytes * scale, objects: objects * scale });
  }
  // A truncated file may end before the row of the whole stack's threads, never before the whole's.
  columns.push(stack, -1, { ...left, count: Math.max(0, left.count) });
}

function samplingNote({ sampling }: HeapProfile): string {
  if (sampling.method === "none") return "";
  return `estimates from one sample every ${sampling.periodBytes} bytes on average`;
}
