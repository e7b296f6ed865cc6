import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";
import { quantile } from "./intervals.ts";

/** One time in which the collector stopped the program. */
export interface Pause {
  readonly gcId: number;
  /** `GC Pause`, `Pause Mark End` */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly seconds: number;
}

/** One collection, with what several events say of it. */
export interface Collection {
  readonly gcId: number;
  /** `G1New`, `ZGC Major` */
  readonly name: string;
  readonly cause: string;
  readonly start: number;
  readonly seconds: number;
  readonly pauseSeconds: number;
  /** The whole heap, with the program stopped all the time. */
  readonly isFull: boolean;
  /** Where whoever told of it knows more than its name says. */
  readonly isYoung?: boolean;
  /** NaN where its event is not in the recording. */
  readonly usedBefore: number;
  readonly usedAfter: number;
}

/** Whether a collection looked at young objects only. */
export function isYoung({ name, isYoung: isTold }: Pick<Collection, "name" | "isYoung">): boolean {
  return isTold ?? /^(G1New|DefNew|ParNew|ParallelScavenge|PSScavenge|Copy|ZGC Minor)$/.test(name);
}

/** A collector that does its long work while the program runs, one that stops it, or one that the recording does not name. */
export type CollectorStyle = "concurrent" | "stopping";

/** All stops of the collector, in the order of time. */
export function pausesOf(recording: RecordingEvidence): Pause[] {
  const events = eventsOf(recording, "jdk.GCPhasePause");
  if (events.rows === 0) return pausesOfCollections(recording);
  return rowsOf(events).map((row) => {
    const start = events.start(row);
    const seconds = events.duration(row);
    return {
      gcId: events.number("gcId", row),
      name: events.text("name", row) ?? "pause",
      start,
      end: start + seconds,
      seconds,
    };
  });
}

/** Of recordings without the phases: the longest pause of each collection, which is all that they tell of when one was. */
function pausesOfCollections(recording: RecordingEvidence): Pause[] {
  const events = eventsOf(recording, "jdk.GarbageCollection");
  return rowsOf(events).flatMap((row) => {
    const start = events.start(row);
    const seconds = events.number("sumOfPauses", row);
    if (!(seconds > 0 && Number.isFinite(seconds))) return [];
    return [{ gcId: events.number("gcId", row), name: "pauses", start, end: start + seconds, seconds }];
  });
}

/** All collections, in the order of time. */
export function collectionsOf(recording: RecordingEvidence): Collection[] {
  const events = eventsOf(recording, "jdk.GarbageCollection");
  const used = heapUsedOf(recording);
  const fullPauses = new Set(pausesOf(recording).flatMap(({ gcId, name }) => (isFullPause(name) ? [gcId] : [])));
  return rowsOf(events).map((row) => {
    const gcId = events.number("gcId", row);
    const name = events.text("name", row) ?? "unknown";
    return {
      gcId,
      name,
      cause: events.text("cause", row) ?? "unknown",
      start: events.start(row),
      seconds: events.duration(row),
      pauseSeconds: finiteOr0(events.number("sumOfPauses", row)),
      isFull: fullCollectors.test(name) || fullPauses.has(gcId),
      usedBefore: used.before.get(gcId) ?? Number.NaN,
      usedAfter: used.after.get(gcId) ?? Number.NaN,
    };
  });
}

function finiteOr0(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

const fullCollectors = /^(G1Full|SerialOld|ParallelOld|PSMarkSweep|MarkSweepCompact)$/;

/** Shenandoah has one name for all that it does; its phases tell. */
function isFullPause(name: string): boolean {
  return /^Pause Full|^Full GC/i.test(name);
}

function heapUsedOf(recording: RecordingEvidence) {
  const events = eventsOf(recording, "jdk.GCHeapSummary");
  const before = new Map<number, number>();
  const after = new Map<number, number>();
  for (const row of rowsOf(events)) {
    const side = events.text("when", row) === "Before GC" ? before : after;
    side.set(events.number("gcId", row), events.number("heapUsed", row));
  }
  return { before, after };
}

/** `G1`, `ZGC`, `Parallel` …, by its configuration or by the names of its collections; undefined when neither is there. */
export function collectorNameOf(recording: RecordingEvidence): string | undefined {
  const configuration = eventsOf(recording, "jdk.GCConfiguration");
  const collections = eventsOf(recording, "jdk.GarbageCollection");
  const names = [
    configuration.text("oldCollector", 0),
    configuration.text("youngCollector", 0),
    ...rowsOf(collections).map((row) => collections.text("name", row)),
  ].filter((name) => name !== undefined);
  return collectorNames.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}

const collectorNames: readonly (readonly [RegExp, string])[] = [
  [/^(ZGC|Z$|Z )/, "ZGC"],
  [/^Shenandoah/, "Shenandoah"],
  [/^G1/, "G1"],
  [/^ConcurrentMarkSweep|^ParNew$/, "CMS"],
  [/^Parallel|^PS/, "Parallel"],
  [/^(Serial|DefNew|Copy)/, "Serial"],
  [/^Epsilon/, "Epsilon"],
];

/** How the collector of a recording works. */
export function styleOf(recording: RecordingEvidence): CollectorStyle {
  return /^(ZGC|Shenandoah)$/.test(collectorNameOf(recording) ?? "") ? "concurrent" : "stopping";
}

/** The most that the heap may be; undefined when the recording does not tell. */
export function maxHeapOf(recording: RecordingEvidence): number | undefined {
  const configured = eventsOf(recording, "jdk.GCHeapConfiguration").number("maxSize", 0);
  const summary = eventsOf(recording, "jdk.GCHeapSummary");
  const reserved = summary.number("heapSpace.reservedSize", summary.rows - 1);
  return [configured, reserved].find((bytes) => bytes > 0);
}

/** Figures of the lengths of all pauses. */
export function pauseFigures(pauses: readonly Pause[]) {
  const sorted = pauses.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const total = sorted.reduce((sum, seconds) => sum + seconds, 0);
  return {
    count: sorted.length,
    total,
    max: sorted.at(-1) ?? 0,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
  };
}
