import { describe, expect, test } from "vitest";
import { memorySource } from "../../../src/bytes/byte-source.ts";
import { lastingName } from "../../../src/formats/jfr/frame-names.ts";
import { type RecordingReadOptions, readRecording } from "../../../src/formats/jfr/read-recording.ts";
import { FormatError } from "../../../src/model/errors.ts";
import type { Profile } from "../../../src/model/profile.ts";
import { commonTypes, eventType, type WrittenChunk, type WrittenField, writeRecording } from "../../jfr-writer.ts";

const ticks = { "jdk.jfr.Timespan": "TICKS" };
const stack: WrittenField = { name: "stackTrace", type: "jdk.types.StackTrace", isConstant: true };
const thread: WrittenField = { name: "eventThread", type: "java.lang.Thread", isConstant: true };
const text = (name: string): WrittenField => ({ name, type: "java.lang.String" });
const bytes = (name: string): WrittenField => ({ name, type: "long", annotations: { "jdk.jfr.DataAmount": "BYTES" } });
const address: WrittenField = { name: "address", type: "long", annotations: { "jdk.jfr.MemoryAddress": "" } };
const duration: WrittenField = { name: "duration", type: "long", annotations: ticks };

const types = [
  ...commonTypes,
  { name: "jdk.jfr.MemoryAddress", superType: "java.lang.annotation.Annotation" },
  eventType("jdk.ActiveRecording", [text("name")]),
  eventType("jdk.ActiveSetting", [{ name: "id", type: "long" }, text("name"), text("value")], { id: 900 }),
  eventType(
    "jdk.ExecutionSample",
    [
      { name: "sampledThread", type: "java.lang.Thread", isConstant: true },
      stack,
      { name: "state", type: "jdk.types.ThreadState", isConstant: true },
    ],
    { id: 901 },
  ),
  eventType("jdk.CPUTimeSample", [
    stack,
    thread,
    { name: "failed", type: "boolean" },
    { name: "samplingPeriod", type: "long", annotations: ticks },
  ]),
  eventType("jdk.CPUTimeSamplesLost", [{ name: "lostSamples", type: "int" }, thread]),
  eventType("jdk.DataLoss", [bytes("amount"), bytes("total")]),
  eventType("jdk.FileRead", [duration, thread, stack, text("path"), bytes("bytesRead")], { id: 902 }),
  eventType("jdk.CPULoad", [{ name: "jvmUser", type: "float" }]),
  eventType("jdk.InitialEnvironmentVariable", [text("key"), text("value")]),
  eventType("profiler.Malloc", [thread, stack, address, bytes("size")]),
  eventType("profiler.Free", [thread, stack, address]),
].filter((type, index, all) => all.findIndex(({ name }) => name === type.name) === index);

/** Stacks 1: `a.B.run` → `a.B.work`; 2: the same, cut by the JVM; 3: `a.B.run` → `write` in native code. */
const constants = {
  "java.lang.Thread": [
    [1, { osName: "w-1", osThreadId: 11, javaName: "worker-1", javaThreadId: 5, group: 0, virtual: false }],
    [2, { osName: "", osThreadId: 0, javaName: "", javaThreadId: 6, group: 0, virtual: true }],
    [3, { osName: "GC Thread#0", osThreadId: 12, javaName: null, javaThreadId: 0, group: 0, virtual: false }],
  ],
  "jdk.types.ThreadState": [
    [1, "STATE_DEFAULT"],
    [2, "STATE_RUNNABLE"],
    [3, "STATE_SLEEPING"],
  ],
  "jdk.types.FrameType": [
    [1, "JIT compiled"],
    [2, "Native"],
  ],
  "jdk.types.Symbol": [
    [1, "a/B"],
    [2, "run"],
    [3, "work"],
    [4, "write"],
    [5, "()V"],
    [6, "()L;"],
    [7, "libc.so.6"],
  ],
  "java.lang.Class": [
    [1, { name: 1, modifiers: 0 }],
    [2, { name: 7, modifiers: 0 }],
  ],
  "jdk.types.Method": [
    [1, { type: 1, name: 2, descriptor: 5, modifiers: 0, hidden: false }],
    [2, { type: 1, name: 3, descriptor: 5, modifiers: 0, hidden: false }],
    [3, { type: 2, name: 4, descriptor: 6, modifiers: 0, hidden: false }],
  ],
  "jdk.types.StackTrace": [
    [1, { truncated: false, frames: [frame(2, 42, 1), frame(1, 7, 1)] }],
    [2, { truncated: true, frames: [frame(2, 43, 1), frame(1, 7, 1)] }],
    [3, { truncated: false, frames: [frame(3, 0, 2), frame(1, 7, 1)] }],
  ],
} as const;

