import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatCount, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";
import { fact, findingOf } from "./judgement.ts";
import { formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.gc.starved;

/** Whether the collector's threads had the CPU during the pauses. */
export const gcStarvedThreads: Analyzer<"recording"> = {
  name: "gc-starved-threads",
  description: "pauses in which the collector's threads did not get the CPU, or spent it in the kernel",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: findingsOf(recording), sections: [] }),
};

interface ProcessorTime {
  readonly collections: number;
  readonly user: number;
  readonly system: number;
  readonly real: number;
}

function findingsOf(recording: RecordingEvidence): Finding[] {
  const time = processorTimeOf(recording);
  if (time.collections < limits.collections || time.real < limits.realSeconds) return [];
  const parallelism = (time.user + time.system) / time.real;
  if (parallelism < limits.parallelism) return [starved(recording, time, parallelism)];
  return time.system / (time.user + time.system) >= limits.systemShare ? [inKernel(time)] : [];
}

/** Of the collections that are long enough to be measured, together: ticks of single ones are too coarse. */
function processorTimeOf(recording: RecordingEvidence): ProcessorTime {
  const events = eventsOf(recording, "jdk.GCCPUTime");
  const long = rowsOf(events).filter((row) => events.number("realTime", row) >= limits.collectionSeconds);
  const sum = (field: string) => long.reduce((total, row) => total + events.amount(field, row), 0);
  return { collections: long.length, user: sum("userTime"), system: sum("systemTime"), real: sum("realTime") };
}

function starved(recording: RecordingEvidence, time: ProcessorTime, parallelism: number): Finding {
  const threads = eventsOf(recording, "jdk.GCConfiguration").number("parallelGCThreads", 0);
  const lost = time.real - (time.user + time.system);
  return findingOf({
    rule: "gc/starved-threads",
    severity: "warning",
    score: Math.round(50 + 20 * (1 - parallelism)),
    title: `The collector's threads ran for only ${formatPercent(parallelism)} of the time of their pauses, together: they did not get the CPU`,
    impact: { value: lost, unit: "seconds" },
    evidence: [
      ...timeFacts(time),
      ...(threads > 0 ? [fact("threads of the collector", threads, "count", "jdk.GCConfiguration")] : []),
    ],
    advice:
      "Look who else uses the CPU (jvm/cpu), whether a quota throttles this JVM (jvm/cpu-throttled), and whether the machine swaps; then give the JVM CPU, or fewer -XX:ParallelGCThreads than it has.",
  });
}

function inKernel(time: ProcessorTime): Finding {
  const share = time.system / (time.user + time.system);
  return findingOf({
    rule: "gc/starved-threads",
    key: "gc/starved-threads#kernel",
    severity: "info",
    score: 40,
    title: `The collector spent ${formatPercent(share)} of its CPU time in the kernel: pages are being mapped, swapped or made huge`,
    impact: { value: time.system, unit: "seconds" },
    evidence: timeFacts(time),
    advice:
      "Set -Xms to -Xmx and add -XX:+AlwaysPreTouch, and look whether the machine swaps or transparent huge pages are being defragmented.",
  });
}

function timeFacts({ collections, user, system, real }: ProcessorTime) {
  return [
    fact(
      "by the clock",
      real,
      "seconds",
      `jdk.GCCPUTime of ${formatNumberOf(collections, "collection")} of ${formatSpan(limits.collectionSeconds)} or more`,
    ),
    fact("CPU time in user, kernel", `${formatSpan(user)}, ${formatSpan(system)}`, "text", "jdk.GCCPUTime"),
    fact("CPUs used on average", formatCount((user + system) / real, 2), "text", "jdk.GCCPUTime"),
  ];
}
