import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatBytes, formatNumberOf } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";
import { type Collection, collectionsOf, collectorNameOf, type Pause, pausesOf, styleOf } from "./gc-collections.ts";
import { fact, findingOf, judge, type Limits } from "./judgement.ts";
import { formatPoint, formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.gc.longPause;

/** The longest stop of the collector, its cause and what it was spent on. */
export const gcLongPause: Analyzer<"recording"> = {
  name: "gc-long-pause",
  description: "longest pauses of the collector, with cause and phases, by what the collector promises",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: findingsOf(recording), sections: [] }),
};

function findingsOf(recording: RecordingEvidence): Finding[] {
  const pauses = pausesOf(recording);
  const [longest] = [...pauses].sort((a, b) => b.seconds - a.seconds);
  if (longest === undefined) return [];
  const bounds = limitsFor(recording);
  const judged = judge(longest.seconds, bounds);
  if (judged === undefined) return [];
  const collection = collectionsOf(recording).find(({ gcId }) => gcId === longest.gcId);
  const least = Math.min(...Object.values(bounds));
  const long = pauses.filter(({ seconds }) => seconds >= least);
  const what = collection === undefined ? longest.name : `${collection.name}, ${collection.cause}`;
  return [
    findingOf({
      rule: "gc/long-pause",
      ...judged,
      title: `A collection stopped the program for ${formatSpan(longest.seconds)} at ${formatPoint(longest.start)} (${what})`,
      impact: { value: longest.seconds, unit: "seconds" },
      evidence: [
        fact(`pauses of ${formatSpan(least)} or more`, long.length, "count", "jdk.GCPhasePause"),
        ...targetFacts(recording, pauses),
        ...heapFacts(collection),
        ...phaseFacts(recording, longest),
        ...processorFacts(recording, longest),
      ],
      advice: adviceFor(recording, collection),
    }),
  ];
}

/** By what the collector promises; a goal that was set is a promise too. */
function limitsFor(recording: RecordingEvidence): Limits & { readonly info: number } {
  const bounds = limits[styleOf(recording)];
  const target = pauseTargetOf(recording);
  if (target === undefined || styleOf(recording) === "concurrent") return bounds;
  return { ...bounds, info: Math.min(bounds.info, Math.max(target * limits.timesTarget, 0.1)) };
}

function pauseTargetOf(recording: RecordingEvidence): number | undefined {
  const target = eventsOf(recording, "jdk.GCConfiguration").number("pauseTarget", 0);
  return target > 0 && target < 60 ? target : undefined;
}

function targetFacts(recording: RecordingEvidence, pauses: readonly Pause[]): FindingEvidence[] {
  const target = pauseTargetOf(recording);
  if (target === undefined) return [];
  const missed = pauses.filter(({ seconds }) => seconds > target).length;
  const goal = `${formatSpan(target)}, missed by ${missed} of ${formatNumberOf(pauses.length, "pause")}`;
  return [fact("goal (-XX:MaxGCPauseMillis)", goal, "text", "jdk.GCConfiguration")];
}

function heapFacts(collection: Collection | undefined): FindingEvidence[] {
  if (collection === undefined || !Number.isFinite(collection.usedAfter + collection.usedBefore)) return [];
  const { usedBefore, usedAfter } = collection;
  return [fact("heap", `${formatBytes(usedBefore)} → ${formatBytes(usedAfter)}`, "text", "jdk.GCHeapSummary")];
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
  const spans = ["userTime", "systemTime", "realTime"].map((field) => formatSpan(events.number(field, row)));
  return [fact("CPU time in user, kernel; by the clock", spans.join(", "), "text", "jdk.GCCPUTime")];
}

function adviceFor(recording: RecordingEvidence, collection: Collection | undefined): string {
  if (collection?.isFull) return "See gc/full for why the whole heap had to be collected, and end that cause.";
  if (styleOf(recording) === "concurrent") {
    return "Pauses of this collector do not depend on the heap: look for CPU throttling, a machine that swaps or is overloaded, and slow safepoints.";
  }
  const target = pauseTargetOf(recording);
  if (collectorNameOf(recording) === "G1") {
    return `Look at the longest phase above: copying objects means too much survives (a smaller -XX:MaxGCPauseMillis than ${formatSpan(target ?? 0.2)} makes young regions fewer), roots and code mean many threads or classes. -XX:+UseZGC has no such pauses.`;
  }
  return "This collector stops the program for all its work: use -XX:+UseG1GC, or -XX:+UseZGC where no pause may be seen.";
}
