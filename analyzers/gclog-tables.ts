import { formatBytes, formatDuration, formatPercent } from "../src/model/format-number.ts";
import type { GcLogEvidence } from "../src/model/gc-log-evidence.ts";
import type { Table } from "../src/model/section.ts";
import type { GcFacts } from "./gclog-section.ts";
import { formatPoint } from "./spans.ts";

/** A log as people read it: figures first, then causes, the longest pauses, stops and utilization. */
export function tablesOf(log: GcLogEvidence, facts: GcFacts, top: number): readonly Table[] {
  return [
    figureTable(log, facts),
    causeTable(facts, top),
    longestTable(log, top),
    operationTable(facts, top),
    utilizationTable(facts),
    shapeTable(log, top),
  ].filter(({ rows }) => rows.length > 0);
}

function figureTable(log: GcLogEvidence, facts: GcFacts): Table {
  const { pauseSeconds, throughput, liveBytes, maxHeapBytes } = facts;
  const perSecond = (bytes: number | null) => (bytes === null || bytes === 0 ? undefined : `${formatBytes(bytes)}/s`);
  const rows: [string, string | undefined][] = [
    ["time", log.durationSeconds > 0 ? formatDuration(log.durationSeconds) : undefined],
    ["throughput (time without pauses)", throughput === null ? undefined : formatPercent(throughput)],
    ["stopped for other reasons", facts.otherStopSeconds > 0 ? formatDuration(facts.otherStopSeconds) : undefined],
    ["pauses", facts.pauses === 0 ? "none" : `${facts.pauses}, ${formatDuration(pauseSeconds.total)} altogether`],
    ["p50, p90, p99, p99.9, p99.99, longest", facts.pauses === 0 ? undefined : quantiles(facts)],
    ["full collections", facts.fullPauses === 0 ? undefined : String(facts.fullPauses)],
    ["allocated", perSecond(facts.allocatedBytesPerSecond)],
    ["moved to the old generation", perSecond(facts.promotedBytesPerSecond)],
    ["left after collections", liveBytes === null ? undefined : formatBytes(liveBytes)],
    ["maximum heap", maxHeapBytes === null ? undefined : formatBytes(maxHeapBytes)],
    ["threads waited for memory", facts.stalls === 0 ? undefined : `${facts.stalls} times`],
    ["threads were held back", facts.pacingSeconds === 0 ? undefined : formatDuration(facts.pacingSeconds)],
  ];
  return {
    title: "Figures",
    columns: [
      { title: "what", kind: "text" },
      { title: "value", kind: "text" },
    ],
    rows: rows.filter((row): row is [string, string] => row[1] !== undefined),
    omittedRows: 0,
  };
}

function quantiles({ pauseSeconds: { p50, p90, p99, p999, p9999, max } }: GcFacts): string {
  return [p50, p90, p99, p999, p9999, max].map(formatDuration).join(", ");
}

function causeTable({ causes }: GcFacts, top: number): Table {
  return {
    title: "Collections by cause",
    columns: [
      { title: "collection", kind: "text" },
      { title: "cause", kind: "text" },
      { title: "collections", kind: "count" },
      { title: "paused", kind: "seconds" },
      { title: "longest", kind: "seconds" },
    ],
    rows: causes.slice(0, top).map((row) => {
      return [row.collector, row.cause, row.collections, row.pauseSeconds, row.longestSeconds];
    }),
    omittedRows: Math.max(0, causes.length - top),
  };
}

function longestTable({ longestPauses }: GcLogEvidence, top: number): Table {
  const shown = longestPauses.slice(0, Math.min(top, 5));
  return {
    title: "Longest pauses",
    columns: [
      { title: "at", kind: "text" },
      { title: "pause", kind: "text" },
      { title: "GC", kind: "count" },
      { title: "length", kind: "seconds" },
      { title: "of it", kind: "text" },
    ],
    rows: shown.map(({ pause, phases }) => [
      Number.isFinite(pause.start) ? formatPoint(pause.start) : "",
      pause.name,
      pause.gcId,
      pause.seconds,
      phases
        .slice(0, 2)
        .map(({ name, seconds }) => `${name} ${formatDuration(seconds)}`)
        .join(", "),
    ]),
    omittedRows: 0,
  };
}

function operationTable({ safepoints }: GcFacts, top: number): Table {
  return {
    title: "Stops of all threads",
    columns: [
      { title: "operation", kind: "text" },
      { title: "stops", kind: "count" },
      { title: "stopped", kind: "seconds" },
      { title: "longest", kind: "seconds" },
    ],
    rows: safepoints.operations.slice(0, top).map((row) => [row.name, row.count, row.totalSeconds, row.maxSeconds]),
    omittedRows: Math.max(0, safepoints.operations.length - top),
  };
}

function utilizationTable({ utilization, pauses }: GcFacts): Table {
  return {
    title: "Least share of a window that the program ran",
    columns: [
      { title: "window", kind: "text" },
      { title: "ran", kind: "ratio" },
    ],
    rows:
      pauses === 0
        ? []
        : utilization
            .filter(({ windowSeconds }) => [0.1, 1, 10, 60].includes(windowSeconds))
            .map(({ windowSeconds, ratio }) => [formatDuration(windowSeconds), ratio]),
    omittedRows: 0,
  };
}

function shapeTable({ file }: GcLogEvidence, top: number): Table {
  return {
    title: "Lines not understood",
    columns: [
      { title: "line", kind: "text" },
      { title: "lines", kind: "count" },
    ],
    rows: file.unparsedShapes.slice(0, top).map(({ shape, lines }) => [shape, lines]),
    omittedRows: Math.max(0, file.unparsedShapes.length - top),
  };
}
