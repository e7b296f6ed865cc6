import type { Collection } from "../src/model/collector.ts";
import type { Labels, Metric } from "../src/model/metric.ts";
import type { MBeanRead, PerfCounters, Target } from "../src/model/target.ts";
import { readMBeans } from "./mbean-read.ts";
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

/** A metric whose value an MBean tells, without labels. */
export interface BeanValue {
  readonly metric: Metric;
  readonly read: (bean: unknown) => number | undefined;
}

/** What perf counters tell, and the one MBean that tells some of it where there are none. */
export interface CountedTiers {
  readonly counted: readonly Counted[];
  readonly bean: MBeanRead;
  readonly beanValues: readonly BeanValue[];
}

/** Values of perf counters, or without those, of an MBean. */
export async function collectByTiers(
  target: Target,
  { counted, bean, beanValues }: CountedTiers,
  signal: AbortSignal,
): Promise<Collection> {
  const byCounters = await collectCounted(target, counted, "this JVM has no counter for it", signal);
  if (byCounters.samples.length > 0) return byCounters;
  const metrics = [...new Set(counted.map(({ metric }) => metric))];
  const answer = await readMBeans(target, [bean], ([value]) => value, signal);
  const why = byCounters.missing.map(({ reason }) => reason).join("; ");
  const byBeans = collectionOf(answer, metrics, (value) =>
    beanValues.map(({ metric, read }) => ({ metric, value: read(value) })),
  );
  const reasonOf = (reason: string) => (answer.ok ? why : `${why}; and by MBeans: ${reason}`);
  return { ...byBeans, missing: byBeans.missing.map((each) => ({ ...each, reason: reasonOf(each.reason) })) };
}
