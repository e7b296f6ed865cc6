import type { FindingEvidence } from "../model/finding.ts";
import { formatBytes, formatCount, formatDuration, formatNumberOf, formatPercent } from "../model/format-number.ts";
import type { Sizing } from "../model/heap-evidence.ts";
import type {
  GcLogSummary,
  HeapSummary,
  InputReport,
  ProfileSummary,
  Summary,
  ThreadDumpSummary,
} from "../model/report.ts";
import type { CellKind, Section } from "../model/section.ts";
import { nativeFacts } from "./native-facts.ts";

/** A table's cell as people read it. */
export function formatCell(value: number | string | null, kind: CellKind): string {
  if (value === null) return "–";
  if (typeof value === "string") return value;
  switch (kind) {
    case "bytes":
      return formatBytes(value);
    case "ratio":
      return formatPercent(value);
    case "seconds":
      return formatDuration(value);
    case "count":
      return formatCount(value, Number.isInteger(value) ? 0 : 1);
    case "text":
    case "className":
      return String(value);
    default:
      return kind satisfies never;
  }
}

/** A finding's number as people read it. */
export function formatEvidence({ value, unit }: FindingEvidence): string {
  return typeof value === "string" ? value : formatCell(value, unit);
}

/** What the file is, in a few facts: its size, JVM, what is in it, what was lost. */
export function factsOf(input: InputReport): readonly string[] {
  const { summary } = input;
  if (!summary) return input.error === undefined ? [] : ["not read"];
  return [
    ...(input.fileBytes === undefined ? [] : [formatBytes(input.fileBytes)]),
    ...jvmOf(input.sections),
    ...contentFacts(summary),
    ...lossFacts(summary),
  ];
}

function contentFacts(summary: Summary): readonly string[] {
  switch (summary.kind) {
    case "heap":
      return heapFacts(summary);
    case "profile":
      return profileFacts(summary);
    case "threads":
      return threadFacts(summary);
    case "jemalloc":
    case "nmt":
    case "process-memory":
      return nativeFacts(summary);
    case "gc":
      return gcLogFacts(summary);
    default:
      return summary satisfies never;
  }
}

function heapFacts(summary: HeapSummary): readonly string[] {
  return [
    ...(summary.dumps > 1 ? [`dump ${summary.dump} of ${summary.dumps}`] : []),
    `${formatCount(summary.objects)} objects`,
    summary.reachableBytes === undefined
      ? `${formatBytes(summary.shallowBytes)} in them`
      : `${formatBytes(summary.reachableBytes)} reachable`,
  ];
}

function profileFacts({ eventCounts, durationSeconds, format }: ProfileSummary): readonly string[] {
  const events = Object.values(eventCounts).reduce((total, count) => total + count, 0);
  return [
    format,
    formatNumberOf(events, "event"),
    ...(durationSeconds === null ? [] : [`over ${formatDuration(durationSeconds)}`]),
  ];
}

function threadFacts(summary: ThreadDumpSummary): readonly string[] {
  const { format, dumps, threads, virtualThreads } = summary;
  return [
    format,
    ...(dumps > 1 ? [`${formatCount(dumps)} dumps`] : []),
    formatNumberOf(threads, "thread"),
    ...(virtualThreads > 0 ? [`${formatCount(virtualThreads)} of them virtual`] : []),
  ];
}

function gcLogFacts(summary: GcLogSummary): readonly string[] {
  const { format, runtimeSeconds, pauses, pauseSeconds, jvms } = summary;
  return [
    format,
    ...(jvms > 1 ? [`${formatCount(jvms)} JVMs`] : []),
    `${formatNumberOf(pauses, "pause")}${runtimeSeconds > 0 ? ` in ${formatDuration(runtimeSeconds)}` : ""}`,
    ...(pauses > 0 ? [`longest ${formatDuration(pauseSeconds.max)}`] : []),
  ];
}

function lossFacts(summary: Summary): readonly string[] {
  if (summary.kind === "threads") {
    return summary.unknownLines > 0
      ? [formatNumberOf(summary.unknownLines, "line not understood", "lines not understood")]
      : [];
  }
  if (!("lostBytes" in summary)) return [];
  const events = summary.kind === "profile" ? summary.lostEvents : 0;
  return [
    ...(events > 0 ? [`${formatNumberOf(events, "event")} lost`] : []),
    ...(summary.lostBytes > 0 ? [`${formatBytes(summary.lostBytes)} of the file lost`] : []),
  ];
}

/** `OpenJDK 17.0.15, G1`, when the dump tells. */
function jvmOf(sections: readonly Section[]): readonly string[] {
  const jvm = recordOf(sections.find(({ name }) => name === "jvm")?.data);
  const version = [jvm.name, jvm.version].filter((part) => typeof part === "string").join(" ");
  const parts = [version, jvm.collector].filter((part) => typeof part === "string" && part !== "");
  return parts.length > 0 ? [parts.join(", ")] : [];
}

/** The line for an input in which no rule found anything serious; undefined when too little was looked at to say so. */
export function allWell(input: InputReport): string | undefined {
  const { summary } = input;
  if (summary?.kind === "heap") return summary.reachableBytes === undefined ? undefined : heapWell(input);
  return summary && "nothing here looks ill";
}

/** What is biggest in the heap, and that it is not to blame. */
function heapWell(input: InputReport): string {
  const { className, heldBy, retainedBytes, share, instances } = biggestHolder(input.sections);
  if (typeof className !== "string" || typeof retainedBytes !== "number") return "nothing here looks ill";
  const holder = typeof heldBy === "string" ? `, held by \`${heldBy}\`,` : "";
  const subject =
    typeof instances === "number"
      ? `the biggest group are ${formatCount(instances)} \`${className}\``
      : `the biggest holder is a \`${className}\``;
  const part = typeof share === "number" ? ` (${formatPercent(share)} of the heap)` : "";
  return `nothing here looks ill: ${subject}${holder} with ${formatBytes(retainedBytes)}${part}`;
}

function biggestHolder(sections: readonly Section[]): Readonly<Record<string, unknown>> {
  const dataOf = (section: string) => sections.find(({ name }) => name === section)?.data;
  const suspects = dataOf("suspects");
  const objects = recordOf(dataOf("dominators")).objects;
  return recordOf([suspects, objects].flatMap((list) => (Array.isArray(list) ? list : []))[0]);
}

/** What a reader must know to trust the numbers of an input. */
export function footnotes(summary: Summary): readonly string[] {
  return summary.kind === "heap" ? [sizingSentence(summary.sizing)] : [];
}

/** How the sizes were found, and how far they can be trusted. */
function sizingSentence(sizing: Sizing): string {
  const { headerBytes, referenceBytes, alignmentBytes, classesAgreeing, classesCompared } = sizing;
  const figures = `header ${headerBytes}, reference ${referenceBytes}, alignment ${alignmentBytes}`;
  switch (sizing.method) {
    case "gaps":
      return `sizes learned from the dump: ${figures} (${formatCount(classesAgreeing)} of ${formatCount(classesCompared)} classes agree)`;
    case "mat":
      return `sizes by Eclipse MAT's formula: ${figures}`;
    case "assumed":
      return `sizes assumed, there were too few objects to learn them from: ${figures}`;
    default:
      return sizing.method satisfies never;
  }
}

/** Sections that this report shows: those asked for, or else those shown by default. */
export function shownSections(input: InputReport, include: readonly string[]): readonly Section[] {
  if (include.length === 0) return input.sections.filter(({ shownByDefault }) => shownByDefault);
  return include.flatMap((name) => input.sections.filter((section) => section.name === name));
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
