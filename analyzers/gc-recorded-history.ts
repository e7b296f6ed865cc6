import type { FindingEvidence } from "../src/model/finding.ts";
import { formatBytes, formatDuration, formatNumberOf } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { type EventRows, eventsOf, rowsOf, valuesOf } from "./event-rows.ts";
import {
  type Collection,
  collectionsOf,
  collectorNameOf,
  maxHeapOf,
  type Pause,
  pauseFigures,
  pausesOf,
  styleOf,
} from "./gc-collections.ts";
import type { GcFailure, GcHistory, GcSources, GcStalls, ProcessorTime } from "./gc-history.ts";
import { fact } from "./judgement.ts";
import { flagNumber, flagsOf } from "./recorded-flags.ts";
import { callPath, groupedBy } from "./recorded-stacks.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const sources: GcSources = {
  pauses: "jdk.GCPhasePause",
  collections: "jdk.GarbageCollection",
  heap: "jdk.GCHeapSummary",
  maxHeap: "jdk.GCHeapConfiguration",
  configuration: "jdk.GCConfiguration",
  region: "jdk.UnsignedLongFlag G1HeapRegionSize",
  stalls: "jdk.ZAllocationStall",
  promoted: "jdk.G1EvacuationOldStatistics",
  processor: "jdk.GCCPUTime",
};

/** The collector's history as a recording tells it; each part is made when it is asked for. */
export function historyOfRecording(recording: RecordingEvidence): GcHistory {
  return {
    ...headOf(recording),
    get regionBytes() {
      return flagNumber(flagsOf(recording), "G1HeapRegionSize");
    },
    get pauses() {
      return pausesOf(recording);
    },
    get figures() {
      return pauseFigures(pausesOf(recording));
    },
    get collections() {
      return collectionsOf(recording);
    },
    get causes() {
      return causesOf(collectionsOf(recording));
    },
    get systemGcCallers() {
      return systemGcCallersOf(recording);
    },
    get failures() {
      return failuresOf(recording);
    },
    get stalls() {
      return stallsOf(recording);
    },
    get largestBytes() {
      return Math.max(0, ...big.flatMap(([type, field]) => valuesOf(eventsOf(recording, type), field)));
    },
    get bigObjectFacts() {
      return bigObjectFactsOf(recording, flagNumber(flagsOf(recording), "G1HeapRegionSize"));
    },
    get promotedBytes() {
      const moved = valuesOf(eventsOf(recording, "jdk.G1EvacuationOldStatistics"), "statistics.used");
      return moved.reduce((sum, bytes) => sum + bytes, 0);
    },
    get allocatedBytes() {
      return allocatedIn(collectionsOf(recording));
    },
    get processor() {
      return processorTimeOf(recording);
    },
    pauseFacts: (pause) => [...phaseFacts(recording, pause), ...processorFacts(recording, pause)],
  };
}

function headOf(recording: RecordingEvidence) {
  const { jvm, startMillis, durationSeconds } = recording;
  const configuration = eventsOf(recording, "jdk.GCConfiguration");
  const gcThreads = configuration.number("parallelGCThreads", 0);
  return {
    sources,
    what: "recording",
    durationSeconds,
    bornSeconds: jvm.startMillis === undefined ? 0 : (jvm.startMillis - startMillis) / 1000,
    collector: collectorNameOf(recording),
    style: styleOf(recording),
    maxHeapBytes: maxHeapOf(recording),
    pauseTargetSeconds: pauseTargetIn(configuration),
    gcThreads: gcThreads > 0 ? gcThreads : undefined,
  };
}

function pauseTargetIn(configuration: EventRows): number | undefined {
  const target = configuration.number("pauseTarget", 0);
  return target > 0 && target < 60 ? target : undefined;
}

function causesOf(collections: readonly Collection[]) {
  return groupedBy(
    collections,
    ({ name, cause }) => `${name}, ${cause}`,
    ({ pauseSeconds }) => pauseSeconds,
  );
}

/** Who calls System.gc(). */
function systemGcCallersOf(recording: RecordingEvidence): FindingEvidence[] {
  const events = eventsOf(recording, "jdk.SystemGC");
  const callers = groupedBy(
    rowsOf(events),
    (row) => callPath(recording, events.stack(row)) ?? `thread ${events.text("eventThread", row)}`,
  );
  return callers.slice(0, 3).map(({ key, count }) => fact("called by", `${key} (${count})`, "text", "jdk.SystemGC"));
}

const failureEvents: readonly (readonly [string, string])[] = [
  ["jdk.EvacuationFailed", "evacuationFailed"],
  ["jdk.PromotionFailed", "promotionFailed"],
  ["jdk.ConcurrentModeFailure", ""],
];

