import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import { type Counted, collectCounted, timeCounter } from "./counted.ts";

const common = { unit: "s", kind: "counter", stability: "development" } as const;

export const gcCpuTime: Metric = {
  ...common,
  name: "jprof.gc.cpu.time",
  help: "CPU time of threads that collect garbage, by what they do.",
  labels: ["jprof.gc.task"],
};

export const vmThreadCpuTime: Metric = {
  ...common,
  name: "jprof.vm_thread.cpu.time",
  help: "CPU time of the VM thread, which makes stops and, with Serial, collects.",
  labels: [],
};

/** The tasks that the JVM counts apart, by its counters' last part. */
const tasks = ["parallel_workers", "conc_mark", "conc_refine", "service"];

const counted: readonly Counted[] = [
  ...tasks.map((task) => ({
    metric: gcCpuTime,
    labels: { "jprof.gc.task": task },
    read: timeCounter(`sun.threads.cpu_time.gc_${task}`),
  })),
  { metric: vmThreadCpuTime, read: timeCounter("sun.threads.cpu_time.vm") },
];

/** Tells what collecting garbage costs in CPU time, where the JVM counts it. */
export const gcCpuCollector: Collector = {
  name: "gc-cpu",
  description: "CPU time of garbage collection by task, and of the VM thread",
  enabledByDefault: true,
  policy: "observe",
  metrics: [gcCpuTime, vmThreadCpuTime],
  collect: (target, signal) => collectCounted(target, counted, notCounted, signal),
};

const notCounted = "the JVM does not count it: older ones do not, and of the collectors only G1 and Parallel do";
