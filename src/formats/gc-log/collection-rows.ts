import type { LoggedCause, LoggedCollection } from "../../model/gc-log-evidence.ts";
import type { Label, Labels } from "./labels.ts";
import { Rows, type RowWatcher } from "./rows.ts";

/** What can be known of a collection, by its column. */
export const fields = {
  gcId: 0,
  label: 1,
  cause: 2,
  rank: 3,
  start: 4,
  end: 5,
  pause: 6,
  longest: 7,
  failed: 8,
  usedBefore: 9,
  usedAfter: 10,
  capacity: 11,
  youngBefore: 12,
  youngAfter: 13,
  oldBefore: 14,
  oldAfter: 15,
  metaspace: 16,
  humongousBefore: 17,
  humongousAfter: 18,
  allocated: 19,
  promoted: 20,
  user: 21,
  system: 22,
  real: 23,
  full: 24,
} as const;
const columnCount = Object.keys(fields).length;
const remembered = 128;

/** How much a line says about what a collection is; a later line of the same or a higher rank renames it. */
export const ranks = { phase: 1, cycle: 2, stop: 3 } as const;

/** One row per collection, found again by its number for the lines that follow. */
export class CollectionRows implements RowWatcher {
  readonly #rows = new Rows(columnCount, fields.pause);
  readonly #labels: Labels;
  readonly #rowOf = new Map<number, number>();
  readonly #lastIds = new Float64Array(remembered).fill(-1);
  readonly #causes = new Map<number, CauseSum>();
  #lastId = -1;
  #lastRow = -1;
  count = 0;

  constructor(labels: Labels) {
    this.#labels = labels;
  }

  get omitted(): number {
    return this.#rows.omitted;
  }

  /** Another JVM counts from 0 again. */
  forget(): void {
    this.#rowOf.clear();
    this.#lastId = -1;
  }

  /** The row of a collection, a new one when it was not seen lately. */
  rowOf(gcId: number, now: number): number {
    if (gcId === this.#lastId) return this.#lastRow;
    const row = this.#rowOf.get(gcId) ?? this.#open(gcId, now);
    this.#lastId = gcId;
    this.#lastRow = row;
    return row;
  }

  /** The same when it is there; −1 otherwise. */
  knownRowOf(gcId: number): number {
    if (gcId === this.#lastId) return this.#lastRow;
    return this.#rowOf.get(gcId) ?? -1;
  }

  #open(gcId: number, now: number): number {
    const row = this.#rows.push(this);
    this.count++;
    this.set(row, fields.gcId, gcId);
    this.set(row, fields.start, now);
    this.set(row, fields.rank, 0);
    this.set(row, fields.pause, 0);
    this.set(row, fields.longest, 0);
    // Collections that overlap have numbers near each other; older ones are over.
    const slot = this.count % remembered;
    this.#rowOf.delete(this.#lastIds[slot]!);
    this.#lastIds[slot] = gcId;
    this.#rowOf.set(gcId, row);
    return row;
  }

  get(row: number, field: number): number {
    return this.#rows.column(field)[row]!;
  }

  set(row: number, field: number, value: number): void {
    this.#rows.column(field)[row] = value;
  }

  /** Names a collection, unless what is known of it says more. */
  name(row: number, label: Label, rank: number): void {
    if (rank < this.get(row, fields.rank)) return;
    this.set(row, fields.rank, rank);
    this.set(row, fields.label, label.id);
    if (label.cause !== "" || !(this.get(row, fields.cause) >= 0)) this.set(row, fields.cause, label.id);
    if (label.isFailed) this.set(row, fields.failed, 1);
  }

  dropped(row: number): void {
    this.#addCause(row);
  }

  moved(from: number, to: number): void {
    for (const [gcId, row] of this.#rowOf) if (row === from) this.#rowOf.set(gcId, to);
    if (this.#lastRow === from) this.#lastRow = to;
  }

  /** In the order of time. */
  collections(): readonly LoggedCollection[] {
    const collections: LoggedCollection[] = [];
    for (let row = 0; row < this.#rows.length; row++) collections.push(this.#collection(row));
    return collections.sort((a, b) => a.start - b.start);
  }

  /** By name and cause, also of the collections that are not kept one by one; once, since it adds up. */
  causes(): readonly LoggedCause[] {
    for (let row = 0; row < this.#rows.length; row++) this.#addCause(row);
    const causes = new Map<string, LoggedCause>();
    for (const { name, cause, ...sum } of this.#causes.values()) {
      const key = `${name}\t${cause}`;
      const known = causes.get(key);
      causes.set(key, {
        name,
        cause,
        collections: (known?.collections ?? 0) + sum.collections,
        pauseSeconds: (known?.pauseSeconds ?? 0) + sum.pauseSeconds,
        longestSeconds: Math.max(known?.longestSeconds ?? 0, sum.longestSeconds),
        full: (known?.full ?? 0) + sum.full,
      });
    }
    return [...causes.values()].sort((a, b) => b.pauseSeconds - a.pauseSeconds || b.collections - a.collections);
  }

  #addCause(row: number): void {
    const label = this.get(row, fields.label);
    const cause = this.get(row, fields.cause);
    const key = (label >= 0 ? label : -1) * 8192 + (cause >= 0 ? cause : 8191);
    let sum = this.#causes.get(key);
    if (sum === undefined) {
      const { name, cause } = this.#collection(row);
      sum = { name, cause, collections: 0, pauseSeconds: 0, longestSeconds: 0, full: 0 };
      this.#causes.set(key, sum);
    }
    sum.collections++;
    sum.pauseSeconds += this.get(row, fields.pause);
    sum.longestSeconds = Math.max(sum.longestSeconds, this.get(row, fields.longest));
    if (this.get(row, fields.full) === 1) sum.full++;
  }

  #collection(row: number): LoggedCollection {
    const of = (field: number) => this.get(row, field);
    const label = of(fields.label) >= 0 ? this.#labels.at(of(fields.label)) : undefined;
    const start = of(fields.start);
    return {
      gcId: of(fields.gcId),
      name: label?.name ?? "unknown",
      cause: (of(fields.cause) >= 0 ? this.#labels.at(of(fields.cause)).cause : "") || "none",
      start,
      seconds: Math.max(0, of(fields.end) - start) || 0,
      pauseSeconds: of(fields.pause),
      longestSeconds: of(fields.longest),
      isFull: of(fields.full) === 1,
      isYoung: label?.isYoung === true,
      isFailed: of(fields.failed) === 1,
      usedBefore: of(fields.usedBefore),
      usedAfter: of(fields.usedAfter),
      capacityAfter: of(fields.capacity),
      youngAfter: of(fields.youngAfter),
      oldBefore: of(fields.oldBefore),
      oldAfter: of(fields.oldAfter),
      metaspaceAfter: of(fields.metaspace),
      humongousBefore: of(fields.humongousBefore),
      humongousAfter: of(fields.humongousAfter),
      allocatedBytes: of(fields.allocated),
      promotedBytes: of(fields.promoted),
      userSeconds: of(fields.user),
      systemSeconds: of(fields.system),
      realSeconds: of(fields.real),
    };
  }
}

interface CauseSum {
  readonly name: string;
  readonly cause: string;
  collections: number;
  pauseSeconds: number;
  longestSeconds: number;
  full: number;
}