function frame(method: number, lineNumber: number, type: number) {
  return { method, lineNumber, bytecodeIndex: 0, type };
}

type Row = readonly [type: string, values: Readonly<Record<string, number | string | boolean | bigint>>];

/** A chunk of 1000 ticks a second that begins at tick 0 and at `second`. */
function chunkOf(rows: readonly Row[], second = 0): WrittenChunk {
  return {
    types,
    ticksPerSecond: 1_000n,
    startTicks: 0n,
    startNanos: BigInt(1_700_000_000 + second) * 1_000_000_000n,
    durationNanos: 10_000_000_000n,
    parts: [...rows.map(([type, values]) => ({ event: { type, values } })), { checkpoint: constants }],
  };
}

function read(rows: readonly Row[], options: RecordingReadOptions = {}) {
  return readRecording(memorySource("test.jfr", writeRecording(chunkOf(rows))), options);
}

const setting = (id: number, name: string, value: string): Row => [
  "jdk.ActiveSetting",
  { startTime: 0, id, name, value },
];
const sample = (startTime: number, state: number, stackTrace = 1): Row => [
  "jdk.ExecutionSample",
  { startTime, sampledThread: 1, stackTrace, state },
];

describe("samples of threads", () => {
  test("are a CPU profile of the JVM whatever their state is called, and weigh a period each", () => {
    const { profiles } = read([setting(901, "period", "20 ms"), sample(2_000, 2), sample(1_000, 2, 2)]);
    const [cpu] = profiles.profiles;
    expect(summary(cpu!)).toEqual({
      kind: "cpu",
      unit: "seconds",
      samples: 2,
      total: 0.04,
      truncated: 1,
      withoutStack: 0,
    });
    expect([...cpu!.sampleSeconds!]).toEqual([1, 2]);
    expect([...cpu!.sampleLine!]).toEqual([43, 42]);
    expect(pathOf(cpu!, 0)).toBe("a.B.run;a.B.work");
    expect(cpu!.confidence.notes.join()).toContain("at most five threads");
  });

  test("are of the CPU and of the wall clock apart where async-profiler took both", () => {
    const settings = [setting(901, "interval", "10000000"), setting(901, "wall", "200000000")];
    const { profiles } = read([...settings, sample(1, 1), sample(2, 2), sample(3, 3), sample(4, 3, 3)]);
    expect(profiles.profiles.map(summary)).toMatchObject([
      { kind: "cpu", samples: 1, total: 0.01 },
      { kind: "wall", samples: 3, total: 0.6 },
    ]);
    expect(pathOf(profiles.profiles[1]!, 2)).toBe("a.B.run;write");
    expect(profiles.profiles[1]!.stacks.frameKindOf.includes(1)).toBe(true);
  });

  test("are counted where nothing tells how far they are apart", () => {
    const [profile] = read([sample(1, 2)]).profiles.profiles;
    expect(profile).toMatchObject({ kind: "unknown", unit: "count" });
    expect(profile!.confidence.notes).toEqual([
      "the recording does not tell how far samples are apart: they are counted",
    ]);
  });

  test("by CPU time weigh their own period, failed ones too, and what was lost is told", () => {
    const { profiles } = read([
      ["jdk.CPUTimeSample", { startTime: 1, stackTrace: 1, eventThread: 1, failed: false, samplingPeriod: 10 }],
      ["jdk.CPUTimeSample", { startTime: 2, stackTrace: 0, eventThread: 1, failed: true, samplingPeriod: 30 }],
      ["jdk.CPUTimeSamplesLost", { startTime: 3, lostSamples: 7, eventThread: 1 }],
    ]);
    const cpu = profiles.profiles.find(({ event }) => event === "jdk.CPUTimeSample")!;
    expect(summary(cpu)).toMatchObject({ samples: 2, total: 0.04, withoutStack: 1 });
    expect(cpu.confidence.lostSamples).toBe(7);
  });
});

