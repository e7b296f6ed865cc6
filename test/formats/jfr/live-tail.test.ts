import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../../src/bytes/byte-source.ts";
import { LiveMetadata } from "../../../src/formats/jfr/live-metadata.ts";
import { LiveTail, type LiveVisitor } from "../../../src/formats/jfr/live-tail.ts";
import { FormatError } from "../../../src/model/errors.ts";
import { commonTypes, eventType, type WrittenPart, writeRecording, writeVarint } from "../../jfr-writer.ts";

const sample = eventType("test.Sample", [
  { name: "thread", type: "java.lang.Thread", isConstant: true },
  { name: "stackTrace", type: "jdk.types.StackTrace", isConstant: true },
  { name: "lock", type: "java.lang.Class", isConstant: true },
  { name: "text", type: "java.lang.String" },
]);
const types = [...commonTypes, sample];
const moreTypes = [...types, eventType("test.Other", [])];
const metadata: WrittenPart = { metadata: types };

/** The constants of one flush, and an event that refers to them: worker-N in acme.Store.mN, for acme.Lock. */
function flush(number: number, { text = "short" } = {}): readonly WrittenPart[] {
  const thread = { osName: "os", osThreadId: 1, javaThreadId: number, group: 0, virtual: false };
  const frame = { lineNumber: 1, bytecodeIndex: 1, type: 1 };
  const method = { type: 1, name: 100 + number, descriptor: 3, modifiers: 0, hidden: false };
  return [
    { event: { type: "test.Sample", values: { startTime: 1, thread: number, stackTrace: number, lock: 2, text } } },
    {
      checkpoint: {
        "java.lang.Thread": [[number, { ...thread, javaName: `worker-${number}` }]],
        "jdk.types.StackTrace": [
          [
            number,
            {
              truncated: false,
              frames: [
                { ...frame, method: number },
                { ...frame, method: 1 },
              ],
            },
          ],
        ],
        "jdk.types.Method": [[number, method]],
        "jdk.types.Symbol": [
          [100 + number, `m${number}`],
          ...(number === 1
            ? ([
                [1, "acme/Store"],
                [2, "acme/Lock"],
                [3, "()V"],
              ] as const)
            : []),
        ],
        "java.lang.Class":
          number === 1
            ? [
                [1, { name: 1, modifiers: 0 }],
                [2, { name: 2, modifiers: 0 }],
              ]
            : [],
      },
    },
  ];
}

/** A chunk as far as it was written, with the state byte of one that is still open; 0: it is finished. */
function chunkOf(parts: readonly WrittenPart[], state: number): Uint8Array {
  const bytes = writeRecording({ types: moreTypes, parts });
  bytes[64] = state;
  return bytes;
}

function reader(options: { readonly beginsAtEnd?: boolean } = {}) {
  const told: string[] = [];
  const visitor: LiveVisitor = {
    sinkOf(type, names) {
      const slot = (path: string) => type.fields.find((field) => field.path === path)?.slot ?? -1;
      if (type.name !== "test.Sample") return undefined;
      return (slots) => {
        const thread = names.thread(slots[slot("thread")]!)?.name;
        told.push(`${thread} ${names.leafMethod(slots[slot("stackTrace")]!)} ${names.className(slots[slot("lock")]!)}`);
      };
    },
  };
  return { told, chunk: new LiveTail(visitor, new LiveMetadata(), options) };
}

const advance = (chunk: LiveTail, bytes: Uint8Array) => chunk.advance(memorySource("test", bytes));

