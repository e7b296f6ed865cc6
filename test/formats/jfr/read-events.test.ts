import { describe, expect, test } from "vitest";
import { commonTypes, eventType, type WrittenChunk, type WrittenType, writeRecording } from "../../jfr-writer.ts";
import { eventsOf } from "./events-of.ts";

const thread = { name: "eventThread", type: "java.lang.Thread", isConstant: true };
const stackTrace = { name: "stackTrace", type: "jdk.types.StackTrace", isConstant: true };

const sample = eventType("test.Sample", [
  thread,
  stackTrace,
  { name: "state", type: "jdk.types.ThreadState", isConstant: true },
]);
const constants = {
  "java.lang.Thread": [
    [7, { osName: "os-7", osThreadId: 70, javaName: "worker-7", javaThreadId: 17, group: 3, virtual: true }],
    [8, { osName: "VM Thread", osThreadId: 80, javaName: null, javaThreadId: 0, group: 0, virtual: false }],
  ],
  "jdk.types.StackTrace": [
    [
      -5n,
      {
        truncated: true,
        frames: [
          { method: 2n ** 63n + 9n, lineNumber: 42, bytecodeIndex: 3, type: 1 },
          { method: 11, lineNumber: -1, bytecodeIndex: -1, type: 300 },
        ],
      },
    ],
  ],
  "jdk.types.Method": [
    [2n ** 63n + 9n, { type: 1, name: 21, descriptor: 22, modifiers: 1, hidden: false }],
    [11, { type: 2, name: 22, descriptor: 22, modifiers: 1, hidden: false }],
  ],
  "java.lang.Class": [
    [1, { name: 31, modifiers: 0 }],
    [2, { name: 32, modifiers: 0 }],
  ],
  "jdk.types.Symbol": [
    [21, "run"],
    [22, "main"],
    [31, "com/acme/Wal$Entry"],
    [32, "[Lcom/acme/Wal;"],
  ],
  "jdk.types.FrameType": [
    [1, "Inlined"],
    [300, "Native"],
  ],
  "jdk.types.ThreadGroup": [
    [3, { parent: 4, name: "main" }],
    [4, { parent: 0, name: "system" }],
  ],
  "jdk.types.ThreadState": [[1, "STATE_RUNNABLE"]],
} as const;

function chunkOf(
  type: WrittenType,
  values: readonly WrittenChunk["parts"][number][],
  more: Partial<WrittenChunk> = {},
): WrittenChunk {
  return { types: [...commonTypes, type], parts: values, ...more };
}

/** A chunk of events of one type with one field. */
function fieldChunk(
  field: Parameters<typeof eventType>[1][number],
  values: readonly unknown[],
  more: Partial<WrittenChunk> = {},
) {
  const type = eventType("test.Field", [field]);
  const parts = values.map((value) => ({
    event: { type: type.name, values: { startTime: 0, [field.name]: value } as never },
  }));
  return chunkOf(type, parts, more);
}

function readField(
  field: Parameters<typeof eventType>[1][number],
  values: readonly unknown[],
  more: Partial<WrittenChunk> = {},
) {
  const { read, events } = eventsOf(writeRecording(fieldChunk(field, values, more)));
  expect(read.losses).toEqual([]);
  return { read, values: events.map((event) => event.values[field.name]) };
}