test("native memory that is not freed is what no later free has the address of, exactly", () => {
  const malloc = (startTime: number, at: bigint, size: number): Row => [
    "profiler.Malloc",
    { startTime, eventThread: 1, stackTrace: 3, address: at, size },
  ];
  const free = (startTime: number, at: bigint): Row => [
    "profiler.Free",
    { startTime, eventThread: 3, stackTrace: 0, address: at },
  ];
  const high = 0x7fff_ffff_ffff_f000n;
  const { profiles } = read([
    free(5, high),
    malloc(1, high, 100),
    malloc(2, high + 16n, 30),
    malloc(9, high, 7),
    free(4, 64n),
  ]);
  const leak = profiles.profiles.find(({ kind }) => kind === "native-leak")!;
  expect([...leak.sampleWeight]).toEqual([30, 7]);
  expect(profiles.profiles.find(({ kind }) => kind === "native")!.sampleWeight.length).toBe(3);
});

describe("tables", () => {
  const reads = Array.from(
    { length: 50 },
    (_, i): Row => [
      "jdk.FileRead",
      { startTime: 50 - i, duration: i, eventThread: 1 + (i % 3), stackTrace: 1, path: `/data/${i % 2}`, bytesRead: i },
    ],
  );

  test("hold events in the order of time, with their threads, stacks and texts", () => {
    const { recording } = read(reads);
    const { rows, columns, omittedRows } = recording.tables.get("jdk.FileRead")!;
    expect([rows, omittedRows]).toEqual([50, 0]);
    expect(columns.get("startTime")!.values[0]).toBe(0.001);
    expect(columns.get("duration")).toMatchObject({ kind: "number", unit: "seconds" });
    expect(columns.get("bytesRead")).toMatchObject({ kind: "number", unit: "bytes" });
    expect(columns.get("path")).toMatchObject({ kind: "text", texts: ["/data/0", "/data/1"] });
    expect(recording.threads.map(({ name, pool, isVirtual }) => [name, pool, isVirtual])).toEqual([
      ["worker-1", "worker-*", false],
      ["", "virtual", true],
      ["GC Thread#0", "GC Thread#*", false],
    ]);
  });

  test("that are full keep the longest events and add up the others", () => {
    for (const maxRowsPerTable of [1, 7, 30, 49]) {
      const { rows, omittedRows, omittedSeconds, columns } = read(reads, { maxRowsPerTable }).recording.tables.get(
        "jdk.FileRead",
      )!;
      expect([rows, omittedRows]).toEqual([maxRowsPerTable, 50 - maxRowsPerTable]);
      const kept = [...columns.get("duration")!.values]
        .sort((a, b) => a - b)
        .map((seconds) => Math.round(seconds * 1_000));
      expect(kept).toEqual(Array.from({ length: rows }, (_, i) => 50 - rows + i));
      expect(omittedSeconds + kept.reduce((sum, millis) => sum + millis / 1_000, 0)).toBeCloseTo(1.225, 9);
    }
  });

  test("without durations keep every so many-th event", () => {
    const loads = Array.from({ length: 100 }, (_, i): Row => ["jdk.CPULoad", { startTime: i, jvmUser: 0.5 }]);
    const { rows, omittedRows, columns } = read(loads, { maxRowsPerTable: 30 }).recording.tables.get("jdk.CPULoad")!;
    expect(rows + omittedRows).toBe(100);
    const starts = [...columns.get("startTime")!.values].map((seconds) => Math.round(seconds * 1_000));
    expect(starts).toEqual(Array.from({ length: rows }, (_, i) => i * 4));
  });

  test("of what is private are only made when they are named", () => {
    const secret: Row = ["jdk.InitialEnvironmentVariable", { startTime: 1, key: "TOKEN", value: "hunter2" }];
    expect(JSON.stringify([...read([secret]).recording.tables.keys()])).not.toContain("Environment");
    expect(read([secret], { tables: ["jdk.InitialEnvironmentVariable"] }).recording.tables.size).toBe(1);
    expect(read([secret], { tables: "all" }).recording.tables.size).toBe(1);
  });
});

