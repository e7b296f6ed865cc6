import { describe, expect, test } from "vitest";
import { activityOf, drawnProcess } from "./perf-file.ts";
import { changed, collector, watched } from "./watched.ts";

const millis = 1_000_000;

/** What a JVM with G1 had done when it was first seen. */
const g1 = {
  "sun.os.hrt.frequency": 1_000_000_000,
  "sun.gc.cause": "No GC",
  "sun.gc.lastCause": "G1 Evacuation Pause",
  "sun.gc.policy.name": "GarbageFirst",
  ...collector(0, "G1 young collection pauses", [3, 30 * millis, 900 * millis, 910 * millis]),
  ...collector(1, "G1 full collection pauses", [0, 0, 0, 0]),
  ...collector(2, "G1 concurrent cycle pauses", [0, 0, 0, 0]),
  "sun.gc.generation.0.space.0.used": 5 << 20,
  "sun.gc.generation.0.space.0.capacity": 20 << 20,
  "sun.gc.generation.0.space.2.used": 2 << 20,
  "sun.gc.generation.0.space.2.capacity": 2 << 20,
  "sun.gc.generation.1.space.0.used": 10 << 20,
  "sun.gc.generation.1.space.0.capacity": 40 << 20,
  "sun.gc.tlab.alloc": 0,
};

describe("a collection", () => {
  test("is told once, with its duration and end to the nanosecond", () => {
    const { look, told } = watched(g1);
    expect(told()).toEqual([]);
    look(changed(0, [4, 37_123_456, 1_000 * millis, 1_007_123_000]));
    expect(told()).toEqual(["G1 Young Generation | G1 Evacuation Pause | 7.123 ms | 1.007123"]);
    look({});
    expect(told()).toEqual([]);
  });

  test("is told when it has ended, not while it lasts", () => {
    const { look, told } = watched(g1);
    look({ ...changed(0, [4, 30 * millis, 1_000 * millis, 910 * millis]), "sun.gc.cause": "G1 Evacuation Pause" });
    expect(told()).toEqual([]);
    look({ ...changed(0, [4, 35 * millis, 1_000 * millis, 1_005 * millis]), "sun.gc.cause": "No GC" });
    expect(told()).toHaveLength(1);
  });

  test("waits for its duration, which the JVM writes after its end", () => {
    const { look, told } = watched(g1);
    look(changed(0, [4, 30 * millis, 1_000 * millis, 1_005 * millis]));
    expect(told()).toEqual([]);
    look(changed(0, [4, 35 * millis, 1_000 * millis, 1_005 * millis]));
    expect(told()).toEqual(["G1 Young Generation | G1 Evacuation Pause | 5.000 ms | 1.005"]);
  });

  test("that ended while the next one has begun has its own duration", () => {
    const { look, told } = watched(g1);
    look({ ...changed(0, [5, 33 * millis, 1_010 * millis, 1_003 * millis]), "sun.gc.cause": "System.gc()" });
    expect(told()).toEqual([expect.stringContaining("3.000 ms | 1.003")]);
  });
});

