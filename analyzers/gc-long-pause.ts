import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatBytes, formatDuration, formatNumberOf } from "../src/model/format-number.ts";
import type { Collection, Pause } from "./gc-collections.ts";
import { type GcHistory, type GcRule, ofRecordings } from "./gc-history.ts";
import { fact, findingOf, judge, type Limits } from "./judgement.ts";
import { formatPoint } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.gc.longPause;

/** The longest stop of the collector, its cause and what it was spent on. */
export const gcLongPauseRule: GcRule = {
  name: "gc-long-pause",
  description: "longest pauses of the collector, with cause and phases, by what the collector promises",
  findings: findingsOf,
};
export const gcLongPause = ofRecordings(gcLongPauseRule);

function findingsOf(history: GcHistory): Finding[] {
  const { pauses, sources } = history;
  const [longest] = [...pauses].sort((a, b) => b.seconds - a.seconds);
  if (longest === undefined) return [];
  const bounds = limitsFor(history);
  const judged = judge(longest.seconds, bounds);
  if (judged === undefined) return [];
  const collection = history.collections.find((one) => isOf(longest, one));
  const least = Math.min(...Object.values(bounds));
  const long = pauses.filter(({ seconds }) => seconds >= least);
  const what = collection === undefined ? longest.name : `${collection.name}, ${collection.cause}`;
  return [
    findingOf({
      rule: "gc/long-pause",
      ...judged,
      title: `A collection stopped the program for ${formatDuration(longest.seconds)} at ${formatPoint(longest.start)} (${what})`,
      impact: { value: longest.seconds, unit: "seconds" },
      evidence: [
        fact(`pauses of ${formatDuration(least)} or more`, long.length, "count", sources.pauses),
        ...targetFacts(history),
        ...heapFacts(collection, sources.heap),
        ...history.pauseFacts(longest),
      ],
      advice: adviceFor(history, collection),
    }),
  ];
}

/** Numbers of collections begin again with each JVM of a log. */
function isOf({ gcId, start }: Pause, collection: Collection): boolean {
  const end = collection.start + Math.max(collection.seconds, collection.pauseSeconds);
  return gcId === collection.gcId && start >= collection.start - 0.01 && start <= end + 0.01;
}

/** By what the collector promises; a goal that was set is a promise too. */
function limitsFor({ style, pauseTargetSeconds: target }: GcHistory): Limits & { readonly info: number } {
  const bounds = limits[style];
  if (target === undefined || style === "concurrent") return bounds;
  return { ...bounds, info: Math.min(bounds.info, Math.max(target * limits.timesTarget, 0.1)) };
}

function targetFacts({ pauses, pauseTargetSeconds: target, sources }: GcHistory): FindingEvidence[] {
  if (target === undefined) return [];
  const missed = pauses.filter(({ seconds }) => seconds > target).length;
  const goal = `${formatDuration(target)}, missed by ${missed} of ${formatNumberOf(pauses.length, "pause")}`;
  return [fact("goal (-XX:MaxGCPauseMillis)", goal, "text", sources.configuration)];
}

function heapFacts(collection: Collection | undefined, source: string): FindingEvidence[] {
  if (collection === undefined || !Number.isFinite(collection.usedAfter + collection.usedBefore)) return [];
  const { usedBefore, usedAfter } = collection;
  return [fact("heap", `${formatBytes(usedBefore)} → ${formatBytes(usedAfter)}`, "text", source)];
}

function adviceFor(history: GcHistory, collection: Collection | undefined): string {
  if (collection?.isFull) return "See gc/full for why the whole heap had to be collected, and end that cause.";
  if (/degenerated/i.test(collection?.name ?? "")) {
    return "The collector ran out of room and finished its work with the program stopped: see gc/allocation-stall, and give it room (-Xmx) or CPU.";
  }
  const { style, collector, pauseTargetSeconds: target } = history;
  if (style === "concurrent") {
    return "Pauses of this collector do not depend on the heap: look for CPU throttling, a machine that swaps or is overloaded, and slow safepoints.";
  }
  if (collector === "G1") {
    return `Look at the longest phase above: copying objects means too much survives (a smaller -XX:MaxGCPauseMillis than ${formatDuration(target ?? 0.2)} makes young regions fewer), roots and code mean many threads or classes. -XX:+UseZGC has no such pauses.`;
  }
  return "This collector stops the program for all its work: use -XX:+UseG1GC, or -XX:+UseZGC where no pause may be seen.";
}
