import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatCount, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf } from "./event-rows.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

/** Whether the container's CPU quota stops the JVM. */
export const jvmCpuThrottled: Analyzer<"recording"> = {
  name: "jvm-cpu-throttled",
  description: "periods in which the container's CPU quota was used up and all threads had to wait",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: findingsOf(recording), sections: [] }),
};

/** The counters are of the control group since it was made: the recording's part is the difference. */
function findingsOf(recording: RecordingEvidence): Finding[] {
  const events = eventsOf(recording, "jdk.ContainerCPUThrottling");
  const last = events.rows - 1;
  const grown = (field: string) => events.number(field, last) - events.number(field, 0);
  const periods = grown("cpuElapsedSlices");
  const throttled = grown("cpuThrottledSlices");
  const judged = periods > 0 ? judge(throttled / periods, jvmThresholds.cpu.throttledPeriods) : undefined;
  if (judged === undefined) return [];
  const waited = grown("cpuThrottledTime");
  const seconds = events.start(last) - events.start(0);
  return [
    findingOf({
      rule: "jvm/cpu-throttled",
      ...judged,
      title: `The CPU quota stopped this container in ${formatPercent(throttled / periods)} of its periods, ${formatSpan(waited)} of thread time within ${formatSpan(seconds)}`,
      impact: { value: waited, unit: "seconds" },
      evidence: [
        fact(
          "periods, throttled",
          `${formatCount(periods)}, ${formatCount(throttled)}`,
          "text",
          "jdk.ContainerCPUThrottling",
        ),
        ...quotaFacts(recording),
      ],
      advice:
        "Raise the CPU limit or remove it (the request alone guarantees the share); or use fewer threads at once: threads of the collector, compilers and pools that wake together use up a period's quota in its first milliseconds.",
    }),
  ];
}

function quotaFacts(recording: RecordingEvidence) {
  const configuration = eventsOf(recording, "jdk.ContainerConfiguration");
  const cpus = configuration.number("cpuQuota", 0) / configuration.number("cpuSlicePeriod", 0);
  const seen = configuration.number("effectiveCpuCount", 0);
  const collector = eventsOf(recording, "jdk.GCConfiguration").number("parallelGCThreads", 0);
  return [
    ...(cpus > 0 ? [fact("quota in CPUs", formatCount(cpus, 2), "text", "jdk.ContainerConfiguration")] : []),
    ...(seen > 0 ? [fact("CPUs that the JVM reckons with", seen, "count", "jdk.ContainerConfiguration")] : []),
    ...(collector > 0 ? [fact("threads of the collector", collector, "count", "jdk.GCConfiguration")] : []),
  ];
}
