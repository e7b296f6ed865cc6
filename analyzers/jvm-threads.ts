import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatCount, formatNumberOf } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { significantSlope } from "../src/model/robust-trend.ts";
import { eventsOf, rowsOf, valuesOf } from "./event-rows.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { callPath, groupedBy } from "./recorded-stacks.ts";
import { formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";
import { warmUpEnd } from "./warm-up.ts";

const limits = jvmThresholds.threads;

/** Threads that only become more, and threads that are started all the time. */
export const jvmThreads: Analyzer<"recording"> = {
  name: "jvm-threads",
  description: "growth of the number of threads, and threads started all the time, with who starts them",
  needs: ["recording"],
  analyze: ({ recording }) => {
    const grown = growing(recording);
    return { findings: grown.length > 0 ? grown : starting(recording), sections: [] };
  },
};

function growing(recording: RecordingEvidence): Finding[] {
  const events = eventsOf(recording, "jdk.JavaThreadStatistics");
  const from = warmUpEnd(recording, jvmThresholds.gc.liveSet);
  const rows = rowsOf(events).filter((row) => events.start(row) >= from);
  const series = {
    seconds: rows.map((row) => events.start(row)),
    values: rows.map((row) => events.number("activeCount", row)),
  };
  const slope = significantSlope(series, limits.leastSeconds);
  const seconds = (series.seconds.at(-1) ?? 0) - (series.seconds[0] ?? 0);
  const grown = (slope ?? 0) * seconds;
  const last = series.values.at(-1) ?? 0;
  if (slope === undefined || grown < limits.growth || grown < last * limits.growthShare) return [];
  return [
    findingOf({
      rule: "jvm/threads-growing",
      severity: "warning",
      score: 60,
      title: `Threads become ${formatCount(slope * 60)} more each minute: ${formatNumberOf(last, "thread")} at the end`,
      impact: { value: grown, unit: "count" },
      evidence: [
        fact("grown", grown, "count", `Theil–Sen slope over jdk.JavaThreadStatistics of ${formatSpan(seconds)}`),
        ...starterFacts(recording),
      ],
      advice:
        "Find who starts threads and never ends them (above, where the recording tells): use a pool with a bound, and shut down pools of what is closed.",
    }),
  ];
}

/** Not more at the end, but new ones all the time. */
function starting(recording: RecordingEvidence): Finding[] {
  const counts = valuesOf(eventsOf(recording, "jdk.JavaThreadStatistics"), "accumulatedCount");
  const started = (counts.at(-1) ?? 0) - (counts[0] ?? 0);
  const perSecond = started / recording.durationSeconds;
  const judged = judge(perSecond, limits.startedPerSecond);
  if (judged === undefined) return [];
  return [
    findingOf({
      rule: "jvm/threads-growing",
      key: "jvm/threads-growing#started",
      ...judged,
      title: `${formatNumberOf(started, "thread")} were started, ${formatCount(perSecond, 1)} a second, and ended soon`,
      impact: { value: started, unit: "count" },
      evidence: starterFacts(recording),
      advice: "Reuse threads: a pool, or virtual threads (JDK 21) where each task has one.",
    }),
  ];
}

function starterFacts(recording: RecordingEvidence) {
  const events = eventsOf(recording, "jdk.ThreadStart");
  const sites = groupedBy(rowsOf(events), (row) => callPath(recording, events.stack(row)));
  const pools = groupedBy(rowsOf(events), (row) => poolOf(recording, events.text("thread", row)));
  return [
    ...sites.slice(0, 2).map(({ key, count }) => fact("started at", `${key} (${count})`, "text", "jdk.ThreadStart")),
    ...pools.slice(0, 2).map(({ key, count }) => fact(`threads named ${key}`, count, "count", "jdk.ThreadStart")),
  ];
}

function poolOf({ threads }: RecordingEvidence, name: string | undefined): string | undefined {
  return threads.find((thread) => thread.name === name)?.pool;
}
