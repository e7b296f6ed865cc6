import { describe, expect, test } from "vitest";
import { allocationCollector } from "../../collectors/allocation.ts";
import { gcCollector } from "../../collectors/gc.ts";
import type { GcActivity } from "../../src/model/gc-event.ts";
import { fakeTarget, noAnswer, takenAtMillis } from "./fake-target.ts";

const activity: GcActivity = {
  source: "perf-counters",
  events: [
    {
      name: "G1 Young Generation",
      action: "end of minor GC",
      cause: "G1 Evacuation Pause",
      kind: "pause",
      durationSeconds: 0.0071,
      endSeconds: 12.5,
    },
    {
      name: "ZGC Major Cycles",
      action: "end of GC cycle",
      cause: "Proactive",
      kind: "concurrent",
      durationSeconds: 1.25,
      endSeconds: 13,
    },
  ],
  mergedEvents: 3,
  lostEvents: 1,
  allocatedBytes: 4096,
  allocationQuality: "per-gc",
  promotedBytes: 512,
  usedAfterGc: new Map(),
};
const signal = new AbortController().signal;

describe("the gc collector", () => {
  test("tells each collection as an observation, and how many were merged and lost", async () => {
    const { samples, missing } = await gcCollector.collect(fakeTarget({ gcActivity: activity }), signal);
    expect(samples.map(({ metric, value, labels }) => [metric.name, value, Object.values(labels).join(" | ")])).toEqual(
      [
        ["jvm.gc.duration", 0.0071, "G1 Young Generation | end of minor GC | G1 Evacuation Pause | pause"],
        ["jvm.gc.duration", 1.25, "ZGC Major Cycles | end of GC cycle | Proactive | concurrent"],
        ["jprof.gc.events.merged", 3, ""],
        ["jprof.gc.events.lost", 1, ""],
      ],
    );
    expect(samples[0]).toMatchObject({ source: "perf-counters", takenAtMillis });
    expect(missing).toEqual([]);
  });

  test("says why there is nothing", async () => {
    const target = fakeTarget({ gcActivity: noAnswer("no counters; and no attach") });
    expect(await gcCollector.collect(target, signal)).toEqual({
      samples: [],
      missing: [{ metrics: gcCollector.metrics.map(({ name }) => name), reason: "no counters; and no attach" }],
    });
  });
});

describe("the allocation collector", () => {
  test("tells what was allocated, and how that is known, and what was promoted", async () => {
    const { samples } = await allocationCollector.collect(fakeTarget({ gcActivity: activity }), signal);
    expect(samples.map(({ metric, value, labels }) => [metric.name, value, labels])).toEqual([
      ["jvm.memory.allocation", 4096, { "jprof.allocation.quality": "per-gc" }],
      ["jprof.memory.promotion", 512, {}],
    ]);
  });

  test("asks the MBeans where the collector does not show it", async () => {
    const untold = { ...activity, allocatedBytes: undefined, allocationQuality: undefined, promotedBytes: undefined };
    const mbeans = { "java.lang:type=Threading": { TotalThreadAllocatedBytes: 123_456 } };
    const told = await allocationCollector.collect(fakeTarget({ gcActivity: untold, mbeans }), signal);
    expect(told.samples).toMatchObject([
      { value: 123_456, labels: { "jprof.allocation.quality": "exact" }, source: "mbeans" },
    ]);
    const none = await allocationCollector.collect(fakeTarget({ gcActivity: untold }), signal);
    expect(none.samples).toEqual([]);
    expect(none.missing[0]?.reason).toMatch(/does not show what is allocated; and by MBeans: no MBeans/);
  });
});
