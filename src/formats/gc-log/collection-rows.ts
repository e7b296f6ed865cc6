import type { LoggedCause, LoggedCollection } from "../../model/gc-log-evidence.ts";
import type { Label, Labels } from "./labels.ts";
import { Rows, type RowWatcher } from "./rows.ts";

const c = {
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
/** A number that can be known of a collection. */
export type CollectionField = keyof typeof c;
const columnCount = Object.keys(c).length;

/** How much a line says about what a collection is; a later line of the same or a higher rank renames it. */
export const ranks = { phase: 1, cycle: 2, stop: 3 } as const;

/** One row per collection, found again by its number for the lines that follow. */
export class CollectionRows implements RowWatcher {
  readonly #rows = new Rows(columnCount, c.pause);
  readonly #labels: Labels;
  readonly #rowOf = new Map<number, number>();
  readonly #droppedCauses = new Map<string, LoggedCause>();
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
    this.set(row, "gcId", gcId);
    this.set(row, "start", now);
    this.set(row, "rank", 0);
    this.set(row, "pause", 0);
    this.set(row, "longest", 0);
    this.#rowOf.set(gcId, row);
    // Collections that overlap have numbers near each other; older ones are over.
    if (this.#rowOf.size > 128) this.#rowOf.delete(this.#rowOf.keys().next().value!);
    return row;
  }

  get(row: number, field: CollectionField): number {
    return this.#rows.column(c[field])[row]!;
  }

  set(row: number, field: CollectionField, value: number): void {
    this.#rows.column(c[field])[row] = value;
  }

  /** Names a collection, unless what is known of it says more. */
  name(row: number, label: Label, rank: number): void {
    if (rank < this.get(row, "rank")) return;
    this.set(row, "rank", rank);
    this.set(row, "label", label.id);
    if (label.cause !== "" || !(this.get(row, "cause") >= 0)) this.set(row, "cause", label.id);
    if (label.isFailed) this.set(row, "failed", 1);
  }

  dropped(row: number): void {
    addCause(this.#droppedCauses, this.#collection(row));
  }

  moved(from: number, to: number): void {
    for (const [gcId, row] of this.#rowOf) if (row === from) this.#rowOf.set(gcId, to);
    if (this.#lastRow === from) this.#lastRow = to;
  }

  collections(): readonly LoggedCollection[] {
    return Array.from({ length: this.#rows.length }, (_, row) => this.#collection(row)).sort(
      (a, b) => a.start - b.start,
    );
  }

  /** By name and cause, also of the collections that are not kept one by one. */
  causes(collections: readonly LoggedCollection[]): readonly LoggedCause[] {
    const causes = new Map(this.#droppedCauses);
    for (const collection of collections) addCause(causes, collection);
    return [...causes.values()].sort((a, b) => b.pauseSeconds - a.pauseSeconds || b.collections - a.collections);
  }

  #collection(row: number): LoggedCollection {
    const of = (field: CollectionField) => this.get(row, field);
    const label = of("label") >= 0 ? this.#labels.at(of("label")) : undefined;
    const start = of("start");
    return {
      gcId: of("gcId"),
      name: label?.name ?? "unknown",
      cause: (of("cause") >= 0 ? this.#labels.at(of("cause")).cause : "") || "none",
      start,
      seconds: Math.max(0, of("end") - start) || 0,
      pauseSeconds: of("pause"),
      longestSeconds: of("longest"),
      isFull: of("full") === 1,
      isYoung: label?.isYoung === true,
      isFailed: of("failed") === 1,
      usedBefore: of("usedBefore"),
      usedAfter: of("usedAfter"),
      capacityAfter: of("capacity"),
      youngAfter: of("youngAfter"),
      oldBefore: of("oldBefore"),
      oldAfter: of("oldAfter"),
      metaspaceAfter: of("metaspace"),
      humongousBefore: of("humongousBefore"),
      humongousAfter: of("humongousAfter"),
      allocatedBytes: of("allocated"),
      promotedBytes: of("promoted"),
      userSeconds: of("user"),
      systemSeconds: of("system"),
      realSeconds: of("real"),
    };
  }
}

function addCause(causes: Map<string, LoggedCause>, collection: LoggedCollection): void {
  const { name, cause, pauseSeconds, longestSeconds, isFull } = collection;
  const key = `${name}\t${cause}`;
  const sum = causes.get(key);
  causes.set(key, {
    name,
    cause,
    collections: (sum?.collections ?? 0) + 1,
    pauseSeconds: (sum?.pauseSeconds ?? 0) + pauseSeconds,
    longestSeconds: Math.max(sum?.longestSeconds ?? 0, longestSeconds),
    full: (sum?.full ?? 0) + (isFull ? 1 : 0),
  });
}
