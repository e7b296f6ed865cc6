import { expect, test } from "vitest";
import { buffersCollector } from "../../collectors/buffers.ts";
import { fakeTarget, noAnswer, takenAtMillis } from "./fake-target.ts";

const { signal } = new AbortController();
const pattern = "java.nio:type=BufferPool,name=*";

test("every pool of buffers has its memory, capacity and count", async () => {
  const target = fakeTarget({
    mbeans: {
      [pattern]: {
        "java.nio:name=direct,type=BufferPool": { Count: 3, MemoryUsed: 1_064_961, TotalCapacity: 1_064_960 },
        "java.nio:name=mapped - 'non-volatile memory',type=BufferPool": { Count: 0, MemoryUsed: 0, TotalCapacity: 0 },
      },
    },
  });
  const { samples, missing } = await buffersCollector.collect(target, signal);
  expect(missing).toEqual([]);
  expect(samples.map(({ metric, value, labels }) => [metric.name, labels["jvm.buffer.pool.name"], value])).toEqual([
    ["jvm.buffer.memory.used", "direct", 1_064_961],
    ["jvm.buffer.memory.limit", "direct", 1_064_960],
    ["jvm.buffer.count", "direct", 3],
    ["jvm.buffer.memory.used", "mapped - 'non-volatile memory'", 0],
    ["jvm.buffer.memory.limit", "mapped - 'non-volatile memory'", 0],
    ["jvm.buffer.count", "mapped - 'non-volatile memory'", 0],
  ]);
  expect(samples[0]).toMatchObject({ source: "mbeans", takenAtMillis });
});

test("an amount that the JVM does not know (-1) is left out", async () => {
  const mbeans = { [pattern]: { "java.nio:name=direct,type=BufferPool": { Count: 3, MemoryUsed: -1 } } };
  const { samples } = await buffersCollector.collect(fakeTarget({ mbeans }), signal);
  expect(samples.map(({ metric }) => metric.name)).toEqual(["jvm.buffer.count"]);
});

test("without MBeans, the reason is said for every metric", async () => {
  const metrics = buffersCollector.metrics.map(({ name }) => name);
  const { samples, missing } = await buffersCollector.collect(fakeTarget(), signal);
  expect(samples).toEqual([]);
  expect(missing).toEqual([{ metrics, reason: "no MBeans: the JVM has no Jolokia agent" }]);
  const denied = fakeTarget({ mbeans: { [pattern]: noAnswer("forbidden by policy", "denied") } });
  expect((await buffersCollector.collect(denied, signal)).missing).toEqual([
    { metrics, reason: "forbidden by policy" },
  ]);
  const empty = fakeTarget({ mbeans: { [pattern]: {} } });
  expect((await buffersCollector.collect(empty, signal)).missing).toEqual([
    { metrics, reason: `the MBeans ${pattern} do not tell it` },
  ]);
});
