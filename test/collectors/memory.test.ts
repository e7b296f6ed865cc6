import { describe, expect, test } from "vitest";
import { memoryCollector } from "../../collectors/memory.ts";
import type { Collection } from "../../src/model/collector.ts";
import type { GcActivity } from "../../src/model/gc-event.ts";
import { fakeTarget, noAnswer, takenAtMillis } from "./fake-target.ts";

const signal = new AbortController().signal;
const mib = 1 << 20;

function space(generation: number, index: number, [used, capacity, max]: readonly [number, number, number]) {
  const prefix = `sun.gc.generation.${generation}.space.${index}`;
  return { [`${prefix}.used`]: used, [`${prefix}.capacity`]: capacity, [`${prefix}.maxCapacity`]: max };
}

const g1 = {
  "sun.gc.policy.name": "GarbageFirst",
  // JDK 17 adds a few words to sizes.
  ...space(0, 0, [5 * mib, 20 * mib + 8, 64 * mib + 8]),
  ...space(0, 2, [2 * mib, 2 * mib + 8, 64 * mib + 8]),
  ...space(1, 0, [10 * mib, 30 * mib + 8, 64 * mib + 8]),
  "sun.gc.generation.1.maxCapacity": 64 * mib + 8,
  "sun.gc.metaspace.used": 1000,
  "sun.gc.metaspace.capacity": 2000,
  "sun.gc.metaspace.maxCapacity": 1 << 30,
  "sun.gc.compressedclassspace.used": 100,
  "sun.gc.compressedclassspace.capacity": 200,
  "sun.gc.compressedclassspace.maxCapacity": 1 << 30,
};

const serial = {
  "sun.gc.policy.name": "Copy:MSC",
  "sun.rt.createVmBeginTime": takenAtMillis - 60_000,
  "sun.gc.collector.0.lastExitTime": 50e9,
  ...space(0, 0, [0, 17 * mib, 17 * mib]),
  ...space(0, 1, [0, 2 * mib, 2 * mib]),
  ...space(0, 2, [mib, 2 * mib, 2 * mib]),
  ...space(1, 0, [8 * mib, 43 * mib, 43 * mib]),
  "sun.gc.generation.0.maxCapacity": 21 * mib,
  "sun.gc.generation.1.maxCapacity": 43 * mib,
};

const serialInfo = ` DefNew     total 19648K, used 6000K [0x00000000fc000000, 0x00000000fd550000, 0x00000000fd550000)
  eden space 17472K,  28% used [0x00000000fc000000, 0x00000000fc500000, 0x00000000fd110000)
  from space 2176K,  46% used [0x00000000fd330000, 0x00000000fd430000, 0x00000000fd550000)
  to   space 2176K,   0% used [0x00000000fd110000, 0x00000000fd110000, 0x00000000fd330000)
 Tenured    total 43712K, used 8192K [0x00000000fd550000, 0x0000000100000000, 0x0000000100000000)
  the  space 43712K,  18% used [0x00000000fd550000, 0x00000000fdd50000, 0x0000000100000000)
`;

const activity = (usedAfterGc: Readonly<Record<string, number>>): GcActivity => ({
  source: "perf-counters",
  events: [],
  mergedEvents: 0,
  lostEvents: 0,
  allocatedBytes: undefined,
  allocationQuality: undefined,
  promotedBytes: undefined,
  usedAfterGc: new Map(Object.entries(usedAfterGc)),
});

/** `jvm.memory.used G1 Eden Space` → value. */
function valuesOf({ samples }: Collection): Record<string, number> {
  return Object.fromEntries(
    samples.map(({ metric, value, labels }) => {
      return [[metric.name, labels["jvm.memory.pool.name"] ?? ""].join(" ").trim(), value];
    }),
  );
}

