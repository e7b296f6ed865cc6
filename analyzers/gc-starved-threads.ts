import type { Finding } from "../src/model/finding.ts";
import { formatCount, formatDuration, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import { type GcHistory, type GcRule, ofRecordings, type ProcessorTime } from "./gc-history.ts";
import { fact, findingOf } from "./judgement.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.gc.starved;

/** Whether the collector's threads had the CPU during the pauses. */
export const gcStarvedThreadsRule: GcRule = {
  name: "gc-starved-threads",
  description: "pauses in which the collector's threads did not get the CPU, or spent it in the kernel",
  findings: findingsOf,
};
export const gcStarvedThreads = ofRecordings(gcStarvedThreadsRule);

function findingsOf(history: GcHistory): Finding[] {
  const time = history.processor;
  if (time.collections < limits.collections || time.real < limits.realSeconds) return [];
  const parallelism = (time.user + time.system) / time.real;
  if (parallelism < limits.parallelism) return [starved(history, time, parallelism)];
  return time.system / (time.user + time.system) >= limits.systemShare ? [inKernel(history, time)] : [];
}

function starved({ gcThreads, sources }: GcHistory, time: ProcessorTime, parallelism: number): Finding {
  const lost = time.real - (time.user + time.system);
  return findingOf({
    rule: "gc/starved-threads",
    severity: "warning",
    score: Math.round(50 + 20 * (1 - parallelism)),
    title: `The collector's threads ran for only ${formatPercent(parallelism)} of the time of their pauses, together: they did not get the CPU`,
    impact: { value: lost, unit: "seconds" },
    evidence: [
      ...timeFacts(time, sources.processor),
      ...(gcThreads === undefined ? [] : [fact("threads of the collector", gcThreads, "count", sources.configuration)]),
    ],
    advice:
      "Look who else uses the CPU (jvm/cpu), whether a quota throttles this JVM (jvm/cpu-throttled), and whether the machine swaps; then give the JVM CPU, or fewer -XX:ParallelGCThreads than it has.",
  });
}

function inKernel({ sources }: GcHistory, time: ProcessorTime): Finding {
  const share = time.system / (time.user + time.system);
  return findingOf({
    rule: "gc/starved-threads",
    key: "gc/starved-threads#kernel",
    severity: "info",
    score: 40,
    title: `The collector spent ${formatPercent(share)} of its CPU time in the kernel: pages are being mapped, swapped or made huge`,
    impact: { value: time.system, unit: "seconds" },
    evidence: timeFacts(time, sources.processor),
    advice:
      "Set -Xms to -Xmx and add -XX:+AlwaysPreTouch, and look whether the machine swaps or transparent huge pages are being defragmented.",
  });
}

function timeFacts({ collections, user, system, real }: ProcessorTime, source: string) {
  return [
    fact(
      "by the clock",
      real,
      "seconds",
      `${source} of ${formatNumberOf(collections, "collection")} of ${formatDuration(limits.collectionSeconds)} or more`,
    ),
    fact("CPU time in user, kernel", `${formatDuration(user)}, ${formatDuration(system)}`, "text", source),
    fact("CPUs used on average", formatCount((user + system) / real, 2), "text", source),
  ];
}
