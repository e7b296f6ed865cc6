import type { Finding } from "../src/model/finding.ts";
import { formatDuration, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import { quantile } from "./intervals.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { formatPoint } from "./spans.ts";
import { type StopHistory, type StopRule, stopsOfRecordings } from "./stop-history.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.safepoint;

/** How long it takes until all threads stand when the JVM wants to stop them, and which thread is late. */
export const safepointReachRule: StopRule = {
  name: "safepoint-reach",
  description: "time until every thread has stopped for a safepoint, and the thread that was late",
  findings: findingsOf,
};
export const safepointReach = stopsOfRecordings(safepointReachRule);

function findingsOf(history: StopHistory): Finding[] {
  const { reaches, sources } = history;
  const [longest] = [...reaches].sort((a, b) => b.seconds - a.seconds);
  if (longest === undefined) return [];
  const total = reaches.reduce((sum, { seconds }) => sum + seconds, 0);
  const ratio = total / history.durationSeconds;
  const judgements = [judge(longest.seconds, limits.reach), judge(ratio, limits.reachRatio)];
  const [judged] = judgements.filter((one) => one !== undefined).sort((a, b) => b.score - a.score);
  if (judged === undefined) return [];
  const sorted = reaches.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const late = history.lateThreads(longest);
  return [
    findingOf({
      rule: "safepoint/time-to-safepoint",
      ...judged,
      title: `Threads took up to ${formatDuration(longest.seconds)} to stop when the JVM asked them to, ${formatPercent(ratio)} of the time altogether`,
      impact: { value: total, unit: "seconds" },
      evidence: [
        fact(
          "safepoints",
          `${formatNumberOf(reaches.length, "safepoint")}, median ${formatDuration(quantile(sorted, 0.5))}, p99 ${formatDuration(quantile(sorted, 0.99))}`,
          "text",
          sources.reaches,
        ),
        fact(
          "longest at",
          `${formatPoint(longest.start)}, for ${longest.operation ?? "an unknown operation"}`,
          "text",
          sources.both,
        ),
        ...(longest.threads > 0 ? [fact("threads to stop", longest.threads, "count", sources.reaches)] : []),
        ...late,
        ...history.busyFacts(),
      ],
      advice:
        late.length > 0
          ? "Break up what the late thread runs: long counted loops, copies of huge arrays, or page faults on mapped files keep it from stopping."
          : "Record with jdk.SafepointLatency (JDK 25) enabled, or run async-profiler with --ttsp, to see which thread is late; long counted loops, copies of huge arrays, page faults and a lack of CPU are the usual causes.",
    }),
  ];
}
