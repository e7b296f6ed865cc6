import { numberIn } from "../src/formats/jolokia/values.ts";
import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import { type BeanValue, type Counted, collectByTiers, counter, timeCounter } from "./counted.ts";

const common = { unit: "{compilation}", kind: "counter", labels: [], stability: "development" } as const;

export const jitCompilations: Metric = {
  ...common,
  name: "jprof.jit.compilations",
  help: "Methods compiled, as a whole or, for a loop that was running, on the stack (osr).",
  labels: ["jprof.jit.kind"],
};

export const jitTime: Metric = { ...common, name: "jprof.jit.time", unit: "s", help: "Time spent compiling." };

export const jitInvalidations: Metric = {
  ...common,
  name: "jprof.jit.invalidations",
  help: "Compilations whose code was not installed, since what it assumed no longer held.",
};

export const jitBailouts: Metric = {
  ...common,
  name: "jprof.jit.bailouts",
  help: "Compilations that the compiler gave up.",
};

const counted: readonly Counted[] = [
  ...["standard", "osr"].map((kind) => ({
    metric: jitCompilations,
    labels: { "jprof.jit.kind": kind },
    read: counter(`sun.ci.${kind}Compiles`),
  })),
  { metric: jitTime, read: timeCounter("java.ci.totalTime") },
  { metric: jitInvalidations, read: counter("sun.ci.totalInvalidates") },
  { metric: jitBailouts, read: counter("sun.ci.totalBailouts") },
];

const bean = { mbean: "java.lang:type=Compilation", attributes: ["TotalCompilationTime"] };
const beanValues: readonly BeanValue[] = [{ metric: jitTime, read: compilationSeconds }];

/** Tells how much is compiled; code that is compiled again and again for hours costs more than it gives. */
export const jitCollector: Collector = {
  name: "jit",
  description: "compilations, what they took, and those that came to nothing",
  enabledByDefault: true,
  policy: "observe",
  metrics: [jitCompilations, jitTime, jitInvalidations, jitBailouts],
  collect: (target, signal) => collectByTiers(target, { counted, bean, beanValues }, signal),
};

/** The MBean tells milliseconds. */
function compilationSeconds(value: unknown): number | undefined {
  const millis = numberIn(value, "TotalCompilationTime");
  return millis === undefined ? undefined : millis / 1000;
}
