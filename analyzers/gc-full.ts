import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence, Severity } from "../src/model/finding.ts";
import { formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";
import { type CauseName, causeKinds, kindOfCause } from "./gc-causes.ts";
import { type Collection, collectionsOf, collectorNameOf } from "./gc-collections.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { callPath, groupedBy } from "./recorded-stacks.ts";
import { formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.gc.full;

/** Collections of the whole heap, by why they were: asked for, or because the collector could not keep up. */
export const gcFull: Analyzer<"recording"> = {
  name: "gc-full",
  description: "full collections by cause and who asked for them, of every collector",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: findingsOf(recording), sections: [] }),
};

interface FullGroup {
  readonly kind: CauseName;
  readonly collections: readonly Collection[];
  readonly pauseSeconds: number;
}

function findingsOf(recording: RecordingEvidence): Finding[] {
  return groupsOf(recording).flatMap((group) => {
    const judged = judgeGroup(recording, group);
    return judged === undefined ? [] : [findingFor(recording, group, judged)];
  });
}

/**
 * Full collections by kind of cause. System.gc() of a collector that answers it without a full one counts as well; collections to make
 * room for code are told by jvm/code-cache.
 */
function groupsOf(recording: RecordingEvidence): FullGroup[] {
  const collections = collectionsOf(recording).filter(({ cause }) => kindOfCause(cause) !== "codeCache");
  const isSystemGc = ({ cause }: Collection) => kindOfCause(cause) === "systemGc";
  const isAnsweredFully = collections.some((one) => one.isFull && isSystemGc(one));
  const counted = collections.filter((one) => one.isFull || (isSystemGc(one) && !isAnsweredFully));
  const kinds = [...new Set(counted.map(({ cause }) => kindOfCause(cause)))].sort();
  return kinds.map((kind) => {
    const collections = counted.filter(({ cause }) => kindOfCause(cause) === kind);
    return { kind, collections, pauseSeconds: collections.reduce((sum, { pauseSeconds }) => sum + pauseSeconds, 0) };
  });
}

function judgeGroup(recording: RecordingEvidence, group: FullGroup): { severity: Severity; score: number } | undefined {
  const { kind, collections, pauseSeconds } = group;
  const ratio = pauseSeconds / recording.durationSeconds;
  const count = collections.length;
  if (causeKinds[kind].isRequested) {
    const judged = judge(count, causeKinds[kind].isByProgram ? limits.requested : { info: 1 });
    return ratio >= limits.criticalRatio ? judge(ratio, { critical: limits.criticalRatio }) : judged;
  }
  if (/^(Serial|Parallel)$/.test(collectorNameOf(recording) ?? "")) return judge(ratio, limits.ordinaryRatio);
  if (ratio >= limits.criticalRatio) return judge(ratio, { critical: limits.criticalRatio });
  return judge(count, limits.unasked);
}

function findingFor(
  recording: RecordingEvidence,
  group: FullGroup,
  judged: { severity: Severity; score: number },
): Finding {
  const { kind, collections, pauseSeconds } = group;
  const full = collections.filter(({ isFull }) => isFull).length;
  const count = formatNumberOf(collections.length, full > 0 ? "full collection" : "collection");
  const { because, advice } = causeKinds[kind];
  return findingOf({
    rule: "gc/full",
    key: `gc/full#${kind}`,
    ...judged,
    title: `${count} ${because}: ${formatSpan(pauseSeconds)} of standstill, ${formatPercent(pauseSeconds / recording.durationSeconds)} of the time`,
    impact: { value: pauseSeconds, unit: "seconds" },
    evidence: [
      fact("longest", Math.max(...collections.map((one) => one.pauseSeconds)), "seconds", "jdk.GarbageCollection"),
      ...groupedBy(collections, ({ name, cause }) => `${name}, ${cause}`).map((cause) => {
        return fact(cause.key, cause.count, "count", "jdk.GarbageCollection");
      }),
      ...(kind === "systemGc" ? callerFacts(recording) : []),
      ...failureFacts(recording),
    ],
    advice,
  });
}

/** Who calls System.gc(). */
function callerFacts(recording: RecordingEvidence): FindingEvidence[] {
  const events = eventsOf(recording, "jdk.SystemGC");
  const callers = groupedBy(
    rowsOf(events),
    (row) => callPath(recording, events.stack(row)) ?? `thread ${events.text("eventThread", row)}`,
  );
  return callers.slice(0, 3).map(({ key, count }) => fact("called by", `${key} (${count})`, "text", "jdk.SystemGC"));
}

function failureFacts(recording: RecordingEvidence): FindingEvidence[] {
  return ["jdk.EvacuationFailed", "jdk.PromotionFailed", "jdk.ConcurrentModeFailure"].flatMap((type) => {
    const count = recording.eventCounts.get(type) ?? 0;
    return count > 0 ? [fact("failures", count, "count", type)] : [];
  });
}
