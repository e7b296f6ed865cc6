import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import type { GcLogEvidence, LoggedCollection } from "../src/model/gc-log-evidence.ts";
import type { Section } from "../src/model/section.ts";
import { headroomOf } from "./gc-headroom.ts";
import { historyOfLog } from "./gclog-history.ts";
import { seriesOf } from "./gclog-series.ts";
import { stopsOfLog } from "./gclog-stops.ts";
import { tablesOf } from "./gclog-tables.ts";
import { gcLogThresholds } from "./thresholds-gclog.ts";
import { utilizationOf } from "./utilization.ts";

/** What a log tells of its collections: figures, causes, phases, and the course of time. */
export const gclogSection: Analyzer<"gcLog"> = {
  name: "gclog-section",
  description: "collections by cause, lengths of pauses, throughput, utilization, rates, and all of it over time",
  needs: ["gcLog"],
  analyze: ({ gcLog }, options) => ({ findings: [], sections: [sectionOf(gcLog, options)] }),
};

function sectionOf(log: GcLogEvidence, options: AnalysisOptions): Section {
  const facts = gcFactsOf(log);
  return {
    name: "gc",
    title: "Collections",
    data: { ...facts, ...(options.include?.includes("gc") === true ? { events: eventsOf(log) } : {}) },
    tables: tablesOf(log, facts, options.top),
    blocks: [],
    shownByDefault: true,
  };
}

/** Figures of a whole log. */
export function gcFactsOf(log: GcLogEvidence) {
  const { durationSeconds, pauseFigures: pauses, stallFigures } = log;
  const headroom = headroomOf(historyOfLog(log));
  const perSecond = (amount: number) => (durationSeconds > 0 ? amount / durationSeconds : null);
  return {
    collector: log.collector ?? null,
    runtimeSeconds: durationSeconds,
    collections: log.collectionCount,
    fullCollections: log.causes.reduce((sum, { full }) => sum + full, 0),
    pauses: pauses.count,
    fullPauses: log.fullPauses,
    pauseSeconds: withoutCount(pauses),
    throughput: durationSeconds > 0 ? Math.max(0, 1 - pauses.total / durationSeconds) : null,
    /** Of all threads, for anything but collections. */
    otherStopSeconds: otherStopSecondsOf(log),
    maxHeapBytes: historyOfLog(log).maxHeapBytes ?? null,
    liveBytes: headroom?.liveBytes ?? null,
    allocatedBytesPerSecond: perSecond(log.allocatedBytes),
    promotedBytesPerSecond: perSecond(log.promotedBytes),
    stalls: stallFigures.count,
    stallSeconds: stallFigures.total,
    pacingSeconds: log.pacingSeconds,
    failures: Object.fromEntries(log.failures),
    causes: log.causes.slice(0, gcLogThresholds.rows).map(({ name, ...rest }) => ({ collector: name, ...rest })),
    phases: log.phases.slice(0, gcLogThresholds.rows),
    utilization: utilizationOf(log.pauses, durationSeconds),
    safepoints: {
      count: log.operations.reduce((sum, { count }) => sum + count, 0),
      reachSeconds: withoutCount(log.reachFigures),
      operations: log.operations.slice(0, gcLogThresholds.rows),
    },
    series: seriesOf(log),
    log: {
      lines: log.file.lines,
      gcLines: log.file.gcLines,
      detailLines: log.file.detailLines,
      unparsedLines: log.file.unparsedLines,
      unparsedShapes: log.file.unparsedShapes,
      openCollections: log.openCollections,
      omittedCollections: log.omittedCollections,
      runs: log.runs.map(({ facts, ...run }) => ({ ...run, facts: Object.fromEntries(facts) })),
    },
  };
}

function otherStopSecondsOf(log: GcLogEvidence): number {
  const operations = stopsOfLog(log).operations.filter(({ isCollection }) => !isCollection);
  return operations.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** What `tablesOf` shows. */
export type GcFacts = ReturnType<typeof gcFactsOf>;

function withoutCount({ count: _count, ...rest }: GcLogEvidence["pauseFigures"]) {
  return rest;
}

/** Collections one by one; null for what the log does not tell. */
function eventsOf({ collections }: GcLogEvidence) {
  return collections.slice(-gcLogThresholds.events).map((collection) => {
    const entries = Object.entries(collection) as [keyof LoggedCollection, LoggedCollection[keyof LoggedCollection]][];
    return Object.fromEntries(
      entries.map(([key, value]) => [key, typeof value === "number" && !Number.isFinite(value) ? null : value]),
    );
  });
}
