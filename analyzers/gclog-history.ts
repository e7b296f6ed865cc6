import type { FindingEvidence } from "../src/model/finding.ts";
import { formatBytes, formatDuration, formatNumberOf } from "../src/model/format-number.ts";
import type { GcLogEvidence } from "../src/model/gc-log-evidence.ts";
import type { Pause } from "./gc-collections.ts";
import type { GcFailure, GcHistory, GcSources, GcStalls, ProcessorTime } from "./gc-history.ts";
import { logFactsOf } from "./gclog-facts.ts";
import { fact } from "./judgement.ts";
import { groupedBy } from "./recorded-stacks.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const sources: GcSources = {
  pauses: "pauses of the log",
  collections: "collections of the log",
  heap: "heap before and after collections",
  maxHeap: "the log's head",
  configuration: "the log's head",
  region: "the log's head",
  stalls: "allocation stalls of the log",
  promoted: "old generation before and after young collections",
  processor: "gc+cpu",
};

/** The collector's history as a log tells it. */
export function historyOfLog(log: GcLogEvidence): GcHistory {
  const facts = logFactsOf(log);
  const lastRun = log.runs.at(-1);
  return {
    sources,
    what: "log",
    durationSeconds: log.durationSeconds,
    bornSeconds: lastRun === undefined ? 0 : lastRun.startSeconds - (lastRun.uptimeSeconds || 0),
    collector: log.collector,
    style: /^(?:ZGC|Shenandoah)$/.test(log.collector ?? "") ? "concurrent" : "stopping",
    maxHeapBytes: facts.maxHeapBytes,
    pauseTargetSeconds: facts.pauseTargetSeconds,
    regionBytes: facts.regionBytes,
    gcThreads: facts.gcThreads,
    pauses: log.pauses,
    figures: log.pauseFigures,
    collections: log.collections,
    causes: log.causes
      .map(({ name, cause, collections, pauseSeconds }) => ({
        key: cause === "none" ? name : `${name}, ${cause}`,
        count: collections,
        weight: pauseSeconds,
      }))
      .sort((a, b) => b.weight - a.weight),
    systemGcCallers: [],
    failures: failuresOf(log),
    stalls: stallsOf(log),
    largestBytes: log.humongous?.largestBytes ?? 0,
    bigObjectFacts: bigObjectFactsOf(log),
    promotedBytes: log.promotedBytes,
    allocatedBytes: log.allocatedBytes,
    get processor() {
      return processorTimeOf(log);
    },
    pauseFacts: (pause) => pauseFactsOf(log, pause),
  };
}

/** What is no failure of room: a request for a full collection, a cycle that was cut short. */
const roomless = /evacuation|to-space|promotion|concurrent mode/i;

function failuresOf({ failures }: GcLogEvidence): GcFailure[] {
  return [...failures]
    .filter(([name]) => roomless.test(name))
    .map(([name, count]) => ({ name, count, bytes: 0, source: "failures in the log" }));
}

function stallsOf({ stalls, stallFigures }: GcLogEvidence): GcStalls | undefined {
  if (stalls.length === 0) return undefined;
  return {
    count: stallFigures.count,
    totalSeconds: stallFigures.total,
    waits: stalls.map(({ start, seconds }) => ({ start, end: start + seconds })),
    byThread: groupedBy(
      stalls,
      ({ thread }) => thread,
      ({ seconds }) => seconds,
    ),
    bySite: [],
  };
}

function bigObjectFactsOf({ humongous }: GcLogEvidence): FindingEvidence[] {
  return (humongous?.sizes ?? []).slice(0, 3).map(({ bytes, count }) => {
    return fact(`objects of ${formatBytes(bytes)}`, `seen ${formatNumberOf(count, "time")}`, "text", "gc+humongous");
  });
}

function processorTimeOf({ collections }: GcLogEvidence): ProcessorTime {
  const long = collections.filter(({ realSeconds, longestSeconds }) => {
    return realSeconds > 0 && longestSeconds >= jvmThresholds.gc.starved.collectionSeconds;
  });
  const sum = (of: (one: (typeof long)[number]) => number) => long.reduce((total, one) => total + (of(one) || 0), 0);
  return {
    collections: long.length,
    user: sum(({ userSeconds }) => userSeconds),
    system: sum(({ systemSeconds }) => systemSeconds),
    // Real time is told in hundredths; the pauses themselves in microseconds.
    real: sum(({ longestSeconds }) => longestSeconds),
  };
}

function pauseFactsOf(log: GcLogEvidence, pause: Pause): FindingEvidence[] {
  const detail = log.longestPauses.find(({ pause: one }) => one.gcId === pause.gcId && one.start === pause.start);
  const phases = (detail?.phases ?? []).filter(({ seconds }) => seconds >= pause.seconds * 0.1).slice(0, 4);
  const collection = log.collections.find(({ gcId, start, seconds, realSeconds }) => {
    return (
      gcId === pause.gcId && realSeconds >= 0 && pause.start >= start - 1e-3 && pause.start <= start + seconds + 1e-3
    );
  });
  const spans = [collection?.userSeconds, collection?.systemSeconds, collection?.realSeconds].map((seconds) => {
    return formatDuration(seconds ?? Number.NaN);
  });
  return [
    ...phases.map(({ name, seconds }) => fact(name, seconds, "seconds", "gc+phases")),
    ...(collection === undefined
      ? []
      : [fact("CPU time in user, kernel; by the clock", spans.join(", "), "text", "gc+cpu")]),
  ];
}
