import type { Finding, Severity } from "../src/model/finding.ts";
import { formatDuration, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import { type CauseName, causeKinds, kindOfCause } from "./gc-causes.ts";
import type { Collection } from "./gc-collections.ts";
import { type GcHistory, type GcRule, ofRecordings } from "./gc-history.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { groupedBy } from "./recorded-stacks.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.gc.full;

/** Collections of the whole heap, by why they were: asked for, or because the collector could not keep up. */
export const gcFullRule: GcRule = {
  name: "gc-full",
  description: "full collections by cause and who asked for them, of every collector",
  findings: findingsOf,
};
export const gcFull = ofRecordings(gcFullRule);

interface FullGroup {
  readonly kind: CauseName;
  readonly collections: readonly Collection[];
  readonly pauseSeconds: number;
}

function findingsOf(history: GcHistory): Finding[] {
  return groupsOf(history).flatMap((group) => {
    const judged = judgeGroup(history, group);
    return judged === undefined ? [] : [findingFor(history, group, judged)];
  });
}

/**
 * Full collections by kind of cause. System.gc() of a collector that answers it without a full one counts as well; collections to make
 * room for code are told by jvm/code-cache.
 */
function groupsOf(history: GcHistory): FullGroup[] {
  const collections = history.collections.filter(({ cause }) => kindOfCause(cause) !== "codeCache");
  const isSystemGc = ({ cause }: Collection) => kindOfCause(cause) === "systemGc";
  const isAnsweredFully = collections.some((one) => one.isFull && isSystemGc(one));
  const counted = collections.filter((one) => one.isFull || (isSystemGc(one) && !isAnsweredFully));
  const kinds = [...new Set(counted.map(({ cause }) => kindOfCause(cause)))].sort();
  return kinds.map((kind) => {
    const collections = counted.filter(({ cause }) => kindOfCause(cause) === kind);
    return { kind, collections, pauseSeconds: collections.reduce((sum, { pauseSeconds }) => sum + pauseSeconds, 0) };
  });
}

function judgeGroup(history: GcHistory, group: FullGroup): { severity: Severity; score: number } | undefined {
  const { kind, collections, pauseSeconds } = group;
  const ratio = pauseSeconds / history.durationSeconds;
  const count = collections.length;
  if (causeKinds[kind].isRequested) {
    const judged = judge(count, causeKinds[kind].isByProgram ? limits.requested : { info: 1 });
    return ratio >= limits.criticalRatio ? judge(ratio, { critical: limits.criticalRatio }) : judged;
  }
  if (/^(Serial|Parallel)$/.test(history.collector ?? "")) return judge(ratio, limits.ordinaryRatio);
  if (ratio >= limits.criticalRatio) return judge(ratio, { critical: limits.criticalRatio });
  const judged = judge(count, limits.unasked);
  // Classes that are loaded at the start need a few: they end by themselves.
  return kind === "metadata" && judged !== undefined ? atMost("warning", judged) : judged;
}

function findingFor(history: GcHistory, group: FullGroup, judged: { severity: Severity; score: number }): Finding {
  const { kind, collections, pauseSeconds } = group;
  const full = collections.filter(({ isFull }) => isFull).length;
  const count = formatNumberOf(collections.length, full > 0 ? "full collection" : "collection");
  const { because, advice } = causeKinds[kind];
  return findingOf({
    rule: "gc/full",
    key: `gc/full#${kind}`,
    ...judged,
    title: `${count} ${because}: ${formatDuration(pauseSeconds)} of standstill, ${formatPercent(pauseSeconds / history.durationSeconds)} of the time`,
    impact: { value: pauseSeconds, unit: "seconds" },
    evidence: [
      fact("longest", Math.max(...collections.map((one) => one.pauseSeconds)), "seconds", history.sources.collections),
      ...groupedBy(collections, ({ name, cause }) => `${name}, ${cause}`).map((cause) => {
        return fact(cause.key, cause.count, "count", history.sources.collections);
      }),
      ...(kind === "systemGc" ? history.systemGcCallers : []),
      ...history.failures.map(({ count, source }) => fact("failures", count, "count", source)),
    ],
    advice,
  });
}
