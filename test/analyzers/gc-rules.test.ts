import { describe, expect, test } from "vitest";
import type { DrawnEvent } from "../drawn-recording.ts";
import { every, resultOfDrawing } from "./recording-findings.ts";

const mebibyte = 2 ** 20;

/** One collection with one pause, as the events that the JVM writes for it. */
interface DrawnCollection {
  readonly at: number;
  readonly name?: string;
  readonly cause?: string;
  readonly pause?: number;
  readonly before?: number;
  readonly after?: number;
}

function collections(all: readonly DrawnCollection[], maxBytes = 400 * mebibyte) {
  const withIds = all.map((one, gcId) => ({
    name: "G1New",
    cause: "G1 Evacuation Pause",
    pause: 0.01,
    before: 200,
    after: 100,
    ...one,
    gcId,
  }));
  return {
    "jdk.GarbageCollection": withIds.map(({ at, name, cause, pause, gcId }) => {
      return { startTime: at, duration: pause, gcId, name, cause, sumOfPauses: pause, longestPause: pause };
    }),
    "jdk.GCPhasePause": withIds.map(({ at, pause, gcId }) => ({
      startTime: at,
      duration: pause,
      gcId,
      name: "GC Pause",
    })),
    "jdk.GCHeapSummary": withIds.flatMap(({ at, pause, before, after, gcId }): DrawnEvent[] => [
      {
        startTime: at,
        gcId,
        when: "Before GC",
        heapUsed: before * mebibyte,
        "heapSpace.committedSize": maxBytes,
        "heapSpace.reservedSize": maxBytes,
      },
      {
        startTime: at + pause,
        gcId,
        when: "After GC",
        heapUsed: after * mebibyte,
        "heapSpace.committedSize": maxBytes,
        "heapSpace.reservedSize": maxBytes,
      },
    ]),
    "jdk.GCConfiguration": [{ youngCollector: "G1New", oldCollector: "G1Old", parallelGCThreads: 4, pauseTarget: 0.2 }],
    "jdk.GCHeapConfiguration": [{ maxSize: maxBytes, initialSize: maxBytes, usesCompressedOops: true }],
  };
}

function at(
  seconds: number,
  until: number,
  one: (index: number) => Omit<DrawnCollection, "at"> = () => ({}),
): DrawnCollection[] {
  return Array.from({ length: Math.floor(until / seconds) }, (_, index) => ({
    at: index * seconds + 0.5,
    ...one(index),
  }));
}

describe("gc/pause-ratio", () => {
  test("a calm hour hides no bad minute", () => {
    const tables = collections([
      ...at(10, 3000),
      ...at(1, 60, () => ({ pause: 0.15 })).map((one) => ({ ...one, at: one.at + 3000 })),
    ]);
    const found = resultOfDrawing({ durationSeconds: 3600, tables }).finding("gc/pause-ratio");
    expect(found?.severity).toBe("warning");
    expect(found?.title).toBe(
      "Collections stop the program for 15 % of the worst 1 min 0 s from +50 min 0 s, 0.3 % of all the time",
    );
  });

  test("short pauses say nothing, and a moment is no habit", () => {
    expect(
      resultOfDrawing({ durationSeconds: 600, tables: collections(at(5, 600)) }).finding("gc/pause-ratio"),
    ).toBeUndefined();
    const moment = resultOfDrawing({ durationSeconds: 3, tables: collections([{ at: 1, pause: 2 }]) }).finding(
      "gc/pause-ratio",
    );
    expect(moment?.severity).toBe("info");
  });
});

describe("gc/long-pause", () => {
  test("is judged by what the collector promises", () => {
    const pause = 0.15;
    const g1 = collections(at(10, 60, () => ({ pause })));
    expect(resultOfDrawing({ tables: g1 }).finding("gc/long-pause")).toBeUndefined();
    const zgc = {
      ...collections(at(10, 60, () => ({ pause, name: "ZGC Minor", cause: "Allocation Rate" }))),
      "jdk.GCConfiguration": [{ youngCollector: "ZGC Minor", oldCollector: "ZGC Major" }],
    };
    expect(resultOfDrawing({ tables: zgc }).finding("gc/long-pause")?.severity).toBe("warning");
  });

  test("names cause, phases, heap and the CPU that the collector had", () => {
    const tables = {
      ...collections([{ at: 10, pause: 2, before: 300, after: 250 }]),
      "jdk.GCPhasePauseLevel1": [
        { startTime: 10.1, duration: 1.7, gcId: 0, name: "Merge Heap Roots" },
        { startTime: 11.9, duration: 0.01, gcId: 0, name: "Other" },
      ],
      "jdk.GCCPUTime": [{ startTime: 12, gcId: 0, userTime: 3, systemTime: 0.5, realTime: 2 }],
    };
    const found = resultOfDrawing({ tables }).finding("gc/long-pause");
    expect(found?.title).toBe("A collection stopped the program for 2 s at +10 s (G1New, G1 Evacuation Pause)");
    expect(found?.evidence.map(({ label, value }) => [label, value])).toEqual([
      ["pauses of 500 ms or more", 1],
      ["goal (-XX:MaxGCPauseMillis)", "200 ms, missed by 1 of 1 pause"],
      ["heap", "300 MiB → 250 MiB"],
      ["Merge Heap Roots", 1.7],
      ["CPU time in user, kernel; by the clock", "3 s, 500 ms, 2 s"],
    ]);
  });
});

