import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import { type Counted, collectCounted, counter, timeCounter } from "./counted.ts";

const common = { kind: "counter", labels: [], stability: "development" } as const;

export const safepointCount: Metric = {
  ...common,
  name: "jprof.safepoint.count",
  unit: "{safepoint}",
  help: "Times that the JVM stopped all threads, for collections and anything else.",
};

export const safepointTime: Metric = {
  ...common,
  name: "jprof.safepoint.time",
  unit: "s",
  help: "Time in which all threads were stopped, from when the last one had stopped.",
};

export const safepointSyncTime: Metric = {
  ...common,
  name: "jprof.safepoint.sync.time",
  unit: "s",
  help: "Time to safepoint: from the wish to stop all threads until the last one had stopped.",
};

export const safepointApplicationTime: Metric = {
  ...common,
  name: "jprof.safepoint.application.time",
  unit: "s",
  help: "Time in which the program ran, up to the last stop.",
};

const counted: readonly Counted[] = [
  { metric: safepointCount, read: counter("sun.rt.safepoints") },
  { metric: safepointTime, read: timeCounter("sun.rt.safepointTime") },
  { metric: safepointSyncTime, read: timeCounter("sun.rt.safepointSyncTime") },
  { metric: safepointApplicationTime, read: timeCounter("sun.rt.applicationTime") },
];

/** Tells how often and how long the JVM stops the whole program, for whatever reason. */
export const safepointsCollector: Collector = {
  name: "safepoints",
  description: "stops of all threads: how many, how long, and how long it took to stop",
  enabledByDefault: true,
  policy: "observe",
  metrics: counted.map(({ metric }) => metric),
  collect: (target, signal) => collectCounted(target, counted, "this JVM does not count safepoints", signal),
};