describe.each([{}, { hasPaddedIntegers: true }, { hasFixedIntegers: true }])("integers %o", (integers) => {
  test("constants refer to others that come later, by keys of 64 bits", () => {
    const event = { type: "test.Sample", values: { startTime: 1000, eventThread: 7, stackTrace: -5n, state: 1 } };
    const parts = [{ checkpoint: constants }, { event }];
    let threads: unknown[] = [];
    const { read, events } = eventsOf(writeRecording(chunkOf(sample, parts, integers)), {
      endChunk: (chunk) => {
        threads = [0, 1].map((index) => chunk.thread(index));
      },
    });
    expect(events).toEqual([
      {
        type: "test.Sample",
        values: {
          startTime: 1e-6,
          eventThread: "worker-7",
          stackTrace: "com.acme.Wal$Entry.run com.acme.Wal[].main …",
          state: "STATE_RUNNABLE",
        },
      },
    ]);
    expect(threads).toEqual([
      { osName: "os-7", osThreadId: 70, javaName: "worker-7", javaThreadId: 17, group: "main", isVirtual: true },
      {
        osName: "VM Thread",
        osThreadId: 80,
        javaName: undefined,
        javaThreadId: undefined,
        group: undefined,
        isVirtual: false,
      },
    ]);
    expect(read).toMatchObject({ lostEvents: 0, unresolvedConstants: 0, losses: [], format: "JFR 2.1", isOpen: false });
  });

  test("numbers of every type keep their value", () => {
    expect(readField({ name: "v", type: "int" }, [0, -1, 2 ** 31 - 1, -(2 ** 31)], integers).values).toEqual([
      0,
      -1,
      2 ** 31 - 1,
      -(2 ** 31),
    ]);
    expect(readField({ name: "v", type: "short" }, [-1, 32767, -32768], integers).values).toEqual([-1, 32767, -32768]);
    expect(readField({ name: "v", type: "char" }, [65, 0xffff], integers).values).toEqual([65, 0xffff]);
    expect(readField({ name: "v", type: "byte" }, [-1, 127], integers).values).toEqual([-1, 127]);
    expect(readField({ name: "v", type: "boolean" }, [true, false], integers).values).toEqual([true, false]);
    expect(readField({ name: "v", type: "float" }, [0.5, -(2 ** 100)], integers).values).toEqual([0.5, -(2 ** 100)]);
    expect(readField({ name: "v", type: "double" }, [Math.PI], integers).values).toEqual([Math.PI]);
    const longs = [-1n, 2n ** 53n - 1n, -(2n ** 53n) + 1n, 2n ** 40n + 5n];
    expect(readField({ name: "v", type: "long" }, longs, integers).values).toEqual(longs.map(Number));
  });

  test("strings are read in every encoding", () => {
    const parts = [
      {
        checkpoint: {
          "java.lang.String": [
            [-9n, "pooled"],
            [5, { encoding: "chars", text: "Ω𝄞" }],
            [6, { encoding: "pool", key: 5 }],
          ],
        } as never,
      },
      ...[
        null,
        "",
        "ascii",
        "Füße 𝄞",
        { encoding: "chars" as const, text: "Ωmega 𝄞" },
        { encoding: "latin1" as const, text: "Füße" },
        { encoding: "pool" as const, key: -9n },
        { encoding: "pool" as const, key: 6 },
        { encoding: "pool" as const, key: 77 },
      ].map((text) => ({ event: { type: "test.Text", values: { startTime: 0, text } } })),
    ];
    const type = eventType("test.Text", [{ name: "text", type: "java.lang.String" }]);
    const { read, events } = eventsOf(writeRecording(chunkOf(type, parts, integers)));
    expect(events.map(({ values }) => values.text)).toEqual([
      "(null)",
      "",
      "ascii",
      "Füße 𝄞",
      "Ωmega 𝄞",
      "Füße",
      "pooled",
      "Ω𝄞",
      "(missing)",
    ]);
    expect(read.unresolvedConstants).toBe(1);
  });

  test("arrays hold numbers, texts, constants, and structs with arrays", () => {
    const point: WrittenType = {
      name: "test.Point",
      fields: [
        { name: "x", type: "long" },
        { name: "tags", type: "java.lang.String", isArray: true },
      ],
    };
    const type = eventType("test.Arrays", [
      { name: "ints", type: "int", isArray: true },
      { name: "bytes", type: "byte", isArray: true },
      { name: "states", type: "jdk.types.ThreadState", isConstant: true, isArray: true },
      { name: "points", type: "test.Point", isArray: true },
      { name: "after", type: "int" },
    ]);
    const values = {
      startTime: 0,
      ints: [1, -2, 300],
      bytes: [1, -1],
      states: [1, 0, 1],
      points: [
        { x: 5, tags: ["a", "b"] },
        { x: 6, tags: [] },
      ],
      after: 99,
    };
    const chunk = {
      types: [...commonTypes, point, type],
      parts: [
        { checkpoint: { "jdk.types.ThreadState": constants["jdk.types.ThreadState"] } },
        { event: { type: type.name, values } },
      ],
      ...integers,
    };
    const { events } = eventsOf(writeRecording(chunk));
    expect(events[0]?.values).toEqual({
      ...values,
      states: ["STATE_RUNNABLE", undefined, "STATE_RUNNABLE"],
    });
  });
});

