import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import { formatBytes, formatCount, formatNumberOf } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import type { Section, Table } from "../src/model/section.ts";
import { blindSpotsOf } from "./blind-spots.ts";
import { collectorNameOf, maxHeapOf } from "./gc-collections.ts";
import { argumentsIn, mainOf, versionOf } from "./recorded-jvm.ts";
import { settingOf } from "./recorded-settings.ts";
import { redactArgument } from "./redaction.ts";
import { formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

/** What the recording is, and of which JVM. */
export const recordingFacts: Analyzer<"recording"> = {
  name: "recording-facts",
  description: "the recording's events, settings and losses, and the JVM that wrote it",
  needs: ["recording"],
  analyze: ({ recording }, options) => ({
    findings: [],
    sections: [recordingSection(recording), jvmSection(recording, options)],
  }),
};

/** Settings without which numbers of the recording cannot be read rightly. */
const toldSettings: readonly (readonly [string, string])[] = [
  ["jdk.ExecutionSample", "period"],
  ["jdk.CPUTimeSample", "throttle"],
  ["jdk.ObjectAllocationSample", "throttle"],
  ["jdk.JavaMonitorEnter", "threshold"],
  ["jdk.ThreadPark", "threshold"],
  ["jdk.FileRead", "threshold"],
  ["jdk.FileWrite", "threshold"],
  ["jdk.FileForce", "threshold"],
  ["jdk.SocketRead", "threshold"],
  ["jdk.SocketWrite", "threshold"],
  ["jdk.SocketRead", "throttle"],
  ["jdk.ExecuteVMOperation", "threshold"],
  ["jdk.SafepointBegin", "threshold"],
];

function recordingSection(recording: RecordingEvidence): Section {
  const counts = [...recording.eventCounts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const settings = toldSettings.flatMap(([event, name]) => {
    const value = settingOf(recording, event, name);
    return value === undefined ? [] : [{ event, name, value }];
  });
  const blindSpots = blindSpotsOf(recording);
  const { file, lostEvents, lostBytes, unresolvedConstants, durationSeconds } = recording;
  return {
    name: "recording",
    title: "Recording",
    data: {
      format: file.format,
      chunks: file.chunks,
      isOpen: file.isOpen,
      durationSeconds,
      startMillis: recording.startMillis,
      profiler: recording.jvm.profiler ?? null,
      threads: recording.threads.length,
      lostEvents,
      lostBytes,
      unresolvedConstants,
      losses: file.losses.slice(0, jvmThresholds.rows),
      settings,
      blindSpots: blindSpots.map(({ question, event, why, remedy }) => ({ question, event, why, remedy })),
      privateEvents: privateEventsOf(recording),
      truncatedTables: [...recording.tables.values()].flatMap(({ type, omittedRows }) => {
        return omittedRows > 0 ? [{ type, omittedRows }] : [];
      }),
    },
    tables: [factTable(recording), countTable(counts), settingTable(settings), blindSpotTable(blindSpots)],
    blocks: [],
    shownByDefault: false,
  };
}

const twoTexts: Table["columns"] = [
  { title: "what", kind: "text" },
  { title: "value", kind: "text" },
];

/** What whoever gets the file can read of the machine and its other processes, whatever is shown here. */
const privateTypes: readonly (readonly [string, string])[] = [
  ["jdk.InitialEnvironmentVariable", "environment variable"],
  ["jdk.InitialSystemProperty", "system property"],
  ["jdk.SystemProcess", "command line of a process"],
];

function privateEventsOf({ eventCounts }: RecordingEvidence) {
  return privateTypes.flatMap(([type, what]) => {
    const count = eventCounts.get(type) ?? 0;
    return count > 0 ? [{ type, what, count }] : [];
  });
}

function privateWords(recording: RecordingEvidence): string {
  const events = privateEventsOf(recording).map(({ what, count }) => `${what} × ${formatCount(count)}`);
  return events.length === 0 ? "nothing of the environment" : events.join(", ");
}

function factTable(recording: RecordingEvidence): Table {
  const { file, durationSeconds, threads, lostEvents, lostBytes, startMillis } = recording;
  const rows: [string, string][] = [
    ["format", `${file.format}, ${formatNumberOf(file.chunks, "chunk")}${file.isOpen ? ", still being written" : ""}`],
    ["from", new Date(startMillis).toISOString()],
    ["length", formatSpan(durationSeconds)],
    ["threads", formatCount(threads.length)],
    ["private", privateWords(recording)],
    ["lost", `${formatNumberOf(lostEvents, "event")}, ${formatBytes(lostBytes)}`],
  ];
  return { title: "Recording", columns: twoTexts, rows, omittedRows: 0 };
}

function countTable(counts: readonly (readonly [string, number])[]): Table {
  const shown = 25;
  return {
    title: "Events",
    columns: [
      { title: "event", kind: "text" },
      { title: "count", kind: "count" },
    ],
    rows: counts.slice(0, shown),
    omittedRows: Math.max(0, counts.length - shown),
  };
}

function settingTable(
  settings: readonly { readonly event: string; readonly name: string; readonly value: string }[],
): Table {
  const rows = settings.map(({ event, name, value }) => [`${event}#${name}`, value]);
  return { title: "Settings that bound the numbers", columns: twoTexts, rows, omittedRows: 0 };
}

function blindSpotTable(spots: ReturnType<typeof blindSpotsOf>): Table {
  return {
    title: "What this recording cannot tell",
    columns: [
      { title: "question", kind: "text" },
      { title: "why", kind: "text" },
    ],
    rows: spots.map(({ question, why }) => [question, why]),
    omittedRows: 0,
  };
}

/** The same shape as the section that a heap dump gives. */
function jvmSection(recording: RecordingEvidence, options: AnalysisOptions): Section {
  const { jvm } = recording;
  const all = argumentsIn(jvm.jvmArguments);
  const vmVersion = versionOf(recording);
  const facts = {
    name: jvm.name
      ?.replace(/ (64-Bit |32-Bit )?(Server|Client|Minimal|Zero) VM.*$/, "")
      .replace(/^Java HotSpot\(TM\)$/, "HotSpot"),
    version: vmVersion?.replace(/[+-].*$/, ""),
    collector: collectorNameOf(recording),
    vmVersion,
    mainClass: mainOf(recording),
    maxHeapBytes: maxHeapOf(recording),
    arguments: options.showValues ? all : all.map(redactArgument),
    properties: [],
  };
  const rows: [string, string | undefined][] = [
    ["JVM", [facts.name, facts.version].filter(Boolean).join(" ") || undefined],
    ["build", facts.vmVersion],
    ["collector", facts.collector],
    ["main class", facts.mainClass],
    ["maximum heap", facts.maxHeapBytes === undefined ? undefined : formatBytes(facts.maxHeapBytes)],
    ["arguments", facts.arguments.length === 0 ? undefined : facts.arguments.join(" ")],
  ];
  const known = rows.filter((row): row is [string, string] => row[1] !== undefined);
  return {
    name: "jvm",
    title: "JVM",
    data: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)),
    tables: [{ title: "JVM", columns: twoTexts, rows: known, omittedRows: 0 }],
    blocks: [],
    shownByDefault: false,
  };
}