describe("collections between two looks", () => {
  test("have their own durations when there are two; the JVM tells the last one's cause only", () => {
    const { look, told, source } = watched(g1);
    look(changed(0, [5, 41 * millis, 1_020 * millis, 1_024 * millis]));
    expect(told()).toEqual([
      "G1 Young Generation | unknown | 7.000 ms | ?",
      "G1 Young Generation | G1 Evacuation Pause | 4.000 ms | 1.024",
    ]);
    expect(activityOf(source).mergedEvents).toBe(0);
  });

  test("are told as a mean, but for the last one, when there are more, and counted", () => {
    const { look, told, source } = watched(g1);
    look(changed(0, [7, 46 * millis, 1_040 * millis, 1_044 * millis]));
    expect(told().map((line) => line.split(" | ")[2])).toEqual(["4.000 ms", "4.000 ms", "4.000 ms", "4.000 ms"]);
    expect(activityOf(source)).toMatchObject({ mergedEvents: 3, lostEvents: 0 });
  });

  test("of several kinds are told in the order of their ends; Remark and Cleanup of G1 have no cause", () => {
    const { look, told } = watched(g1);
    look({
      ...changed(2, [2, 3 * millis, 1_030 * millis, 1_031 * millis]),
      ...changed(0, [4, 35 * millis, 1_000 * millis, 1_005 * millis]),
    });
    expect(told()).toEqual([
      "G1 Concurrent GC | No GC | 2.000 ms | ?",
      "G1 Young Generation | G1 Evacuation Pause | 5.000 ms | 1.005",
      "G1 Concurrent GC | No GC | 1.000 ms | 1.031",
    ]);
  });

  test("that nobody asks for are given up, oldest first, and counted as lost", () => {
    const { look, source } = watched(g1);
    for (let i = 1; i <= 3; i++) look(changed(0, [3 + 5_000 * i, (30 + 5_000 * i) * millis, 1e12 + i, 1e12 + i]));
    const { events, lostEvents } = activityOf(source);
    expect(events.length + lostEvents).toBe(15_000);
    expect(events.length).toBeLessThanOrEqual(11_000);
  });
});

describe("the heap", () => {
  test("grows by what is allocated between collections, and by what filled eden until one", () => {
    const { look, source } = watched(g1);
    look({ "sun.gc.generation.0.space.0.used": 12 << 20 });
    expect(activityOf(source)).toMatchObject({ allocatedBytes: 7 << 20, allocationQuality: "exact" });
    look({
      ...changed(0, [4, 35 * millis, 1_000 * millis, 1_005 * millis]),
      "sun.gc.generation.0.space.0.used": 1 << 20,
      "sun.gc.generation.1.space.0.used": 13 << 20,
      "sun.gc.tlab.alloc": (19 << 20) / 8,
    });
    const activity = activityOf(source);
    expect(activity.allocatedBytes).toBe((7 + 7 + 1) << 20);
    expect(activity.promotedBytes).toBe(3 << 20);
    expect(Object.fromEntries(activity.usedAfterGc)).toEqual({
      "G1 Eden Space": 0,
      "G1 Survivor Space": 2 << 20,
      "G1 Old Gen": 13 << 20,
    });
  });

  test("counts its old generation after a collection of that, once there was one", () => {
    const { look, source } = watched(g1);
    const old = () => activityOf(source).usedAfterGc.get("G1 Old Gen");
    look({
      ...changed(0, [4, 35 * millis, 1_000 * millis, 1_005 * millis]),
      "sun.gc.generation.1.space.0.used": 20 << 20,
    });
    expect(old()).toBe(20 << 20);
    look({
      ...changed(0, [5, 36 * millis, 1_100 * millis, 1_101 * millis]),
      "sun.gc.generation.1.space.0.used": 15 << 20,
    });
    expect(old()).toBe(15 << 20);
    look({
      ...changed(0, [6, 37 * millis, 1_200 * millis, 1_201 * millis]),
      "sun.gc.generation.1.space.0.used": 25 << 20,
    });
    expect(old()).toBe(15 << 20);
  });

  test("is looked at once a collection is over, not when its pause has ended", () => {
    const { look, source } = watched(g1);
    look({
      ...changed(1, [1, 35 * millis, 1_000 * millis, 1_035 * millis]),
      "sun.gc.cause": "System.gc()",
      "sun.gc.generation.1.space.0.used": 30 << 20,
    });
    expect(activityOf(source).usedAfterGc.size).toBe(0);
    look({ "sun.gc.cause": "No GC", "sun.gc.lastCause": "System.gc()", "sun.gc.generation.1.space.0.used": 8 << 20 });
    expect(activityOf(source).usedAfterGc.get("G1 Old Gen")).toBe(8 << 20);
  });
});

test("A JVM whose collector is not known has counters, but tells nothing of collections", () => {
  const process = drawnProcess();
  process.write({ "java.threads.live": 11 });
  const source = process.open();
  source.tick();
  expect(source.read().ok).toBe(true);
  expect(source.activity()).toMatchObject({ ok: false, reason: expect.stringContaining("collector") });
});
