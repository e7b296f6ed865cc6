import type { Finding } from "../src/model/finding.ts";
import { formatDuration, formatPercent } from "../src/model/format-number.ts";
import { secondsIn, worstWindow } from "./intervals.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { formatPoint } from "./spans.ts";
import { type StopHistory, type StopRule, stopsOfRecordings } from "./stop-history.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.halted;

/** All that stops every thread, together; only where it is not collections alone. */
export const jvmHaltedRule: StopRule = {
  name: "jvm-halted",
  description: "all time in which the JVM stopped every thread: collections, other operations, and the way to them",
  findings: findingsOf,
};
export const jvmHalted = stopsOfRecordings(jvmHaltedRule);

function findingsOf(history: StopHistory): Finding[] {
  const { durationSeconds, collections, sources } = history;
  const operations = history.operations.filter(({ isCollection }) => !isCollection);
  const ways = history.reaches.map(({ start, seconds }) => ({ start, end: start + seconds }));
  const all = [...collections, ...operations, ...ways];
  const worst = worstWindow(all, jvmThresholds.gc.windowSeconds, durationSeconds);
  const halted = secondsIn(all);
  const other = halted - secondsIn(collections);
  if (worst === undefined || other < halted * limits.otherShare) return [];
  const judged = judge(worst.ratio, limits.worstRatio);
  if (judged === undefined) return [];
  const finding = findingOf({
    rule: "jvm/halted",
    ...judged,
    title: `All threads stood still for ${formatPercent(worst.ratio)} of the worst ${formatDuration(worst.windowSeconds)}, ${formatPercent(halted / durationSeconds)} of all the time; collections are only ${formatPercent((halted - other) / halted)} of it`,
    impact: { value: halted, unit: "seconds" },
    evidence: [
      fact("worst window from", formatPoint(worst.startSeconds), "text", "all halts"),
      fact("in collections", secondsIn(collections), "seconds", sources.collections),
      fact("in other operations", secondsIn(operations), "seconds", sources.operations),
      fact("until all threads stood", secondsIn(ways), "seconds", sources.reaches),
    ],
    advice: "See safepoint/long-operation for what stops the threads, and safepoint/time-to-safepoint for who is late.",
  });
  return [durationSeconds < jvmThresholds.gc.judgedSeconds ? atMost("info", finding) : finding];
}