test("a stack has one number in all chunks, and a thread too", () => {
  const bytesOfTwo = writeRecording(chunkOf([sample(1, 2)]), chunkOf([sample(1, 2), sample(2, 2, 3)], 10));
  const { recording, profiles } = readRecording(memorySource("two.jfr", bytesOfTwo));
  expect(recording.threads.length).toBe(1);
  expect(recording.stacks.stackFrame.length).toBe(3);
  expect(profiles.profiles[0]!.sampleStack[0]).toBe(profiles.profiles[0]!.sampleStack[1]);
});

test("a recording cut at any byte, or changed at any, is read or refused", () => {
  const whole = writeRecording(
    chunkOf([setting(901, "period", "20 ms"), sample(1, 2), ["jdk.DataLoss", { startTime: 1, amount: 5, total: 5 }]]),
  );
  const attempt = (content: Uint8Array) => {
    try {
      return readRecording(memorySource("cut.jfr", content)).profiles.profiles.length;
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError);
      return -1;
    }
  };
  expect(attempt(whole)).toBe(1);
  for (let at = 0; at < whole.length; at += 7) {
    attempt(whole.slice(0, at));
    const damaged = whole.slice();
    damaged[at]! ^= 0x81;
    attempt(damaged);
  }
});

test.each([
  ["a.B$$Lambda.0x00007f12ac001c00.run", "a.B$$Lambda.run"],
  ["a.B$$Lambda$14.0x0000000800c03000.run", "a.B$$Lambda.run"],
  ["a.B$$Lambda+0x00007f12ac001c00/1421795058.run", "a.B$$Lambda.run"],
  [
    "java.lang.invoke.LambdaForm$DMH+0x00007ffa1c3a4000/1217968036.invokeInterface",
    "java.lang.invoke.LambdaForm$DMH.invokeInterface",
  ],
  ["jdk.internal.reflect.GeneratedMethodAccessor31.invoke", "jdk.internal.reflect.GeneratedMethodAccessor.invoke"],
  ["a.B.lambda$run$0", "a.B.lambda$run$0"],
])("the name %s lasts as %s", (name, lasting) => {
  expect(lastingName(name)).toBe(lasting);
});

function summary({ kind, unit, sampleCount, sampleWeight, confidence }: Profile) {
  return {
    kind,
    unit,
    samples: sampleCount.reduce((sum, count) => sum + count, 0),
    total: Number(sampleWeight.reduce((sum, weight) => sum + weight, 0).toPrecision(12)),
    truncated: confidence.truncatedStacks,
    withoutStack: confidence.samplesWithoutStack,
  };
}

function pathOf({ stacks, sampleStack }: Profile, sampleIndex: number): string {
  const names: string[] = [];
  for (let at = sampleStack[sampleIndex]!; at >= 0; at = stacks.stackCaller[at]!) {
    names.unshift(stacks.frameNames[stacks.stackFrame[at]!]!);
  }
  return names.join(";");
}
