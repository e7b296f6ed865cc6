import { type HeapInfo, parseHeapInfo } from "../src/formats/jcmd/heap-info.ts";
import { parseMetaspace } from "../src/formats/jcmd/metaspace.ts";
import type { Answer } from "../src/model/answer.ts";
import type { Collector, Missing } from "../src/model/collector.ts";
import type { GcActivity } from "../src/model/gc-event.ts";
import type { Metric, Sample } from "../src/model/metric.ts";
import type { Target } from "../src/model/target.ts";
import { commandReply } from "./command-reply.ts";
import { heapReadings, needsHeapInfo } from "./heap-readings.ts";
import { type Memory, memoryByMBeans } from "./mbean-memory.ts";
import { memoryCommitted, memoryInit, memoryLimit, memoryUsed, memoryUsedAfterLastGc } from "./memory-metrics.ts";
import { type MemoryReading, memorySamples, type PoolReadings, poolMetrics } from "./memory-reading.ts";
import { metaspacePools } from "./metaspace-pools.ts";

function heapMetric(name: string, help: string): Metric {
  return { name: `jprof.heap.${name}`, unit: "By", kind: "updowncounter", help, labels: [], stability: "development" };
}

export const heapUsed = heapMetric("used", "Heap in use, of all its pools.");
export const heapCommitted = heapMetric("committed", "Heap that the JVM has committed.");
export const heapLimit = heapMetric("limit", "The most that the heap may grow to, counted once.");
export const heapLive = heapMetric("live", "Heap in use after the last collection of each of its generations.");

const poolLabels = (name: string, type: string) => ({ "jvm.memory.pool.name": name, "jvm.memory.type": type });
const metrics: readonly Metric[] = [
  ...[memoryUsed, memoryCommitted, memoryLimit, memoryInit, memoryUsedAfterLastGc],
  ...[heapUsed, heapCommitted, heapLimit, heapLive],
];

/** Tells how full the heap is, by pool and as a whole, and the pools of classes. */
export const memoryCollector: Collector = {
  name: "memory",
  description: "memory pools and the heap as a whole: used, committed, limit, and used after collections",
  enabledByDefault: true,
  policy: "observe",
  metrics,
  async collect(target, signal) {
    const answers = await ask(target, signal);
    const { counters, activity, info, metaspace } = answers;
    const { heap, pools } = heapReadings(counters, info);
    const samples = [
      ...heapSamples(heap),
      ...[...pools, ...metaspacePools(counters, metaspace)].flatMap(poolSamples),
      ...afterGcSamples(activity),
    ];
    if (heap.length > 0) return { samples, missing: missingOf(samples, activity) };
    const beans = await memoryByMBeans(target, signal);
    if (beans.ok) samples.push(...mbeanSamples(beans, samples));
    const why = [counters, info, beans].flatMap((answer) => (answer.ok ? [] : answer.reason)).join("; ");
    return { samples, missing: missingOf(samples, activity, why) };
  },
};

/** All at once, so that commands travel together; the heap is asked for only where counters do not tell it. */
async function ask(target: Target, signal: AbortSignal) {
  const countersAsked = target.perfCounters(signal);
  const infoAsked = countersAsked.then((counters): Promise<Answer<HeapInfo>> | Answer<HeapInfo> =>
    needsHeapInfo(counters)
      ? commandReply(target, { command: "GC.heap_info", parse: parseHeapInfo }, signal)
      : { ok: false, code: "absent", reason: "not needed" },
  );
  const metaspaceQuestion = { command: "VM.metaspace basic scale=1", parse: parseMetaspace };
  const [counters, info, activity, metaspace] = await Promise.all([
    countersAsked,
    infoAsked,
    target.gcActivity(signal),
    commandReply(target, metaspaceQuestion, signal),
  ]);
  return { counters, info, activity, metaspace };
}

function heapSamples(readings: readonly MemoryReading[]): Sample[] {
  return memorySamples(readings, { usedBytes: heapUsed, committedBytes: heapCommitted, limitBytes: heapLimit }, {});
}

function poolSamples({ name, type, readings }: PoolReadings): Sample[] {
  return memorySamples(readings, poolMetrics, poolLabels(name, type));
}

/** What is in use after collections, by pool where it is known, and in sum. */
function afterGcSamples(activity: Answer<GcActivity>): readonly Sample[] {
  if (!activity.ok || activity.value.usedAfterGc.size === 0) return [];
  const { usedAfterGc } = activity.value;
  const origin = { source: activity.source, takenAtMillis: activity.takenAtMillis };
  const pools = [...usedAfterGc].filter(([name]) => name !== "heap");
  const live = usedAfterGc.get("heap") ?? pools.reduce((sum, [, bytes]) => sum + bytes, 0);
  return [
    ...pools.map(([name, value]) => {
      return { metric: memoryUsedAfterLastGc, value, labels: poolLabels(name, "heap"), ...origin };
    }),
    { metric: heapLive, value: live, labels: {}, ...origin },
  ];
}

/** What the MBeans tell beyond what is told already; code heaps are told by another collector. */
function mbeanSamples(beans: Extract<Answer<Memory>, { ok: true }>, told: readonly Sample[]): Sample[] {
  const origin = { source: beans.source, takenAtMillis: beans.takenAtMillis };
  const { heap, pools } = beans.value;
  const samples = pools
    .filter(({ name }) => !name.startsWith("CodeHeap") && name !== "CodeCache" && name !== "Code Cache")
    .flatMap(({ name, type, ...usage }) => {
      const afterGc = { ...poolMetrics, usedAfterGcBytes: memoryUsedAfterLastGc };
      return memorySamples([reading(usage, origin)], afterGc, poolLabels(name, type));
    });
  const known = new Set(told.map(keyOf));
  return [...samples, ...heapSamples([reading(heap, origin)])].filter((sample) => !known.has(keyOf(sample)));
}

function reading(
  usage: Memory["heap"] & { readonly usedAfterLastGc?: number | undefined },
  origin: MemoryReading["origin"],
): MemoryReading {
  const { used, committed, limit, init, usedAfterLastGc } = usage;
  return {
    ...{ usedBytes: used, committedBytes: committed, limitBytes: limit, initBytes: init },
    ...{ usedAfterGcBytes: usedAfterLastGc, origin },
  };
}

function keyOf({ metric, labels }: Sample): string {
  return `${metric.name} ${labels["jvm.memory.pool.name"] ?? ""}`;
}

function missingOf(
  samples: readonly Sample[],
  activity: Answer<GcActivity>,
  why = "the JVM does not tell it",
): readonly Missing[] {
  const told = new Set(samples.map(({ metric }) => metric));
  const untold = metrics.filter((metric) => !told.has(metric));
  const afterGc = untold.filter((metric) => metric === heapLive || metric === memoryUsedAfterLastGc);
  const others = untold.filter((metric) => !afterGc.includes(metric));
  const whyNotAfterGc = activity.ok
    ? "there was no collection yet, or this collector does not tell its pools"
    : activity.reason;
  return [
    ...(others.length === 0 ? [] : [{ metrics: others.map(({ name }) => name), reason: why }]),
    ...(afterGc.length === 0 ? [] : [{ metrics: afterGc.map(({ name }) => name), reason: whyNotAfterGc }]),
  ];
}
