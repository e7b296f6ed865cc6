import type { GcLogEvidence, GcLogFile } from "../../model/gc-log-evidence.ts";
import { CollectionRows, fields, ranks } from "./collection-rows.ts";
import { guessCollector } from "./collector-names.ts";
import { HeapDetails } from "./heap-details.ts";
import { type Label, Labels } from "./labels.ts";
import { LogClock } from "./log-clock.ts";
import type { SizeChange } from "./numbers.ts";
import { PauseRows } from "./pause-rows.ts";
import { PhaseSums } from "./phase-sums.ts";
import { SafepointRows, StallRows } from "./safepoint-rows.ts";

/** Processor time of a collection. */
export interface ProcessorSeconds {
  readonly user: number;
  readonly system: number;
  readonly real: number;
}

/** What the last line of a pause says. */
export interface PauseMessage {
  readonly label: Label;
  readonly seconds: number;
  readonly change: SizeChange | undefined;
  /** Where the line tells when it began, and not when it ended. */
  readonly start?: number;
}

/** Part of the heap that a line tells of. */
export type Pool = "young" | "old" | "metaspace" | "humongous";

const mebibyte = 2 ** 20;
const columnsOf = {
  young: { before: fields.youngBefore, after: fields.youngAfter },
  old: { before: fields.oldBefore, after: fields.oldAfter },
  humongous: { before: fields.humongousBefore, after: fields.humongousAfter },
} as const;