test("annotations give numbers their unit", () => {
  const read = (annotations: Record<string, string>, value: number | bigint, type = "long") => {
    const field = { name: "v", type, annotations };
    let unit: unknown;
    const bytes = writeRecording(
      fieldChunk(field, [value], {
        startTicks: 100n,
        ticksPerSecond: 2_000_000_000n,
        startNanos: 1_700_000_000_250_000_000n,
      }),
    );
    const { events } = eventsOf(bytes, {
      endChunk: (chunk) => {
        unit = chunk.types.get("test.Field")?.fields.find(({ path }) => path === "v")?.unit;
      },
    });
    return [events[0]?.values.v, unit];
  };
  expect(read({ "jdk.jfr.Timestamp": "TICKS" }, 1_000_000_100)).toEqual([0.5, "seconds"]);
  expect(read({ "jdk.jfr.Timestamp": "MILLISECONDS_SINCE_EPOCH" }, 1_700_000_001_250)).toEqual([1, "seconds"]);
  expect(read({ "jdk.jfr.Timespan": "TICKS" }, 3_000_000_000)).toEqual([1.5, "seconds"]);
  expect(read({ "jdk.jfr.Timespan": "NANOSECONDS" }, 1500)).toEqual([1.5e-6, "seconds"]);
  expect(read({ "jdk.jfr.Timespan": "MILLISECONDS" }, 20, "int")).toEqual([0.02, "seconds"]);
  expect(read({ "jdk.jfr.Timespan": "SECONDS" }, 20)).toEqual([20, "seconds"]);
  expect(read({ "jdk.jfr.DataAmount": "BYTES" }, 20)).toEqual([20, "bytes"]);
  expect(read({ "jdk.jfr.DataAmount": "BITS" }, 80)).toEqual([10, "bytes"]);
  expect(read({ "jdk.jfr.DataAmount": "BITS", "jdk.jfr.Frequency": "" }, 80)).toEqual([10, "bytes/s"]);
  expect(read({ "jdk.jfr.Frequency": "" }, 80)).toEqual([80, "hertz"]);
  expect(read({ "jdk.jfr.Percentage": "" }, 0.25, "float")).toEqual([0.25, "ratio"]);
  expect(read({ "jdk.jfr.Unsigned": "" }, -1, "int")).toEqual([2 ** 32 - 1, "count"]);
  expect(read({ "jdk.jfr.Unsigned": "" }, -1, "byte")).toEqual([255, "count"]);
  expect(read({ "jdk.jfr.Unsigned": "" }, -1n)).toEqual([2 ** 64, "count"]);
  expect(read({ "jdk.jfr.MemoryAddress": "" }, 0x7f00_0000_1000)).toEqual([0x7f00_0000_1000, "address"]);
});

test("the smallest long says not available, the largest timespan forever", () => {
  const values = [-(2n ** 63n), 2n ** 63n - 1n];
  const timespan = { name: "v", type: "long", annotations: { "jdk.jfr.Timespan": "NANOSECONDS" } };
  expect(readField(timespan, values).values).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
  expect(readField({ ...timespan, annotations: { "jdk.jfr.Timespan": "TICKS" } }, values).values).toEqual([
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ]);
  const millis = { "jdk.jfr.Timestamp": "MILLISECONDS_SINCE_EPOCH" };
  expect(readField({ ...timespan, annotations: millis }, values).values).toEqual([
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ]);
  expect(readField({ name: "v", type: "long" }, values).values).toEqual([Number.NaN, 2 ** 63]);
});

test("addresses beyond 2^53 stay apart, and equal ones are equal in all chunks", () => {
  const field = { name: "v", type: "long", annotations: { "jdk.jfr.MemoryAddress": "" } };
  const tagged = 0x3400_7f00_0000_1000n;
  const chunk = fieldChunk(field, [tagged, tagged + 1n, -1n, tagged, 4096]);
  const addresses: bigint[] = [];
  const { read, events } = eventsOf(writeRecording(chunk, chunk), {
    endChunk: (one) => addresses.push(...[-1, -2, -3, 4096].map((value) => one.address(value))),
  });
  expect(events.map(({ values }) => values.v)).toEqual([-1, -2, -3, -1, 4096, -1, -2, -3, -1, 4096]);
  expect(addresses.slice(4)).toEqual([tagged, tagged + 1n, 2n ** 64n - 1n, 4096n]);
  expect(read.roundedNumbers).toBe(0);
});

test("other numbers beyond 2^53 are rounded and counted", () => {
  const { read, values } = readField({ name: "v", type: "long" }, [2n ** 53n - 1n, 2n ** 60n + 1n, -(2n ** 60n)]);
  expect(values).toEqual([2 ** 53 - 1, 2 ** 60, -(2 ** 60)]);
  expect(read.roundedNumbers).toBe(2);
});

