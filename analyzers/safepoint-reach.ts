import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { loadOf } from "./cpu-load.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";
import { quantile } from "./intervals.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { framesOf } from "./recorded-stacks.ts";
import { formatPoint, formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.safepoint;

/** How long it takes until all threads stand when the JVM wants to stop them, and which thread is late. */
export const safepointReach: Analyzer<"recording"> = {
  name: "safepoint-reach",
  description: "time until every thread has stopped for a safepoint, and the thread that was late",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: findingsOf(recording), sections: [] }),
};

/** One way to a standstill. */
interface Reach {
  readonly id: number;
  readonly start: number;
  readonly seconds: number;
  readonly threads: number;
}

function findingsOf(recording: RecordingEvidence): Finding[] {
  const reaches = reachesOf(recording);
  const [longest] = [...reaches].sort((a, b) => b.seconds - a.seconds);
  if (longest === undefined) return [];
  const total = reaches.reduce((sum, { seconds }) => sum + seconds, 0);
  const ratio = total / recording.durationSeconds;
  const judgements = [judge(longest.seconds, limits.reach), judge(ratio, limits.reachRatio)];
  const [judged] = judgements.filter((one) => one !== undefined).sort((a, b) => b.score - a.score);
  if (judged === undefined) return [];
  const sorted = reaches.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const late = lateThreads(recording, longest);
  return [
    findingOf({
      rule: "safepoint/time-to-safepoint",
      ...judged,
      title: `Threads took up to ${formatSpan(longest.seconds)} to stop when the JVM asked them to, ${formatPercent(ratio)} of the time altogether`,
      impact: { value: total, unit: "seconds" },
      evidence: [
        fact(
          "safepoints",
          `${formatNumberOf(reaches.length, "safepoint")}, median ${formatSpan(quantile(sorted, 0.5))}, p99 ${formatSpan(quantile(sorted, 0.99))}`,
          "text",
          "jdk.SafepointBegin",
        ),
        fact(
          "longest at",
          `${formatPoint(longest.start)}, for ${operationOf(recording, longest.id) ?? "an unknown operation"}`,
          "text",
          "jdk.SafepointBegin, jdk.ExecuteVMOperation",
        ),
        ...(longest.threads > 0 ? [fact("threads to stop", longest.threads, "count", "jdk.SafepointBegin")] : []),
        ...late,
        ...busyFacts(recording),
      ],
      advice:
        late.length > 0
          ? "Break up what the late thread runs: long counted loops, copies of huge arrays, or page faults on mapped files keep it from stopping."
          : "Record with jdk.SafepointLatency (JDK 25) enabled, or run async-profiler with --ttsp, to see which thread is late; long counted loops, copies of huge arrays, page faults and a lack of CPU are the usual causes.",
    }),
  ];
}

function reachesOf(recording: RecordingEvidence): Reach[] {
  const events = eventsOf(recording, "jdk.SafepointBegin");
  return rowsOf(events).map((row) => ({
    id: events.number("safepointId", row),
    start: events.start(row),
    seconds: events.duration(row),
    threads: events.number("totalThreadCount", row),
  }));
}

/** Threads that do not get the CPU cannot stop either. */
function busyFacts(recording: RecordingEvidence): FindingEvidence[] {
  const load = loadOf(recording);
  if (load === undefined || load.busyShare < jvmThresholds.cpu.busyTime.info) return [];
  return [
    fact(
      "the machine had no CPU left",
      load.busyShare,
      "ratio",
      "of the time, which alone may explain it: jdk.CPULoad",
    ),
  ];
}

/** What all had to stop for. */
function operationOf(recording: RecordingEvidence, safepointId: number): string | undefined {
  const events = eventsOf(recording, "jdk.ExecuteVMOperation");
  const row = rowsOf(events).find((candidate) => events.number("safepointId", candidate) === safepointId);
  return row === undefined ? undefined : events.text("operation", row);
}

/** Threads that ended their part of the way last. */
function lateThreads(recording: RecordingEvidence, { start, seconds }: Reach): FindingEvidence[] {
  const events = eventsOf(recording, "jdk.SafepointLatency");
  return rowsOf(events)
    .filter((row) => events.start(row) <= start + seconds && events.start(row) + events.duration(row) >= start)
    .sort((a, b) => events.duration(b) - events.duration(a))
    .slice(0, 3)
    .map((row) => {
      const at = framesOf(recording, events.stack(row), 1)[0] ?? "no stack";
      const state = events.text("threadState", row);
      const where = state === undefined ? at : `${at}, ${state}`;
      return fact(
        `late: ${events.text("eventThread", row) ?? "unknown thread"}`,
        `${formatSpan(events.duration(row))} in ${where}`,
        "text",
        "jdk.SafepointLatency",
      );
    });
}
