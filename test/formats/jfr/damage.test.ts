import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../../src/model/errors.ts";
import { commonTypes, eventType, type WrittenChunk, writeRecording } from "../../jfr-writer.ts";
import { eventsOf } from "./events-of.ts";

/** As few types as there can be, for metadata is most of a small recording. */
const types = commonTypes.filter(({ name }) => !name.startsWith("jdk.jfr.") || name === "jdk.jfr.Timestamp");

const request = eventType("test.Request", [
  { name: "eventThread", type: "java.lang.Thread", isConstant: true },
  { name: "stackTrace", type: "jdk.types.StackTrace", isConstant: true },
  { name: "path", type: "java.lang.String" },
  { name: "codes", type: "int", isArray: true },
  { name: "ratio", type: "float" },
]);

function chunk(first: number, count: number, more: Partial<WrittenChunk> = {}): WrittenChunk {
  const events = Array.from({ length: count }, (_, i) => ({
    event: {
      type: request.name,
      values: { startTime: first + i, eventThread: 1, stackTrace: 2, path: `/data/${i}`, codes: [i, 2], ratio: 0.5 },
    },
  }));
  const checkpoint = {
    "java.lang.Thread": [
      [1, { osName: "main", osThreadId: 1, javaName: "main", javaThreadId: 1, group: 0, virtual: false }],
    ],
    "jdk.types.StackTrace": [
      [2, { truncated: false, frames: [{ method: 3, lineNumber: 1, bytecodeIndex: 1, type: 1 }] }],
    ],
    "jdk.types.Method": [[3, { type: 4, name: 5, descriptor: 5, modifiers: 0, hidden: false }]],
    "java.lang.Class": [[4, { name: 6, modifiers: 0 }]],
    "jdk.types.Symbol": [
      [5, "run"],
      [6, "a/B"],
    ],
    "jdk.types.FrameType": [[1, "Inlined"]],
  } as const;
  const half = Math.floor(count / 2);
  const parts = [...events.slice(0, half), { checkpoint }, ...events.slice(half), { checkpoint }];
  return { types: [...types, request], parts, ...more };
}

/** Metadata first, as in a chunk that is flushed every second. */
function flushed(first: number, count: number): WrittenChunk {
  const { types: declared, parts } = chunk(first, count);
  return { types: declared, parts: [{ metadata: declared }, ...parts] };
}

describe("a recording cut at any byte", () => {
  const whole = writeRecording(flushed(1000, 6), flushed(2000, 6));
  const all = eventsOf(whole).events;

  test("gives the events before the cut, and says what is missing", () => {
    const firstBytes = Number(new DataView(whole.buffer).getBigInt64(8));
    let fewest = 0;
    for (let length = 0; length < whole.length; length++) {
      const read = attempt(whole.slice(0, length));
      if (length < 68) expect(read).toBeInstanceOf(FormatError);
      if (read instanceof FormatError) continue;
      expect(read.events.length).toBeGreaterThanOrEqual(fewest);
      fewest = read.events.length;
      for (const [i, event] of read.events.entries()) expect(event.values.path).toEqual(all[i]?.values.path);
      const isBetweenChunks = length === firstBytes;
      expect(read.read.losses.length > 0).toBe(!isBetweenChunks);
      expect(read.read.isOpen).toBe(false);
    }
    expect(fewest).toBe(12);
  });
});

test("random changes never hang, throw anything but FormatError, or multiply events", () => {
  const whole = writeRecording(flushed(1000, 6), chunk(2000, 6));
  const flips = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(flips, (changes) => {
      const bytes = whole.slice();
      for (const [at, value] of changes) bytes[at] = value;
      const read = attempt(bytes);
      if (!(read instanceof FormatError)) expect(read.events.length).toBeLessThan(whole.length);
    }),
    { seed: 11, numRuns: 1000 },
  );
});

test("random bytes behind a header never hang or throw anything but FormatError", () => {
  const header = writeRecording(flushed(1000, 1)).slice(0, 68);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
      attempt(Uint8Array.from([...header, ...noise]));
    }),
    { seed: 12, numRuns: 1000 },
  );
});

test("behind damaged events reading goes on at the next checkpoint", () => {
  const bytes = writeRecording(flushed(1000, 10));
  const { events } = eventsOf(bytes);
  const second = Buffer.from(bytes).indexOf("/data/2");
  const broken = bytes.slice();
  broken.fill(0, second - 20, second + 4);
  const read = eventsOf(broken);
  expect(events).toHaveLength(10);
  expect(read.events.map(({ values }) => values.path)).toEqual(
    expect.arrayContaining(["/data/0", "/data/5", "/data/9"]),
  );
  expect(read.read.losses).toHaveLength(1);
  expect(read.read.losses[0]?.reason).toMatch(/expected the size of an event, got 0/);
});

test("behind a damaged chunk reading goes on at the next one", () => {
  const first = writeRecording(flushed(1000, 4));
  const second = writeRecording(flushed(2000, 4));
  const third = writeRecording(flushed(3000, 4));
  const bytes = new Uint8Array(Buffer.concat([first, second, third]));
  bytes.fill(0xee, first.length, first.length + 30);
  const { read, events } = eventsOf(bytes);
  expect(events).toHaveLength(8);
  expect(read.losses).toEqual([{ offset: first.length, bytes: second.length, reason: "expected a chunk" }]);
});

test("a chunk whose header was never completed does not swallow the next one", () => {
  const open = { ...flushed(1000, 4), state: 2 };
  const { read, events } = eventsOf(writeRecording(open, flushed(2000, 4)));
  expect(events).toHaveLength(8);
  expect(read).toMatchObject({ chunks: 2, isOpen: false, losses: [] });
});

test("a chunk's copy of its own header is no chunk", () => {
  const header = writeRecording(flushed(1000, 1)).slice(0, 68);
  const declared = [
    ...types,
    request,
    { name: "jdk.types.ChunkHeader", fields: [{ name: "payload", type: "byte", isArray: true }] },
  ];
  const checkpoint = { "jdk.types.ChunkHeader": [[1, { payload: [...header] }]] } as const;
  const parts = [{ metadata: declared }, { checkpoint }, ...chunk(1000, 3).parts];
  const { read, events } = eventsOf(writeRecording({ types: declared, parts, state: 4 }));
  expect([read.chunks, events.length]).toEqual([1, 3]);
});

test("a checkpoint with a pool that is not declared loses what follows in it, and no more", () => {
  const ghost = { name: "test.Ghost", fields: [{ name: "a", type: "int" }] };
  const { types: declared, parts } = chunk(1000, 2);
  const all = [...declared, ghost];
  const checkpoint = { "test.Ghost": [[1, { a: 1 }]] } as const;
  const { read, events } = eventsOf(
    writeRecording({ types: all, parts: [{ metadata: declared }, { checkpoint }, ...parts] }),
  );
  expect(events.map(({ values }) => values.stackTrace)).toEqual(["a.B.run", "a.B.run"]);
  expect(read.losses.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^constants of type \d+, which is not declared$/),
  ]);
});

test("an event whose fields run over its end is lost alone", () => {
  const bytes = writeRecording(flushed(1000, 3));
  const at = Buffer.from(bytes).indexOf("/data/1");
  bytes[at - 1] = 0x7f;
  const { read, events } = eventsOf(bytes);
  expect(events.map(({ values }) => values.path)).toEqual(["/data/0", "/data/2"]);
  expect(read).toMatchObject({ lostEvents: 1, losses: [] });
});

function attempt(bytes: Uint8Array): ReturnType<typeof eventsOf> | FormatError {
  try {
    return eventsOf(bytes);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}
