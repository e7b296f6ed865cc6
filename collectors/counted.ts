import type { Collection } from "../src/model/collector.ts";
import type { Labels, Metric } from "../src/model/metric.ts";
import type { PerfCounters, Target } from "../src/model/target.ts";
import { collectionOf } from "./readings.ts";

/** A metric whose value perf counters tell; undefined where this JVM has not got them. */
export interface Counted {
  readonly metric: Metric;
  readonly labels?: Labels;
  readonly read: (counters: PerfCounters) => number | undefined;
}

/** The value of one counter. */
export function counter(name: string): Counted["read"] {
  return (counters) => counters.number(name);
}

/** The time of one counter. */
export function timeCounter(name: string): Counted["read"] {
  return (counters) => counters.seconds(name);
}

/** Values of perf counters as samples; what is not told is missing, for the reason that `why` gives. */
export async function collectCounted(
  target: Target,
  counted: readonly Counted[],
  why: string,
  signal: AbortSignal,
): Promise<Collection> {
  const answer = await target.perfCounters(signal);
  const metrics = [...new Set(counted.map(({ metric }) => metric))];
  const collection = collectionOf(answer, metrics, (counters) =>
    counted.map(({ metric, labels = {}, read }) => ({ metric, labels, value: read(counters) })),
  );
  if (!answer.ok) return collection;
  return { ...collection, missing: collection.missing.map((missing) => ({ ...missing, reason: why })) };
}
