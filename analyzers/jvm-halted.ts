import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";
import { pausesOf } from "./gc-collections.ts";
import { type Interval, secondsIn, worstWindow } from "./intervals.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { formatPoint, formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";
import { vmOperationsOf } from "./vm-operations.ts";

const limits = jvmThresholds.halted;

/** All that stops every thread, together; only where it is not collections alone. */
export const jvmHalted: Analyzer<"recording"> = {
  name: "jvm-halted",
  description: "all time in which the JVM stopped every thread: collections, other operations, and the way to them",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: findingsOf(recording), sections: [] }),
};

function findingsOf(recording: RecordingEvidence): Finding[] {
  const { durationSeconds } = recording;
  const collections = pausesOf(recording);
  const operations = vmOperationsOf(recording).filter(({ isCollection }) => !isCollection);
  const ways = waysToSafepoints(recording);
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
    title: `All threads stood still for ${formatPercent(worst.ratio)} of the worst ${formatSpan(worst.windowSeconds)}, ${formatPercent(halted / durationSeconds)} of all the time; collections are only ${formatPercent((halted - other) / halted)} of it`,
    impact: { value: halted, unit: "seconds" },
    evidence: [
      fact("worst window from", formatPoint(worst.startSeconds), "text", "all halts"),
      fact("in collections", secondsIn(collections), "seconds", "jdk.GCPhasePause"),
      fact("in other operations", secondsIn(operations), "seconds", "jdk.ExecuteVMOperation"),
      fact("until all threads stood", secondsIn(ways), "seconds", "jdk.SafepointBegin"),
    ],
    advice: "See safepoint/long-operation for what stops the threads, and safepoint/time-to-safepoint for who is late.",
  });
  return [durationSeconds < jvmThresholds.gc.judgedSeconds ? atMost("info", finding) : finding];
}

function waysToSafepoints(recording: RecordingEvidence): Interval[] {
  const events = eventsOf(recording, "jdk.SafepointBegin");
  return rowsOf(events).map((row) => ({ start: events.start(row), end: events.start(row) + events.duration(row) }));
}
