import type { Metric } from "../src/model/metric.ts";

const labels = ["jvm.memory.pool.name", "jvm.memory.type"];

function poolMetric(name: string, help: string, stability: Metric["stability"] = "stable"): Metric {
  return { name: `jvm.memory.${name}`, unit: "By", kind: "updowncounter", help, labels, stability };
}

/** Per memory pool, as the semantic conventions have them. */
export const memoryUsed = poolMetric("used", "Memory in use, by pool.");
export const memoryCommitted = poolMetric("committed", "Memory that the JVM has committed, by pool.");
export const memoryLimit = poolMetric("limit", "The most that a pool may grow to; absent where it has no limit.");
export const memoryInit = poolMetric("init", "Memory that a pool began with.", "development");
export const memoryUsedAfterLastGc = poolMetric(
  "used_after_last_gc",
  "Memory in use after the last collection of the pool.",
);
