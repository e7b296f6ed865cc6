import type { RecordingEvidence } from "../src/model/recording.ts";
import { stacksThrough } from "../src/stacks/attribution.ts";
import type { CallSites } from "./call-sites.ts";
import { type StallKind, stallKinds } from "./stall-kinds.ts";
import type { Stalls } from "./stalls.ts";

/** A part of a stall that falls into a span of time. */
interface StallPart {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

const waitsForLocks: readonly StallKind[] = ["monitor", "lock", "idle"];

/** Threads in a queue that are followed to its head. */
const longestQueue = 16;

/** Finds what a thread, or the holder of a lock, stood still for at a time. */
export class StallLookup {
  readonly #recording: RecordingEvidence;
  readonly #stalls: Stalls;
  readonly #sites: CallSites;
  #rowsByThread: ReadonlyMap<number, readonly number[]> | undefined;
  readonly #bySite = new Map<number, readonly number[]>();

  constructor(recording: RecordingEvidence, stalls: Stalls, sites: CallSites) {
    this.#recording = recording;
    this.#stalls = stalls;
    this.#sites = sites;
  }

  /** In the order of time. */
  get #byThread(): ReadonlyMap<number, readonly number[]> {
    if (this.#rowsByThread !== undefined) return this.#rowsByThread;
    const { count, start, thread } = this.#stalls;
    const rows = Array.from({ length: count }, (_, row) => row).sort((a, b) => start[a]! - start[b]!);
    this.#rowsByThread = Map.groupBy(rows, (row) => thread[row]!);
    return this.#rowsByThread;
  }

  /** Of one thread, in the order of time. */
  ofThread(thread: number, from: number, to: number): Iterable<StallPart> {
    return this.#during(this.#byThread.get(thread) ?? [], from, to);
  }

  /**
   * What kept the lock from being released during a wait. The JVM tells who had a monitor last: where that one waited itself
   * before, whoever it waited for. Of a lock of `java.util.concurrent` it is whoever stood still below the same method.
   */
  *ofHolder(wait: number, from: number, to: number, depth = 0): Generator<StallPart> {
    const kind = stallKinds[this.#stalls.kind[wait]!]!;
    if (kind !== "monitor" && kind !== "lock") return;
    const owner = this.#stalls.owner[wait]!;
    const rows = owner >= 0 ? (this.#byThread.get(owner) ?? []) : this.#belowSiteOf(wait);
    for (const part of this.#during(rows, from, to)) {
      if (this.#stalls.thread[part.row] === this.#stalls.thread[wait]) continue;
      if (!this.#isWait(part.row)) yield part;
      else if (depth < longestQueue) yield* this.ofHolder(part.row, part.from, part.to, depth + 1);
    }
  }

  #belowSiteOf(wait: number): readonly number[] {
    const stack = this.#stalls.stack[wait]!;
    const site = stack < 0 ? -1 : this.#sites.frame[stack]!;
    if (site < 0) return [];
    const known = this.#bySite.get(site);
    if (known !== undefined) return known;
    const isSite = new Uint8Array(this.#recording.stacks.frameNames.length);
    isSite[site] = 1;
    const isBelow = stacksThrough(this.#recording.stacks, isSite);
    const rows = [...this.#byThread.values()]
      .flat()
      .filter((row) => isBelow[this.#stalls.stack[row]!] === 1 && !this.#isWait(row))
      .sort((a, b) => this.#stalls.start[a]! - this.#stalls.start[b]!);
    this.#bySite.set(site, rows);
    return rows;
  }

  #isWait(row: number): boolean {
    return waitsForLocks.includes(stallKinds[this.#stalls.kind[row]!]!);
  }

  /** Rows do not overlap, or hardly: each part begins where the one before it ended. */
  *#during(rows: readonly number[], from: number, to: number): Generator<StallPart> {
    let at = from;
    for (let index = this.#firstEndingAfter(rows, from); index < rows.length; index++) {
      const row = rows[index]!;
      if (this.#stalls.start[row]! >= to) return;
      const start = Math.max(at, this.#stalls.start[row]!);
      const end = Math.min(to, this.#stalls.end[row]!);
      if (end <= start) continue;
      yield { row, from: start, to: end };
      at = end;
    }
  }

  #firstEndingAfter(rows: readonly number[], seconds: number): number {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#stalls.end[rows[middle]!]! > seconds) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
