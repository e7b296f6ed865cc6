import { describe, expect, test } from "vitest";
import { activityOf } from "./perf-file.ts";
import { changed, collector, watched } from "./watched.ts";

const millis = 1_000_000;

const shenandoah = {
  "sun.os.hrt.frequency": 1_000_000_000,
  "sun.rt.safepoints": 10,
  "sun.rt.safepointTime": 50 * millis,
  "sun.rt.safepointSyncTime": 5 * millis,
  "sun.gc.cause": "No GC",
  "sun.gc.lastCause": "Concurrent GC",
  ...collector(1, "Shenandoah full", [100, 500 * millis, 800 * millis, 810 * millis]),
  "sun.gc.generation.1.space.0.used": 10 << 20,
  "sun.gc.generation.1.space.0.capacity": 64 << 20,
};

describe("Shenandoah, which counts its phases and not its pauses", () => {
  test("pauses while a phase ends, for as long as the program stops, and the phases, each counted twice, are a cycle", () => {
    const { look, told } = watched(shenandoah);
    look({
      "sun.rt.safepoints": 11,
      "sun.rt.safepointTime": 52 * millis,
      "sun.rt.safepointSyncTime": 6 * millis,
      "sun.gc.cause": "Concurrent GC",
      ...changed(1, [104, 530 * millis, 1_000 * millis, 1_012 * millis]),
    });
    expect(told()).toEqual([]);
    look({ "sun.gc.cause": "No GC", ...changed(1, [106, 545 * millis, 1_020 * millis, 1_030 * millis]) });
    expect(told()).toEqual([
      "Shenandoah Pauses | unknown | 3.000 ms | ?",
      "Shenandoah Cycles | Concurrent GC | 22.500 ms | 1.03",
    ]);
  });

  test("is not blamed for a stop while it does nothing", () => {
    const { look, told } = watched(shenandoah);
    look({ "sun.rt.safepoints": 12, "sun.rt.safepointTime": 80 * millis });
    look({});
    look({});
    expect(told()).toEqual([]);
  });

  test("has a long pause told when it ends, apart from those before it", () => {
    const { look, told } = watched(shenandoah);
    const phase = changed(1, [101, 501 * millis, 1_000 * millis, 1_001 * millis]);
    look({ "sun.rt.safepoints": 12, "sun.rt.safepointTime": 51 * millis, "sun.gc.cause": "Concurrent GC", ...phase });
    look({});
    expect(told().map((line) => line.split(" | ")[2])).toEqual(["0.500 ms", "0.500 ms"]);
    look({ "sun.rt.safepoints": 13 });
    look({});
    look({ "sun.rt.safepointTime": 151 * millis });
    expect(told()).toEqual([expect.stringContaining("100.000 ms")]);
  });
});

const zgc = {
  "sun.os.hrt.frequency": 1_000_000_000,
  "sun.gc.cause": "No GC",
  "sun.gc.lastCause": "Warmup",
  "sun.gc.tlab.alloc": 1,
  "sun.gc.generation.0.capacity": 64 << 20,
  "sun.gc.generation.0.space.0.used": 10 << 20,
  "sun.gc.generation.1.space.0.used": 10 << 20,
  ...collector(0, "ZGC minor collection pauses", [30, millis, 800 * millis, 801 * millis]),
  ...collector(2, "ZGC major collection pauses", [10, millis, 700 * millis, 701 * millis]),
};

describe("ZGC", () => {
  test("tells its pauses with the cause that all of a cycle share, and what threads took as buffers with each cycle", () => {
    const { look, told, source } = watched(zgc);
    look({
      ...changed(0, [31, millis + 10_000, 1_000 * millis, 1_000_010_000]),
      "sun.gc.cause": "Allocation Rate",
      "sun.gc.tlab.alloc": (30 << 20) / 8,
    });
    look({
      ...changed(0, [33, millis + 40_000, 1_020 * millis, 1_020_020_000]),
      "sun.gc.cause": "No GC",
      "sun.gc.lastCause": "Allocation Rate",
    });
    expect(told().map((line) => line.split(" | ").slice(0, 3).join(" | "))).toEqual([
      "ZGC Minor Pauses | Allocation Rate | 0.010 ms",
      "ZGC Minor Pauses | Allocation Rate | 0.010 ms",
      "ZGC Minor Pauses | Allocation Rate | 0.020 ms",
    ]);
    expect(activityOf(source)).toMatchObject({
      allocatedBytes: 30 << 20,
      allocationQuality: "per-gc",
      promotedBytes: undefined,
    });
    expect(activityOf(source).usedAfterGc.size).toBe(0);
  });
});
