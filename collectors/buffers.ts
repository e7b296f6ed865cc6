import { byProperty, numberIn } from "../src/formats/jolokia/values.ts";
import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import { readMBeans } from "./mbean-read.ts";

const labels = ["jvm.buffer.pool.name"];
const common = { kind: "updowncounter", labels, stability: "development" } as const;

export const bufferMemoryUsed: Metric = {
  ...common,
  name: "jvm.buffer.memory.used",
  unit: "By",
  help: "Native memory of NIO buffers, direct or mapped.",
};

export const bufferMemoryLimit: Metric = {
  ...common,
  name: "jvm.buffer.memory.limit",
  unit: "By",
  help: "Total capacity of the NIO buffers of a pool.",
};

export const bufferCount: Metric = {
  ...common,
  name: "jvm.buffer.count",
  unit: "{buffer}",
  help: "NIO buffers of a pool.",
};

const attributes = [
  [bufferMemoryUsed, "MemoryUsed"],
  [bufferMemoryLimit, "TotalCapacity"],
  [bufferCount, "Count"],
] as const;

const read = { mbean: "java.nio:type=BufferPool,name=*", attributes: attributes.map(([, attribute]) => attribute) };
const metrics = attributes.map(([metric]) => metric);

/** NIO buffers, which only MBeans tell: nothing else in the JVM counts them. */
export const buffersCollector: Collector = {
  name: "buffers",
  description: "Direct and mapped NIO buffers: how many, and the memory they hold",
  enabledByDefault: true,
  policy: "observe",
  metrics,
  async collect(target, signal) {
    const pools = await readMBeans(target, [read], ([found]) => poolsOf(found), signal);
    if (!pools.ok)
      return { samples: [], missing: [{ metrics: metrics.map(({ name }) => name), reason: pools.reason }] };
    const { source, takenAtMillis } = pools;
    const samples = pools.value.flatMap(([name, pool]) =>
      attributes.flatMap(([metric, attribute]) => {
        const value = numberIn(pool, attribute);
        if (value === undefined || value < 0) return [];
        return [{ metric, value, labels: { "jvm.buffer.pool.name": name }, source, takenAtMillis }];
      }),
    );
    return { samples, missing: [] };
  },
};

function poolsOf(found: unknown): readonly (readonly [string, unknown])[] | undefined {
  const pools = byProperty(found, "name");
  return pools.length === 0 ? undefined : pools;
}