describe("gc/full", () => {
  test("tells who calls System.gc()", () => {
    const tables = {
      ...collections(at(10, 60, () => ({ name: "G1Full", cause: "System.gc()", pause: 0.1 }))),
      "jdk.SystemGC": every(10, 60, () => ({
        duration: 0.1,
        stackTrace: "a.Main.main;a.Cache.clear;java.lang.System.gc",
        eventThread: "main",
      })),
    };
    const found = resultOfDrawing({ tables }).finding("gc/full#systemGc");
    expect(found?.severity).toBe("warning");
    expect(found?.evidence.find(({ label }) => label === "called by")?.value).toBe("a.Cache.clear ← a.Main.main (6)");
  });

  test("one that nobody asked for is a warning of G1, and the normal work of Serial", () => {
    const cause = "G1 Compaction Pause";
    expect(
      resultOfDrawing({ tables: collections([{ at: 5, name: "G1Full", cause }]) }).finding("gc/full#outOfMemory")
        ?.severity,
    ).toBe("warning");
    const serial = {
      ...collections([{ at: 5, name: "SerialOld", cause: "Allocation Failure" }]),
      "jdk.GCConfiguration": [{ youngCollector: "DefNew", oldCollector: "SerialOld" }],
    };
    expect(resultOfDrawing({ tables: serial }).finding("gc/full#outOfMemory")).toBeUndefined();
  });

  test("each kind of cause is a finding of its own", () => {
    const causes = [
      "System.gc()",
      "Heap Inspection Initiated GC",
      "Metadata GC Threshold",
      "G1 Humongous Allocation",
      "G1 Evacuation Pause",
    ];
    const tables = collections(causes.map((cause, index) => ({ at: index + 1, name: "G1Full", cause })));
    expect(
      resultOfDrawing({ tables })
        .keys()
        .filter((key) => key.startsWith("gc/full")),
    ).toEqual([
      "gc/full#diagnosis",
      "gc/full#humongous",
      "gc/full#metadata",
      "gc/full#outOfMemory",
      "gc/full#systemGc",
    ]);
  });
});

describe("gc/allocation-stall", () => {
  test("counts the time in which any thread waits once", () => {
    const stalls = every(10, 60, (startTime) => ({
      startTime,
      duration: 0.5,
      eventThread: "request-1",
      size: 2 * mebibyte,
    }));
    const both = [...stalls, ...stalls.map((stall) => ({ ...stall, eventThread: "request-2" }))];
    const found = resultOfDrawing({ tables: { "jdk.ZAllocationStall": both } }).finding("gc/allocation-stall");
    expect(found?.severity).toBe("warning");
    expect(found?.impact).toEqual({ value: 3, unit: "seconds" });
    expect(found?.title).toBe(
      "12 allocations had to wait for the collector, up to 500 ms: for 5.0 % of the time some thread stood still",
    );
  });

  test("Shenandoah's degenerated cycles are the same fault", () => {
    const tables = {
      "jdk.GCPhasePause": [{ startTime: 3, duration: 0.2, gcId: 1, name: "Pause Degenerated GC (Mark)" }],
    };
    expect(resultOfDrawing({ tables }).finding("gc/allocation-stall")?.severity).toBe("warning");
  });
});