/** Whether a pause is a whole collection, and not a part of a cycle. */
export function isWholeStop({ isYoung, isFull, name }: Label): boolean {
  return isYoung || isFull || /^Pause (?:Young|Mixed|Degenerated|Initial Mark \()/.test(name);
}

/** What lines say, put together collection by collection; of any form of log. */
export class GcLogBuilder {
  readonly labels = new Labels();
  readonly clock = new LogClock();
  readonly phases = new PhaseSums();
  readonly safepoints = new SafepointRows();
  readonly stalls = new StallRows();
  readonly heap = new HeapDetails();
  readonly #collections = new CollectionRows(this.labels);
  readonly #cycle = this.labels.of("Concurrent cycle");
  readonly #pauses = new PauseRows(this.labels);
  readonly failures = new Map<string, number>();
  pacingSeconds = 0;
  /** Without the number of a collection, lines belong to the last one. */
  #lastGcId = -1;
  #lastEnded = -1;
  #last: { readonly start: number; readonly end: number; readonly label: Label; readonly gcId: number } | undefined;
  #lastUsed = Number.NaN;
  #allocated = 0;
  #promoted = 0;
  #hasGenerations = false;

  /** The first line of another JVM. */
  restart(): void {
    this.#collections.forget();
    this.phases.forget();
    this.#lastEnded = -1;
    this.#last = undefined;
    this.#lastUsed = Number.NaN;
    this.#hasGenerations = false;
  }

  /** A pause, cycle or phase began. */
  begin(gcId: number, label: Label, rank: number): void {
    this.#name(this.#rowOf(gcId), label, rank);
  }

  /** Phases give no name of their own to the cycle that they are of. */
  #name(row: number, label: Label, rank: number): void {
    if (rank === ranks.phase) this.#collections.name(row, this.#cycle, rank);
    else this.#collections.name(row, label, rank);
  }

  /** Why the cycle of a collection began. */
  trigger(gcId: number, label: Label): void {
    this.#collections.name(this.#rowOf(gcId), label, ranks.phase);
  }

  /** A pause is over; its end is now, or `start` is given. */
  pause(gcId: number, { label, seconds, change, start }: PauseMessage): void {
    const rows = this.#collections;
    const end = start === undefined ? this.clock.now : start + seconds;
    const row = this.#rowOf(gcId);
    const began = end - seconds;
    const nested = this.#nestedIn(label, began, gcId);
    // Older logs have no cycles: each pause is for itself.
    const isWhole = start !== undefined || isWholeStop(label);
    if (label.isFailed && rows.get(row, fields.failed) !== 1) this.fail(gcId, "evacuation failure");
    this.#name(row, label, isWhole ? ranks.stop : ranks.phase);
    if (began < rows.get(row, fields.start) || Number.isNaN(rows.get(row, fields.start)))
      rows.set(row, fields.start, began);
    rows.set(row, fields.end, end);
    rows.set(row, fields.pause, rows.get(row, fields.pause) + seconds - nested);
    if (seconds > rows.get(row, fields.longest)) rows.set(row, fields.longest, seconds);
    if (label.isFull) rows.set(row, fields.full, 1);
    if (change !== undefined) this.used(gcId, change);
    this.#pauses.add({ gcId, label, start: began, seconds }, nested, () => this.phases.phasesOf(gcId, 12));
    this.#last = { start: began, end, label, gcId };
    this.#lastEnded = gcId;
  }

  /** A full collection that began within a young one that found no room. */
  #nestedIn(label: Label, began: number, gcId: number): number {
    const last = this.#last;
    if (last === undefined || !label.isYoung || !last.label.isFull || last.gcId <= gcId) return 0;
    return last.start >= began - 0.002 ? last.end - last.start : 0;
  }

  /** A cycle of a collector that works while the program runs is over. */
  cycle(gcId: number, label: Label, change: SizeChange | undefined): void {
    const row = this.#rowOf(gcId);
    this.#collections.name(row, label, ranks.cycle);
    this.#collections.set(row, fields.end, this.clock.now);
    if (change === undefined) return;
    if (this.#hasGenerations) this.#setUsed(row, change);
    else this.used(gcId, change);
  }

  /** A generation of ZGC was collected; the sizes are those of the whole heap. */
  generation(gcId: number, change: SizeChange): void {
    this.#hasGenerations = true;
    this.used(gcId, change);
  }

  /** A phase that ran with the program is over. */
  concurrent(gcId: number, label: Label, change: SizeChange | undefined): void {
    const row = this.#rowOf(gcId);
    this.#name(row, label, ranks.phase);
    this.#collections.set(row, fields.end, this.clock.now);
    this.#lastEnded = -1;
    if (change !== undefined) this.used(gcId, change);
  }

  /** The whole heap before and after something; what was allocated since the last such line. */
  used(gcId: number, change: SizeChange): void {
    const row = this.#rowOf(gcId);
    const [before, after] = this.#exactOf(row, change);
    if (this.#lastUsed >= 0) this.#allocated += Math.max(0, before - this.#lastUsed);
    this.#lastUsed = after;
    this.#setUsed(row, change, [before, after]);
    this.#collections.set(row, fields.allocated, this.#allocated);
    this.#promote(row);
  }

  /** The heap of a JVM that collects nothing. */
  usedNow(bytes: number): void {
    this.#allocated += Math.max(0, bytes - (this.#lastUsed || 0));
    this.#lastUsed = bytes;
  }

  /** The sum of both generations is exact, where the line of the whole heap is in mebibytes. */
  #exactOf(row: number, { before, after }: SizeChange): readonly [number, number] {
    const rows = this.#collections;
    const exactBefore = rows.get(row, fields.youngBefore) + rows.get(row, fields.oldBefore);
    const exactAfter = rows.get(row, fields.youngAfter) + rows.get(row, fields.oldAfter);
    const isSame = Math.abs(exactBefore - before) <= 2 * mebibyte && Math.abs(exactAfter - after) <= 2 * mebibyte;
    return isSame ? [exactBefore, exactAfter] : [before, after];
  }

  #setUsed(
    row: number,
    change: SizeChange,
    [before, after]: readonly [number, number] = [change.before, change.after],
  ) {
    const rows = this.#collections;
    if (Number.isNaN(rows.get(row, fields.usedBefore))) rows.set(row, fields.usedBefore, before);
    rows.set(row, fields.usedAfter, after);
    if (change.capacity >= 0) rows.set(row, fields.capacity, change.capacity);
  }

  #promote(row: number): void {
    const rows = this.#collections;
    const grown = rows.get(row, fields.oldAfter) - rows.get(row, fields.oldBefore);
    if (grown > 0 && rows.get(row, fields.full) !== 1) this.#promoted += grown;
    rows.set(row, fields.promoted, this.#promoted);
  }

  /** Bytes that were allocated while a cycle ran. */
  allocatedMeanwhile(bytes: number): void {
    this.#allocated += bytes;
  }

  promoted(bytes: number): void {
    this.#promoted += bytes;
  }

  processor(gcId: number, { user, system, real }: ProcessorSeconds): void {
    if (gcId !== this.#lastEnded) return;
    const row = this.#rowOf(gcId);
    this.#collections.set(row, fields.user, user);
    this.#collections.set(row, fields.system, system);
    this.#collections.set(row, fields.real, real);
  }

  pool(gcId: number, pool: Pool, before: number, after: number): void {
    const rows = this.#collections;
    const row = rows.knownRowOf(gcId);
    if (row < 0) return;
    if (pool === "metaspace") rows.set(row, fields.metaspace, after);
    else {
      rows.set(row, columnsOf[pool].before, before);
      rows.set(row, columnsOf[pool].after, after);
    }
    // Parallel and Serial tell the parts before the whole, G1 too.
    if (pool === "old" && rows.get(row, fields.allocated) >= 0) this.#promote(row);
  }

  fail(gcId: number | undefined, what: string): void {
    if (this.failures.size < 64 || this.failures.has(what)) this.failures.set(what, (this.failures.get(what) ?? 0) + 1);
    if (gcId !== undefined && gcId >= 0) this.#collections.set(this.#rowOf(gcId), fields.failed, 1);
  }

  get lastGcId(): number {
    return this.#lastGcId;
  }

  #rowOf(gcId: number): number {
    this.#lastGcId = gcId;
    return this.#collections.rowOf(gcId, this.clock.now);
  }

  evidence(file: GcLogFile, tags: ReadonlySet<string>): GcLogEvidence {
    const runs = this.clock.runs();
    const collections = this.#collections.collections();
    return {
      file,
      runs,
      collector:
        runs.findLast(({ collector }) => collector !== undefined)?.collector ?? guessCollector(this.labels.names()),
      durationSeconds: runs.at(-1)?.endSeconds ?? 0,
      pauses: this.#pauses.pauses(),
      omittedPauses: this.#pauses.omitted,
      pauseFigures: this.#pauses.figures(),
      fullPauses: this.#pauses.full,
      longestPauses: this.#pauses.details(),
      collections,
      omittedCollections: this.#collections.omitted,
      collectionCount: this.#collections.count,
      openCollections: collections.filter(({ seconds, pauseSeconds }) => seconds === 0 && pauseSeconds === 0).length,
      causes: this.#collections.causes(),
      phases: this.phases.phases(),
      safepoints: this.safepoints.safepoints(),
      reachFigures: this.safepoints.reachFigures(),
      operations: this.safepoints.operations(),
      stalls: this.stalls.stalls(),
      stallFigures: this.stalls.figures(),
      pacingSeconds: this.pacingSeconds,
      tenuring: this.heap.tenuring(),
      humongous: this.heap.humongous(),
      failures: this.failures,
      allocatedBytes: this.#allocated,
      promotedBytes: this.#promoted,
      tags,
    };
  }
}
