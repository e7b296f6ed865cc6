import { describe, expect, test } from "vitest";
import { GcByEvents } from "../../src/jvm/gc-by-events.ts";

type Line = readonly [seconds: number, when: "before" | "after", collections: number, full: number, usedMiB: number];

/** What a JVM with ZGC, or one that prints its heap as ZGC does, keeps of its last collections. */
function historyOf(lines: readonly Line[]): string {
  const events = lines.map(([seconds, when, collections, full, usedMiB]) =>
    [
      `Event: ${seconds.toFixed(3)} {heap ${when === "before" ? "Before" : "After"} GC invocations=${collections} (full ${full}):`,
      ` ZHeap           used ${usedMiB}M, capacity 64M, max capacity 64M`,
      "}",
    ].join("\n"),
  );
  return `GC Heap Usage History (${lines.length} events):\n${events.join("\n")}\n\nVM Operations (0 events):\nNo events\n\n`;
}

/** The same of Serial: what is in use of eden and of the old generation, in KiB. */
type SerialLine = readonly [
  seconds: number,
  when: "Before" | "After",
  collections: number,
  full: number,
  eden: number,
  old: number,
];

function serialHistoryOf(lines: readonly SerialLine[]): string {
  const hex = (address: number) => `0x${address.toString(16).padStart(16, "0")}`;
  const events = lines.map(([seconds, when, collections, full, eden, old]) => {
    const [edenTop, oldTop] = [0x1000_0000 + eden * 1024, 0x2000_0000 + old * 1024].map(hex);
    return [
      `Event: ${seconds.toFixed(3)} {heap ${when} GC invocations=${collections} (full ${full}):`,
      ` DefNew     total 20000K, used ${eden}K [${hex(0x1000_0000)}, ${hex(0x1800_0000)}, ${hex(0x1800_0000)})`,
      `  eden space 17472K,  10% used [${hex(0x1000_0000)}, ${edenTop}, ${hex(0x1800_0000)})`,
      `  from space 2176K,   0% used [${hex(0x1800_0000)}, ${hex(0x1800_0000)}, ${hex(0x1900_0000)})`,
      `  to   space 2176K,   0% used [${hex(0x1900_0000)}, ${hex(0x1900_0000)}, ${hex(0x2000_0000)})`,
      ` Tenured    total 43712K, used ${old}K [${hex(0x2000_0000)}, ${hex(0x3000_0000)}, ${hex(0x3000_0000)})`,
      `  the  space 43712K,  56% used [${hex(0x2000_0000)}, ${oldTop}, ${hex(0x3000_0000)})`,
      "}",
    ].join("\n");
  });
  return `GC Heap Usage History (${lines.length} events):\n${events.join("\n")}\n\n`;
}

function operationsOf(lines: readonly string[]): string {
  const events = lines.map((line) => `Event: ${line}`);
  return `VM Operations (${lines.length} events):\n${events.join("\n")}\n\n`;
}

function told(watch: GcByEvents): readonly string[] {
  return watch.activity().events.map(({ name, cause, kind, durationSeconds }) => {
    return `${name} | ${cause} | ${kind} | ${durationSeconds}`;
  });
}