function failuresOf(recording: RecordingEvidence): GcFailure[] {
  return failureEvents.flatMap(([type, struct]) => {
    const bytes = valuesOf(eventsOf(recording, type), `${struct}.totalSize`).reduce((sum, size) => sum + size, 0);
    const count = recording.eventCounts.get(type) ?? 0;
    return count > 0 ? [{ name: type.slice(4), count, bytes, source: type }] : [];
  });
}

/** ZGC: each event is one thread that waited. */
function stallsOf(recording: RecordingEvidence): GcStalls | undefined {
  const stalls = eventsOf(recording, "jdk.ZAllocationStall");
  if (stalls.rows === 0) return undefined;
  const rows = rowsOf(stalls);
  const waits = rows.map((row) => ({ start: stalls.start(row), end: stalls.start(row) + stalls.duration(row) }));
  const grouped = (keyOf: (row: number) => string | undefined) => groupedBy(rows, keyOf, (row) => stalls.duration(row));
  return {
    count: stalls.rows + stalls.omittedRows,
    totalSeconds: waits.reduce((sum, { start, end }) => sum + end - start, 0) + stalls.omittedSeconds,
    waits,
    byThread: grouped((row) => stalls.text("eventThread", row)),
    bySite: grouped((row) => callPath(recording, stalls.stack(row))),
  };
}

/** The last is of arrays of bytes that stayed alive, for what few of them it has. */
const big: readonly (readonly [string, string])[] = [
  ["jdk.AllocationRequiringGC", "size"],
  ["jdk.ObjectAllocationOutsideTLAB", "allocationSize"],
  ["jdk.OldObjectSample", "arrayElements"],
];

/** Allocations of big objects that the recording has seen: those that began a collection, and those outside of thread-local buffers. */
function bigObjectFactsOf(recording: RecordingEvidence, region: number | undefined): FindingEvidence[] {
  if (region === undefined) return [];
  return big.flatMap(([type, field]) => {
    const events = eventsOf(recording, type);
    const rows = rowsOf(events).filter((row) => events.number(field, row) >= region / 2);
    const sites = groupedBy(
      rows,
      (row) =>
        [events.text("objectClass", row) ?? events.text("object", row), callPath(recording, events.stack(row))]
          .filter(Boolean)
          .join(" in ") || undefined,
      (row) => events.number(field, row),
    );
    return sites.slice(0, 3).map(({ key, count, weight }) => {
      return fact("allocated", `${formatBytes(weight)} in ${formatNumberOf(count, "object")}: ${key}`, "text", type);
    });
  });
}

function allocatedIn(all: readonly Collection[]): number {
  const collections = all.filter(({ usedAfter }) => Number.isFinite(usedAfter));
  return collections.reduce((sum, { usedBefore }, index) => {
    const earlier = collections[index - 1];
    return earlier === undefined ? sum : sum + Math.max(0, usedBefore - earlier.usedAfter);
  }, 0);
}

/** Of the collections that are long enough to be measured, together: ticks of single ones are too coarse. */
function processorTimeOf(recording: RecordingEvidence): ProcessorTime {
  const events = eventsOf(recording, "jdk.GCCPUTime");
  const least = jvmThresholds.gc.starved.collectionSeconds;
  const long = rowsOf(events).filter((row) => events.number("realTime", row) >= least);
  const sum = (field: string) => long.reduce((total, row) => total + events.amount(field, row), 0);
  return { collections: long.length, user: sum("userTime"), system: sum("systemTime"), real: sum("realTime") };
}

/** The longest parts of the pause, of the finest level that the recording has at first. */
function phaseFacts(recording: RecordingEvidence, pause: Pause): FindingEvidence[] {
  return ["jdk.GCPhasePauseLevel1", "jdk.GCPhasePauseLevel2"].flatMap((type) => {
    const events = eventsOf(recording, type);
    return rowsOf(events)
      .filter((row) => events.number("gcId", row) === pause.gcId && isWithin(events.start(row), pause))
      .map((row) => ({ name: events.text("name", row) ?? "phase", seconds: events.duration(row) }))
      .filter(({ seconds }) => seconds >= pause.seconds * 0.1)
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, 3)
      .map(({ name, seconds }) => fact(name, seconds, "seconds", type));
  });
}

function isWithin(seconds: number, { start, end }: Pause): boolean {
  return seconds >= start - 1e-6 && seconds <= end + 1e-6;
}

/** How much CPU the collector had during it. */
function processorFacts(recording: RecordingEvidence, pause: Pause): FindingEvidence[] {
  const events = eventsOf(recording, "jdk.GCCPUTime");
  const row = rowsOf(events).find((candidate) => events.number("gcId", candidate) === pause.gcId);
  if (row === undefined) return [];
  const spans = ["userTime", "systemTime", "realTime"].map((field) => formatDuration(events.number(field, row)));
  return [fact("CPU time in user, kernel; by the clock", spans.join(", "), "text", "jdk.GCCPUTime")];
}
