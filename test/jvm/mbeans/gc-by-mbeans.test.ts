import { expect, test } from "vitest";
import { GcByMBeans, gcReads } from "../../../src/jvm/mbeans/gc-by-mbeans.ts";
import type { Answer } from "../../../src/model/answer.ts";
import type { GcActivity } from "../../../src/model/gc-event.ts";

const young = "java.lang:name=G1 Young Generation,type=GarbageCollector";
const cycles = "java.lang:name=ZGC Major Cycles,type=GarbageCollector";

function answered(value: unknown): Answer<unknown> {
  return { ok: true, value, source: "mbeans", takenAtMillis: 5 };
}

/** A collector with `count` collections that took `millis` in all, the last of them `last`. */
function bean(count: number, millis: number, last = 0): unknown {
  const LastGcInfo = count === 0 ? null : { id: count, duration: last, startTime: 900, endTime: 1_000 + count };
  return { CollectionCount: count, CollectionTime: millis, LastGcInfo };
}

function activityOf(gc: GcByMBeans, beans: Record<string, unknown>, allocated?: number): GcActivity {
  const pools = { "java.lang:name=G1 Old Gen,type=MemoryPool": { CollectionUsage: { used: 70 } } };
  const threading = allocated === undefined ? answered({}) : answered({ TotalThreadAllocatedBytes: allocated });
  const activity = gc.accept([answered(beans), answered(pools), threading]);
  if (!activity.ok) throw new Error(activity.reason);
  return activity.value;
}

test("the first look tells no collection: they were before it", () => {
  const gc = new GcByMBeans();
  expect(gcReads).toHaveLength(3);
  expect(activityOf(gc, { [young]: bean(9, 90, 12) }, 1_000)).toEqual({
    source: "mbeans",
    events: [],
    mergedEvents: 0,
    lostEvents: 0,
    allocatedBytes: 0,
    allocationQuality: "exact",
    promotedBytes: undefined,
    usedAfterGc: new Map([["G1 Old Gen", 70]]),
  });
});

test("one collection since the last look is told as it was, and none as none", () => {
  const gc = new GcByMBeans();
  activityOf(gc, { [young]: bean(9, 90, 12) }, 1_000);
  const { events, allocatedBytes } = activityOf(gc, { [young]: bean(10, 107, 17) }, 3_500);
  expect(events).toEqual([
    {
      name: "G1 Young Generation",
      action: "end of minor GC",
      cause: "unknown",
      kind: "pause",
      durationSeconds: 0.017,
      endSeconds: 1.01,
    },
  ]);
  expect(allocatedBytes).toBe(2_500);
  expect(activityOf(gc, { [young]: bean(10, 107, 17) }, 3_500).events).toEqual([]);
});

test("of several since the last look the last is told as it was, and the others by their mean, which is counted", () => {
  const gc = new GcByMBeans();
  activityOf(gc, { [young]: bean(9, 90, 12), [cycles]: bean(0, 0) });
  const { events, mergedEvents, allocatedBytes, allocationQuality } = activityOf(gc, {
    [young]: bean(12, 130, 30),
    [cycles]: bean(1, 400, 400),
  });
  expect(events.map(({ name, kind, durationSeconds }) => [name, kind, durationSeconds])).toEqual([
    ["G1 Young Generation", "pause", 0.005],
    ["G1 Young Generation", "pause", 0.005],
    ["ZGC Major Cycles", "concurrent", 0.4],
    ["G1 Young Generation", "pause", 0.03],
  ]);
  expect(mergedEvents).toBe(2);
  expect([allocatedBytes, allocationQuality]).toEqual([undefined, undefined]);
});

test("more than can be told are counted as lost", () => {
  const gc = new GcByMBeans();
  activityOf(gc, { [young]: bean(0, 0) });
  const { events, mergedEvents, lostEvents } = activityOf(gc, { [young]: bean(10_006, 10_006, 1) });
  expect([events.length, mergedEvents, lostEvents]).toEqual([10_001, 10_000, 5]);
});

test("before the first collection nothing is said of what it left", () => {
  expect(activityOf(new GcByMBeans(), { [young]: bean(0, 0) }).usedAfterGc).toEqual(new Map());
});

test("where the collectors cannot be read, there is the reason", () => {
  const refusal = { ok: false, code: "denied", reason: "forbidden" } as const;
  expect(new GcByMBeans().accept([refusal, refusal, refusal])).toEqual(refusal);
  expect(new GcByMBeans().accept([])).toMatchObject({ ok: false });
});