describe("collections by VM.events", () => {
  test("are told once, each with its duration, and none from before the first reply", () => {
    const watch = new GcByEvents("all");
    watch.take(
      serialHistoryOf([
        [1, "Before", 0, 0, 100, 0],
        [1.004, "After", 1, 0, 0, 50],
      ]),
    );
    expect(told(watch)).toEqual([]);
    const second = serialHistoryOf([
      [1, "Before", 0, 0, 100, 0],
      [1.004, "After", 1, 0, 0, 50],
      [2, "Before", 1, 0, 100, 50],
      [2.003, "After", 2, 0, 0, 80],
      [3, "Before", 2, 0, 40, 80],
      [3.02, "After", 3, 1, 0, 60],
    ]);
    watch.take(
      second +
        operationsOf([
          "1.999 Executing safepoint VM operation: X (Allocation Failure)",
          "2.004 Executing safepoint VM operation: X (Allocation Failure) done",
        ]),
    );
    expect(watch.activity()).toMatchObject({
      source: "attach",
      lostEvents: 0,
      allocatedBytes: 140 * 1024,
      allocationQuality: "per-gc",
      promotedBytes: 30 * 1024,
    });
    watch.take(second);
    expect(told(watch)).toEqual([]);
  });

  test("have names, causes where the JVM tells them, and what they left in use", () => {
    const watch = new GcByEvents("all");
    watch.take(
      serialHistoryOf([
        [1, "Before", 0, 0, 100, 0],
        [1.004, "After", 1, 0, 0, 50],
      ]),
    );
    watch.take(
      serialHistoryOf([
        [1.004, "After", 1, 0, 0, 50],
        [2, "Before", 1, 0, 100, 50],
        [2.003, "After", 2, 0, 0, 80],
        [3, "Before", 2, 0, 40, 80],
        [3.02, "After", 3, 1, 0, 60],
      ]) +
        operationsOf([
          "2.000 Executing safepoint VM operation: SerialCollectForAllocation (Allocation Failure)",
          "2.004 Executing safepoint VM operation: SerialCollectForAllocation (Allocation Failure) done",
        ]),
    );
    const activity = watch.activity();
    expect(activity.events.map(({ name, action, cause }) => [name, action, cause])).toEqual([
      ["Copy", "end of minor GC", "Allocation Failure"],
      ["MarkSweepCompact", "end of major GC", "unknown"],
    ]);
    expect([...activity.usedAfterGc]).toEqual([
      ["Eden Space", 0],
      ["Survivor Space", 0],
      ["Tenured Gen", 60 * 1024],
    ]);
  });

  test("that follow each other within one stop are both told, though Serial counts one", () => {
    const watch = new GcByEvents("all");
    watch.take(
      serialHistoryOf([
        [1, "Before", 0, 0, 100, 0],
        [1.004, "After", 1, 0, 0, 50],
      ]),
    );
    watch.take(
      serialHistoryOf([
        [1.004, "After", 1, 0, 0, 50],
        [2, "Before", 1, 0, 100, 50],
        [2.001, "After", 2, 0, 100, 50],
        [2.001, "Before", 2, 0, 100, 50],
        [2.011, "After", 2, 1, 0, 40],
      ]),
    );
    expect(told(watch)).toEqual(["Copy | unknown | pause | 0.001", "MarkSweepCompact | unknown | pause | 0.01"]);
  });

  test("that were overwritten between two replies are counted as lost", () => {
    const watch = new GcByEvents("all");
    watch.take(
      serialHistoryOf([
        [1, "Before", 0, 0, 100, 0],
        [1.004, "After", 1, 0, 0, 50],
      ]),
    );
    watch.take(
      serialHistoryOf([
        [9, "Before", 7, 0, 100, 50],
        [9.003, "After", 8, 0, 0, 80],
      ]),
    );
    const activity = watch.activity();
    expect(activity.lostEvents).toBe(6);
    expect(activity.events).toHaveLength(1);
    expect(activity.allocatedBytes).toBe(0);
  });

  test("of ZGC are cycles: minor ones, and major ones from the young part to the end of the old one", () => {
    const watch = new GcByEvents("cycles");
    const first: Line[] = [
      [1, "before", 0, 0, 40],
      [1.01, "after", 1, 1, 20],
      [1.01, "before", 1, 1, 20],
      [1.02, "after", 1, 1, 10],
    ];
    watch.take(historyOf(first));
    watch.take(
      historyOf([
        ...first,
        [2, "before", 1, 1, 50],
        [2.005, "after", 2, 1, 30],
        [3, "before", 2, 1, 50],
        [3.008, "after", 3, 2, 40],
        [3.008, "before", 3, 2, 40],
        // A minor collection while the old generation is collected.
        [3.02, "before", 3, 2, 50],
        [3.03, "after", 4, 2, 45],
        [3.108, "after", 4, 2, 25],
      ]),
    );
    expect(told(watch)).toEqual([
      "ZGC Minor Cycles | unknown | concurrent | 0.005",
      "ZGC Minor Cycles | unknown | concurrent | 0.01",
      "ZGC Major Cycles | unknown | concurrent | 0.108",
    ]);
    expect(watch.activity()).toMatchObject({ allocatedBytes: undefined, usedAfterGc: new Map([["heap", 25 << 20]]) });
  });

  test("of Shenandoah are the stops of the VM thread, and handshakes are none", () => {
    const watch = new GcByEvents("all");
    watch.take(
      operationsOf([
        "1.000 Executing VM operation: Shenandoah Init Marking",
        "1.001 Executing VM operation: Shenandoah Init Marking done",
      ]),
    );
    watch.take(
      operationsOf([
        "1.000 Executing VM operation: Shenandoah Init Marking",
        "1.001 Executing VM operation: Shenandoah Init Marking done",
        "1.500 Executing VM operation: HandshakeAllThreads",
        "1.500 Executing VM operation: HandshakeAllThreads done",
        "2.000 Executing VM operation: Shenandoah Degenerated GC",
        "2.045 Executing VM operation: Shenandoah Degenerated GC done",
      ]),
    );
    expect(told(watch)).toEqual(["Shenandoah Pauses | unknown | pause | 0.045"]);
    expect(watch.isSilent).toBe(false);
  });

  test("are not told by a JVM that had none", () => {
    const watch = new GcByEvents("all");
    watch.take("GC Heap Usage History (0 events):\nNo events\n\nVM Operations (0 events):\nNo events\n\n");
    expect(watch.isSilent).toBe(true);
  });
});