test("ticks beyond 2^53 lose nothing against the chunk's start", () => {
  const startTicks = 2n ** 60n + 12345n;
  const type = eventType("test.Tick", []);
  const parts = [-1n, 1n, 1_000_000_007n].map((ticks) => ({
    event: { type: type.name, values: { startTime: startTicks + ticks } },
  }));
  const { events } = eventsOf(writeRecording(chunkOf(type, parts, { startTicks })));
  expect(events.map(({ values }) => values.startTime)).toEqual([-1e-9, 1e-9, 1.000000007]);
});

test("times count from the earliest chunk's start", () => {
  const type = eventType("test.Tick", []);
  const parts = [{ event: { type: type.name, values: { startTime: 5_000_000_000 } } }];
  const { read, events } = eventsOf(
    writeRecording(
      chunkOf(type, parts, { startNanos: 1_700_000_010_000_000_000n, startTicks: 4_000_000_000n }),
      chunkOf(type, parts, {
        startNanos: 1_700_000_000_000_000_000n,
        durationNanos: 2_500_000_000n,
        ticksPerSecond: 2_500_000_000n,
      }),
    ),
  );
  expect(events.map(({ values }) => values.startTime)).toEqual([11, 2]);
  expect(read).toMatchObject({ chunks: 2, startMillis: 1_700_000_000_000, durationSeconds: 11 });
});

test("of equal keys the newest counts, key 0 is null unless it is declared, and missing constants are counted", () => {
  const event = (eventThread: number, state: number) => ({
    event: { type: "test.Sample", values: { startTime: 0, eventThread, stackTrace: 0, state } },
  });
  const parts = [
    {
      checkpoint: {
        "jdk.types.ThreadState": [
          [1, "OLD"],
          [0, "ZERO"],
        ],
      } as never,
    },
    event(0, 1),
    { checkpoint: { "jdk.types.ThreadState": [[1, "NEW"]] } as never },
    event(99, 0),
  ];
  const { read, events } = eventsOf(writeRecording(chunkOf(sample, parts)));
  expect(events.map(({ values }) => [values.eventThread, values.state])).toEqual([
    ["(null)", "NEW"],
    ["(missing)", "ZERO"],
  ]);
  expect(read.unresolvedConstants).toBe(1);
});

test("constants that constants refer to in vain are missing too", () => {
  const { "java.lang.Class": _classes, "jdk.types.FrameType": _types, ...others } = constants;
  const event = { type: "test.Sample", values: { startTime: 0, eventThread: 7, stackTrace: -5n, state: 1 } };
  let frameTypes: number[] = [];
  const { read, events } = eventsOf(writeRecording(chunkOf(sample, [{ checkpoint: others }, { event }])), {
    endChunk: ({ stacks }) => {
      frameTypes = [...stacks.read(0).type.subarray(0, 2)];
    },
  });
  expect(events[0]?.values.stackTrace).toBe("run main …");
  expect(frameTypes).toEqual([-2, -2]);
  expect(read.unresolvedConstants).toBe(4);
});

test("constants inside constants are indexes of their pools, −1 for null", () => {
  const seen: number[] = [];
  eventsOf(writeRecording(chunkOf(sample, [{ checkpoint: constants }])), {
    beginChunk: (chunk) => {
      const groups = chunk.pool("jdk.types.ThreadGroup")!;
      for (let index = 0; index < groups.count; index++) seen.push(groups.value(index, 0));
    },
  });
  // "main" first, for a thread refers to it; then key 0 of another thread, which is not declared; "system" is the parent of "main".
  expect(seen).toEqual([2, Number.NaN, -1]);
});

test("nested structs are flattened, simple types are their only field", () => {
  const space: WrittenType = {
    name: "test.Space",
    fields: [
      { name: "start", type: "long", annotations: { "jdk.jfr.MemoryAddress": "" } },
      { name: "size", type: "test.Size" },
    ],
  };
  const size: WrittenType = {
    name: "test.Size",
    isSimple: true,
    fields: [{ name: "bytes", type: "long", annotations: { "jdk.jfr.DataAmount": "BYTES" } }],
  };
  const type = eventType("test.Heap", [
    { name: "heapSpace", type: "test.Space", annotations: { "jdk.jfr.Label": "Heap Space" } },
  ]);
  const chunk = {
    types: [...commonTypes, size, space, type],
    parts: [{ event: { type: type.name, values: { startTime: 0, heapSpace: { start: 4096, size: 77 } } } }],
  };
  const fields: unknown[] = [];
  const { events } = eventsOf(writeRecording(chunk), {
    beginChunk: (one) =>
      fields.push(...one.types.get("test.Heap")!.fields.map(({ path, unit, slot }) => [path, unit, slot])),
  });
  expect(events[0]?.values).toEqual({ startTime: 0, "heapSpace.start": 4096, "heapSpace.size": 77 });
  expect(fields).toEqual([
    ["startTime", "seconds", 0],
    ["heapSpace.start", "address", 1],
    ["heapSpace.size", "bytes", 2],
  ]);
});