describe("a chunk that is still written", () => {
  const first = [metadata, ...flush(1)];
  const second = [...first, ...flush(2)];
  const third = [...second, ...flush(3), ...flush(4)];

  test("tells each event once, by names that came with it or before", () => {
    const { told, chunk } = reader();
    const [one, two, all] = [chunkOf(first, 1), chunkOf(second, 2), chunkOf(third, 0)];
    expect(advance(chunk, one)).toEqual({ readBytes: one.length - 68, lostBytes: 0, isFinished: false });
    expect(advance(chunk, one)).toEqual({ readBytes: 0, lostBytes: 0, isFinished: false });
    expect(advance(chunk, two)).toEqual({ readBytes: two.length - one.length, lostBytes: 0, isFinished: false });
    expect(advance(chunk, all)).toEqual({ readBytes: all.length - two.length, lostBytes: 0, isFinished: true });
    expect(told).toEqual([1, 2, 3, 4].map((n) => `worker-${n} acme.Store.m${n} acme.Lock`));
  });

  test("tells nothing of what was there at the first look where it shall not, but knows its names", () => {
    const { told, chunk } = reader({ beginsAtEnd: true });
    advance(chunk, chunkOf(second, 7));
    advance(chunk, chunkOf(third, 8));
    expect(told).toEqual([3, 4].map((n) => `worker-${n} acme.Store.m${n} acme.Lock`));
  });

  test("is left alone while its header is written, and read when that is done", () => {
    const { told, chunk } = reader();
    expect(advance(chunk, chunkOf(first, 255)).readBytes).toBe(0);
    expect(told).toEqual([]);
    advance(chunk, chunkOf(first, 2));
    expect(told).toHaveLength(1);
  });

  test("may have events larger than the window, at its edges and beyond", () => {
    const { told, chunk } = reader();
    const large = (number: number) => flush(number, { text: "x".repeat(60_000) });
    const huge = {
      bytes: Buffer.from([...writeVarint(700_004, 3), ...writeVarint(9_999, 1), ...Buffer.alloc(50_000)]),
    };
    const rest = { bytes: new Uint8Array(700_004 - huge.bytes.length) };
    const numbers = Array.from({ length: 12 }, (_, index) => index + 2);
    const parts = [metadata, ...flush(1), ...numbers.flatMap(large), huge, rest, ...flush(14)];
    expect(advance(chunk, chunkOf(parts, 3)).lostBytes).toBe(0);
    expect(told).toEqual([1, ...numbers, 14].map((n) => `worker-${n} acme.Store.m${n} acme.Lock`));
  });

  test("may declare its types anew, and then knows all names again", () => {
    const { told, chunk } = reader();
    advance(chunk, chunkOf(first, 1));
    advance(chunk, chunkOf([...first, { metadata: moreTypes }, ...flush(2)], 2));
    expect(told).toEqual([1, 2].map((n) => `worker-${n} acme.Store.m${n} acme.Lock`));
  });

  test("of which a writer that was killed left a part is read as far as it was flushed", () => {
    const { told, chunk } = reader();
    const bytes = chunkOf(second, 2);
    advance(chunk, Buffer.concat([bytes, Buffer.from([0x99, 0x80, 0x80, 0, 7, 7])]));
    expect(advance(chunk, bytes)).toEqual({ readBytes: 0, lostBytes: 0, isFinished: false });
    expect(told).toHaveLength(2);
  });

  test("cut off anywhere, or with any bytes damaged, gives what can be read and comes to an end", () => {
    const whole = chunkOf(third, 4);
    const damage = fc.record({
      cut: fc.nat(whole.length),
      at: fc.array(fc.nat(whole.length - 1), { maxLength: 4 }),
      byte: fc.nat(255),
    });
    fc.assert(
      fc.property(damage, ({ cut, at, byte }) => {
        const bytes = whole.slice();
        for (const place of at) bytes[place] = byte;
        const { told, chunk } = reader();
        try {
          const { readBytes, lostBytes } = advance(chunk, bytes.subarray(0, cut));
          expect(readBytes).toBeGreaterThanOrEqual(0);
          expect(lostBytes).toBeLessThanOrEqual(readBytes);
          advance(chunk, bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
        expect(told.length).toBeLessThan(200);
      }),
      { seed: 42, numRuns: 2_000 },
    );
  });
});
