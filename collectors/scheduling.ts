import { parseThreadSums } from "../src/formats/proc/thread-sums.ts";
import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import { collectionOf, type Reading } from "./readings.ts";

export const processContextSwitches: Metric = {
  name: "process.context_switches",
  unit: "{context_switch}",
  kind: "counter",
  help: "How often threads left their CPU by themselves (voluntary) or had to (involuntary), summed since jprof first saw them.",
  labels: ["process.context_switch.type"],
  stability: "development",
};

export const processDelayTime: Metric = {
  name: "jprof.process.delay.time",
  unit: "s",
  kind: "counter",
  help: "Time that threads could have run and waited for a CPU, summed over threads since jprof first saw them.",
  labels: [],
  stability: "development",
};

/** What the scheduler did with all threads: /proc/PID/status tells of the main thread alone, which in a JVM does nothing. */
export const schedulingCollector: Collector = {
  name: "scheduling",
  description: "context switches and time spent waiting for a CPU, over all threads",
  enabledByDefault: true,
  policy: "observe",
  everySeconds: 30,
  metrics: [processContextSwitches, processDelayTime],
  async collect(target, signal) {
    return collectionOf(await target.readProc("task", signal), this.metrics, readingsOf);
  },
};

function readingsOf(text: string): readonly Reading[] {
  const { voluntarySwitches, involuntarySwitches, waitingSeconds } = parseThreadSums(text);
  const type = "process.context_switch.type";
  return [
    { metric: processContextSwitches, value: voluntarySwitches, labels: { [type]: "voluntary" } },
    { metric: processContextSwitches, value: involuntarySwitches, labels: { [type]: "involuntary" } },
    { metric: processDelayTime, value: waitingSeconds },
  ];
}
