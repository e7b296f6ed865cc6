import type { Profile, ProfileSet, ProfileThread } from "../../model/profile.ts";
import { poolOf } from "../../model/thread-pool.ts";
import type { HeapProfile } from "./heap-profile.ts";
import { type Sampling, scaleOf } from "./sampling.ts";
import type { NamedStacks } from "./sites.ts";

/**
 * Profiles of live blocks, and of all that were ever allocated where the allocator counted them. Each thread of a stack has a row; what the
 * stack as a whole has more or less than they is a row without a thread, since totals must be those of stacks (samples are few, and the
 * sum of estimates is not the estimate of a sum). The file's rows are used up: a huge file has no room for a second copy.
 */
export function nativeProfiles(profile: HeapProfile, stacks: NamedStacks, notes: readonly string[]): ProfileSet {
  const { rows, sampling } = profile;
  const threads = new Threads(profile.threadNames);
  const counts = [{ objects: rows.inuseObjects, bytes: rows.inuseBytes }, ...(rows.allocated ? [rows.allocated] : [])];
  const scaled = scaleRows(
    { ...{ stack: rows.stack, thread: rows.thread }, stackOf: stacks.stackOf, sampling },
    counts,
    threads,
  );
  const sampleThread = rows.thread.subarray(0, scaled.rows);
  const sampleStack = rows.stack.subarray(0, scaled.rows);
  const common = {
    kind: "native" as const,
    stacks: stacks.table,
    sampleStack,
    ...(threads.list.length > 0 && { sampleThread }),
    confidence: {
      samplesWithoutStack: sampleStack.reduce((sum, stack) => sum + (stack < 0 ? 1 : 0), 0),
      truncatedStacks: 0,
      notes: [...samplingNotes(sampling), ...notes],
    },
  };
  const profiles = counts.flatMap(({ bytes, objects }, index): readonly Profile[] => {
    const what = index === 0 ? "inuse" : "alloc";
    const base = { ...common, sampleCount: scaled.samples[index]!.subarray(0, scaled.rows) };
    return [
      { ...base, event: `${what}_space`, unit: "bytes", sampleWeight: bytes.subarray(0, scaled.rows) },
      { ...base, event: `${what}_objects`, unit: "count", sampleWeight: objects.subarray(0, scaled.rows) },
    ];
  });
  return { profiles, threads: threads.list, startMillis: undefined, durationSeconds: undefined };
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

interface Rows {
  readonly stack: Int32Array;
  readonly thread: Int32Array;
  readonly stackOf: Int32Array;
  readonly sampling: Sampling;
}

interface ScaledRows {
  /** So many rows are left; those of nothing are gone. */
  readonly rows: number;
  /** By kind of counts: what was seen, by row. */
  readonly samples: readonly Float64Array[];
}

/**
 * Replaces counts by estimates, and the row of each stack by what its threads do not explain; rows only move towards the start. The stack's
 * own row, which comes first, leaves its place to those of its threads, and the rest is written behind them.
 */
function scaleRows(rows: Rows, counts: readonly Counts[], threads: Threads): ScaledRows {
  const { stack, thread } = rows;
  const columns = counts.map((each) => new ScaledColumns(each, rows.sampling));
  let written = 0;
  for (let row = 0; row < stack.length; ) {
    // A damaged file may lack the row of a stack: then nothing is known of it.
    if (thread[row]! >= 0) {
      row++;
      continue;
    }
    const end = endOfStack(rows, row);
    const named = rows.stackOf[stack[row]!]!;
    for (const column of columns) column.start(row);
    for (let own = row + 1; own < end; own++) {
      for (const column of columns) column.move(own, written);
      thread[written] = threads.indexOf(thread[own]!);
      stack[written++] = named;
    }
    row = end;
    if (columns.every(({ isExplained }) => isExplained)) continue;
    for (const column of columns) column.finish(written);
    thread[written] = -1;
    stack[written++] = named;
  }
  return { rows: written, samples: columns.map(({ samples }) => samples) };
}

/** After the rows of the threads that follow the one of their stack. */
function endOfStack({ stack, thread }: Rows, first: number): number {
  let end = first + 1;
  while (end < stack.length && stack[end] === stack[first] && thread[end]! >= 0) end++;
  return end;
}

/** Counts that become estimates where they are, and what is left of one stack. */
class ScaledColumns {
  readonly samples: Float64Array;
  readonly #objects: Float64Array;
  readonly #bytes: Float64Array;
  readonly #sampling: Sampling;
  #restSamples = 0;
  #restObjects = 0;
  #restBytes = 0;

  constructor({ objects, bytes }: Counts, sampling: Sampling) {
    this.samples = new Float64Array(objects.length);
    this.#objects = objects;
    this.#bytes = bytes;
    this.#sampling = sampling;
  }

  get isExplained(): boolean {
    return this.#restObjects === 0 && this.#restBytes === 0;
  }

  /** The row of a whole stack. */
  start(row: number): void {
    const objects = this.#objects[row]!;
    const scale = scaleOf(objects, this.#bytes[row]!, this.#sampling);
    this.#restSamples = objects;
    this.#restObjects = objects * scale;
    this.#restBytes = this.#bytes[row]! * scale;
  }

  /** The row of a thread. */
  move(row: number, to: number): void {
    const seen = this.#objects[row]!;
    const scale = scaleOf(seen, this.#bytes[row]!, this.#sampling);
    const objects = seen * scale;
    const bytes = this.#bytes[row]! * scale;
    this.samples[to] = seen;
    this.#objects[to] = objects;
    this.#bytes[to] = bytes;
    this.#restSamples -= seen;
    this.#restObjects -= objects;
    this.#restBytes -= bytes;
  }

  /** What is left; counts of samples are not below zero. */
  finish(to: number): void {
    this.samples[to] = Math.max(0, this.#restSamples);
    this.#objects[to] = this.#restObjects;
    this.#bytes[to] = this.#restBytes;
  }
}

function samplingNotes({ method, periodBytes }: Sampling): readonly string[] {
  return method === "none" ? [] : [`estimates from one sample every ${periodBytes} bytes on average`];
}