describe("the memory collector", () => {
  test("tells each pool and the heap as a whole by counters, and asks nothing more of a collector that keeps them up to date", async () => {
    const target = fakeTarget({
      perfCounters: g1,
      gcActivity: activity({ "G1 Eden Space": 0, "G1 Survivor Space": 2 * mib, "G1 Old Gen": 9 * mib }),
    });
    const collection = await memoryCollector.collect(target, signal);
    expect(target.commands).toEqual(["VM.metaspace basic scale=1"]);
    expect(valuesOf(collection)).toEqual({
      "jprof.heap.used": 17 * mib,
      "jprof.heap.committed": 52 * mib,
      "jprof.heap.limit": 64 * mib,
      "jprof.heap.live": 11 * mib,
      "jvm.memory.used G1 Eden Space": 5 * mib,
      "jvm.memory.committed G1 Eden Space": 20 * mib,
      "jvm.memory.used G1 Survivor Space": 2 * mib,
      "jvm.memory.committed G1 Survivor Space": 2 * mib,
      "jvm.memory.used G1 Old Gen": 10 * mib,
      "jvm.memory.committed G1 Old Gen": 30 * mib,
      "jvm.memory.limit G1 Old Gen": 64 * mib,
      "jvm.memory.used Metaspace": 1000,
      "jvm.memory.committed Metaspace": 2000,
      "jvm.memory.used Compressed Class Space": 100,
      "jvm.memory.committed Compressed Class Space": 200,
      "jvm.memory.limit Compressed Class Space": 1 << 30,
      "jvm.memory.used_after_last_gc G1 Eden Space": 0,
      "jvm.memory.used_after_last_gc G1 Survivor Space": 2 * mib,
      "jvm.memory.used_after_last_gc G1 Old Gen": 9 * mib,
    });
    expect(new Set(collection.samples.map(({ source }) => source))).toEqual(new Set(["perf-counters"]));
  });

  test("asks the JVM for what is in use where counters tell that only with collections", async () => {
    const target = fakeTarget({ perfCounters: serial, jcmd: { "GC.heap_info": serialInfo } });
    const { samples } = await memoryCollector.collect(target, signal);
    const eden = samples.filter(({ labels }) => labels["jvm.memory.pool.name"] === "Eden Space");
    expect(eden.map(({ metric, value, source }) => [metric.name, value, source])).toEqual([
      ["jvm.memory.used", 5 * mib, "attach"],
      ["jvm.memory.committed", 17 * mib, "perf-counters"],
      ["jvm.memory.limit", 17 * mib, "perf-counters"],
    ]);
    expect(valuesOf({ samples, missing: [] })).toMatchObject({
      "jprof.heap.used": 6000 * 1024 + 8 * mib,
      "jprof.heap.limit": 62 * mib,
    });
  });

  test("dates what counters tell with the last collection, where nothing tells more", async () => {
    const { samples } = await memoryCollector.collect(fakeTarget({ perfCounters: serial }), signal);
    const [used] = samples.filter(({ metric }) => metric.name === "jprof.heap.used");
    expect(used).toMatchObject({ value: 9 * mib, source: "perf-counters", takenAtMillis: takenAtMillis - 10_000 });
    const [committed] = samples.filter(({ metric }) => metric.name === "jprof.heap.committed");
    expect(committed).toMatchObject({ value: 62 * mib, takenAtMillis });
  });

  test("counts ZGC's heap once, though each of its generations may grow to all of it", async () => {
    const zgc = {
      "sun.gc.collector.2.name": "ZGC major collection pauses",
      "sun.gc.generation.0.capacity": 40 * mib,
      ...space(0, 0, [30 * mib, 40 * mib, 64 * mib]),
      ...space(1, 0, [10 * mib, 24 * mib, 64 * mib]),
      "sun.gc.generation.1.maxCapacity": 64 * mib,
    };
    const info = " ZHeap           used 50M, capacity 64M, max capacity 64M\n";
    const target = fakeTarget({
      perfCounters: zgc,
      jcmd: { "GC.heap_info": info },
      gcActivity: activity({ heap: 20 * mib }),
    });
    const values = valuesOf(await memoryCollector.collect(target, signal));
    expect(values).toMatchObject({
      "jprof.heap.used": 50 * mib,
      "jprof.heap.committed": 64 * mib,
      "jprof.heap.limit": 64 * mib,
      "jprof.heap.live": 20 * mib,
      "jvm.memory.limit ZGC Young Generation": 64 * mib,
      "jvm.memory.limit ZGC Old Generation": 64 * mib,
    });
    expect(Object.keys(values).filter((key) => key.startsWith("jvm.memory.used_after_last_gc"))).toEqual([]);
  });

  test("tells the heap by attach without counters, and by MBeans without attach", async () => {
    const byAttach = await memoryCollector.collect(fakeTarget({ jcmd: { "GC.heap_info": serialInfo } }), signal);
    expect(valuesOf(byAttach)).toMatchObject({
      "jvm.memory.used Tenured Gen": 8 * mib,
      "jprof.heap.used": 6000 * 1024 + 8 * mib,
    });
    const usage = { used: 10, committed: 20, max: -1, init: 5 };
    const mbeans = {
      "java.lang:type=Memory": { HeapMemoryUsage: { ...usage, max: 100 } },
      "java.lang:type=MemoryPool,name=*": {
        "java.lang:name=G1 Eden Space,type=MemoryPool": {
          Type: "HEAP",
          Usage: usage,
          CollectionUsage: { ...usage, used: 3 },
        },
        "java.lang:name=CodeHeap 'profiled nmethods',type=MemoryPool": { Type: "NON_HEAP", Usage: usage },
      },
    };
    const byBeans = await memoryCollector.collect(fakeTarget({ mbeans }), signal);
    expect(valuesOf(byBeans)).toEqual({
      "jvm.memory.used G1 Eden Space": 10,
      "jvm.memory.committed G1 Eden Space": 20,
      "jvm.memory.init G1 Eden Space": 5,
      "jvm.memory.used_after_last_gc G1 Eden Space": 3,
      "jprof.heap.used": 10,
      "jprof.heap.committed": 20,
      "jprof.heap.limit": 100,
    });
  });

  test("says of every metric that it cannot tell why", async () => {
    const target = fakeTarget({ perfCounters: noAnswer("no counters"), gcActivity: noAnswer("no collections") });
    const { samples, missing } = await memoryCollector.collect(target, signal);
    expect(samples).toEqual([]);
    expect(missing.flatMap(({ metrics }) => metrics).sort()).toEqual(
      memoryCollector.metrics.map(({ name }) => name).sort(),
    );
    expect(missing[0]?.reason).toMatch(/no counters.*no reply to GC.heap_info.*no MBeans/);
    expect(missing[1]?.reason).toBe("no collections");
  });
});