describe("gc/live-set-growing", () => {
  const grown = (perCollection: number, old: boolean) =>
    collections(
      at(10, 600, (index) => ({
        after: 50 + index * perCollection,
        before: 50 + index * perCollection + 60,
        name: old && index % 5 === 0 ? "G1Old" : "G1New",
      })),
    );

  test("is told with the time until the heap is full, once the old generation was collected", () => {
    const found = resultOfDrawing({ durationSeconds: 600, tables: grown(4, true) }).finding("gc/live-set-growing");
    expect(found?.severity).toBe("critical");
    expect(found?.title).toBe(
      "What survives collections grows by 24.0 MiB a minute: at this rate the heap is full in 5 min 5 s",
    );
  });

  test("is a hint only while there were young collections alone", () => {
    expect(
      resultOfDrawing({ durationSeconds: 600, tables: grown(4, false) }).finding("gc/live-set-growing")?.severity,
    ).toBe("info");
  });

  test("a warm-up, a step and a saw-tooth are none", () => {
    const shapes: ((index: number) => number)[] = [
      (index) => 50 + Math.min(index, 12) * 10,
      (index) => (index < 30 ? 80 : 200),
      (index) => 80 + (index % 10) * 15,
    ];
    for (const shape of shapes) {
      const tables = collections(
        at(10, 600, (index) => ({ after: shape(index), name: index % 5 === 0 ? "G1Old" : "G1New" })),
      );
      expect(resultOfDrawing({ durationSeconds: 600, tables }).finding("gc/live-set-growing")).toBeUndefined();
    }
  });
});

describe("gc/heap-limit", () => {
  test("a concurrent collector needs more room", () => {
    const full = (style: string) => ({
      ...collections(at(5, 60, () => ({ before: 390, after: 310, name: `${style} Minor` }))),
      "jdk.GCConfiguration": [{ youngCollector: `${style} Minor`, oldCollector: `${style} Major` }],
    });
    expect(resultOfDrawing({ tables: full("ZGC") }).finding("gc/heap-limit")?.severity).toBe("warning");
    expect(resultOfDrawing({ tables: full("Parallel") }).finding("gc/heap-limit")?.severity).toBe("info");
  });
});

describe("gc/starved-threads", () => {
  const times = (count: number, user: number) => ({
    "jdk.GCCPUTime": every(5, count * 5, (_, gcId) => ({ gcId, userTime: user, systemTime: 0, realTime: 0.2 })),
  });

  test("one collection without CPU is chance, ten are not", () => {
    expect(resultOfDrawing({ tables: times(1, 0.01) }).finding("gc/starved-threads")).toBeUndefined();
    expect(resultOfDrawing({ tables: times(10, 0.01) }).finding("gc/starved-threads")?.severity).toBe("warning");
  });

  test("two threads on one CPU are not starved", () => {
    expect(resultOfDrawing({ tables: times(10, 0.2) }).finding("gc/starved-threads")).toBeUndefined();
  });
});

test("gc/humongous proposes a region for the biggest object that was seen", () => {
  const tables = {
    ...collections(
      at(5, 60, (index) => ({ cause: index % 2 === 0 ? "G1 Humongous Allocation" : "G1 Evacuation Pause" })),
    ),
    "jdk.UnsignedLongFlag": [{ name: "G1HeapRegionSize", value: mebibyte, origin: "Ergonomic" }],
    "jdk.ObjectAllocationOutsideTLAB": [
      { startTime: 1, objectClass: "byte[]", allocationSize: 3 * mebibyte, stackTrace: "a.B.run;a.Buffers.grow" },
    ],
  };
  const found = resultOfDrawing({ tables }).finding("gc/humongous");
  expect(found?.title).toContain("6 of 12 collections (50 %)");
  expect(found?.advice).toContain("-XX:G1HeapRegionSize=8m");
  expect(found?.evidence.some(({ label }) => label === "byte[] in a.Buffers.grow ← a.B.run")).toBe(true);
});

test("gc/promotion sums what had to stay where it was", () => {
  const tables = {
    "jdk.EvacuationFailed": every(5, 20, (_, gcId) => ({
      gcId,
      "evacuationFailed.totalSize": mebibyte,
      "evacuationFailed.objectCount": 3,
    })),
  };
  expect(resultOfDrawing({ tables }).finding("gc/promotion#failed")?.title).toBe(
    "4 collections found no room for survivors: 4.00 MiB had to stay where they were",
  );
});

test("the section has the figures that scripts rely on", () => {
  const { sections } = resultOfDrawing({ tables: collections(at(10, 60, (index) => ({ pause: (index + 1) / 100 }))) });
  expect(sections.find(({ name }) => name === "gc")?.data).toMatchObject({
    collector: "G1",
    pauses: 6,
    pauseSeconds: { max: 0.06, p50: 0.03, p99: 0.06 },
    causes: [{ collector: "G1New", cause: "G1 Evacuation Pause", collections: 6 }],
  });
});