test("a type that only an earlier metadata event declares is known as well", () => {
  const first = eventType("test.First", [{ name: "a", type: "int" }]);
  const second = eventType("test.Second", [{ name: "b", type: "int" }]);
  const types = [...commonTypes, first, second];
  const chunk = {
    types,
    parts: [
      { metadata: [...commonTypes, first] },
      { event: { type: first.name, values: { startTime: 0, a: 1 } } },
      { metadata: [...commonTypes, second] },
      { event: { type: second.name, values: { startTime: 0, b: 2 } } },
    ],
  };
  const { read, events } = eventsOf(writeRecording(chunk));
  expect(events.map(({ values }) => values)).toEqual([
    { startTime: 0, a: 1 },
    { startTime: 0, b: 2 },
  ]);
  expect(read.lostEvents).toBe(0);
});

test("chunks of equal metadata share their types", () => {
  const chunk = fieldChunk({ name: "v", type: "int" }, [1]);
  const types: unknown[] = [];
  eventsOf(writeRecording(chunk, chunk), { beginChunk: (one) => types.push(one.types.get("test.Field")) });
  expect(types[0]).toBe(types[1]);
});

test("equal strings of events have one index", () => {
  const type = eventType("test.Text", [{ name: "text", type: "java.lang.String" }]);
  const texts = Array.from({ length: 5000 }, (_, i) => `path/${i % 1500}`);
  const parts = texts.map((text) => ({ event: { type: type.name, values: { startTime: 0, text } } }));
  const indexes: number[] = [];
  eventsOf(writeRecording(chunkOf(type, parts)), { sinkOf: () => (slots) => indexes.push(slots[1]!) });
  expect(new Set(indexes).size).toBe(1500);
  expect(indexes.slice(0, 1500)).toEqual(indexes.slice(1500, 3000));
});

test("types that are not declared cost their events, no more", () => {
  const broken = eventType("test.Broken", [{ name: "x", type: "test.Ghost" }]);
  const ghost: WrittenType = { name: "test.Ghost", fields: [{ name: "a", type: "int" }] };
  const fine = eventType("test.Fine", []);
  const chunk = {
    types: [...commonTypes, broken, ghost, fine],
    parts: [
      { metadata: [...commonTypes, broken, fine] },
      { event: { type: broken.name, values: { startTime: 0, x: { a: 1 } } } },
      { event: { type: fine.name, values: { startTime: 0 } } },
    ],
  };
  const { read, events } = eventsOf(writeRecording(chunk));
  expect(events.map(({ type }) => type)).toEqual(["test.Fine"]);
  expect(read).toMatchObject({ lostEvents: 1, losses: [] });
  expect([...read.eventCounts]).toEqual([
    ["test.Broken", 1],
    ["test.Fine", 1],
  ]);
});

test("a chunk that is still written is read as far as it goes", () => {
  const event = {
    type: "test.Sample",
    values: { startTime: 3_000_000_000, eventThread: 7, stackTrace: -5n, state: 1 },
  };
  const parts = [
    { metadata: [...commonTypes, sample] },
    { checkpoint: constants },
    { event },
    { bytes: Uint8Array.of(40, 120, 1) },
  ];
  const { read, events } = eventsOf(writeRecording(chunkOf(sample, parts, { state: 3 })));
  expect(events[0]?.values).toMatchObject({ eventThread: "worker-7" });
  expect(read).toMatchObject({ isOpen: true, losses: [], durationSeconds: 3 });
});

test("recordings of other formats are refused with what to do", () => {
  const bytes = writeRecording(fieldChunk({ name: "v", type: "int" }, [1]));
  const withVersion = (major: number) => {
    const copy = bytes.slice();
    copy[5] = major;
    return () => eventsOf(copy);
  };
  expect(withVersion(0)).toThrow(/got 0\.1, which Oracle's JDK 7 and 8 write; record again with JDK 8u262 or newer/);
  expect(withVersion(1)).toThrow(/got 1\.1, which JDK 9 and 10 write/);
  expect(withVersion(3)).toThrow(/got 3\.1/);
  expect(() => eventsOf(new Uint8Array(100))).toThrow('expected a flight recording that starts with "FLR"');
});
