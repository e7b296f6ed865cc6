import fc from "fast-check";
import { expect, test } from "vitest";
import { ChunkCursor } from "../../../src/formats/jfr/chunk-cursor.ts";
import { writeVarint } from "../../jfr-writer.ts";

const longs = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.integer().map(BigInt),
  fc
    .tuple(fc.integer({ min: 0, max: 62 }), fc.integer({ min: -1, max: 1 }))
    .map(([bit, off]) => (1n << BigInt(bit)) + BigInt(off)),
);
const settings = { seed: 7, numRuns: 2000 };

test("a long of up to nine bytes is read exactly as a key, however many zeros pad it", () => {
  fc.assert(
    fc.property(longs, fc.integer({ min: 1, max: 9 }), (value, padTo) => {
      const bytes = Uint8Array.from([...writeVarint(value, padTo), 0x55]);
      const cursor = new ChunkCursor(bytes, true);
      cursor.key();
      const read = (BigInt(cursor.keyHigh) << 32n) | BigInt(cursor.keyLow >>> 0);
      expect(read).toBe(value);
      expect(cursor.position).toBe(bytes.length - 1);
    }),
    settings,
  );
});

test("a long is read as the nearest double, an int by its low 32 bits, a char by its low 16", () => {
  fc.assert(
    fc.property(longs, fc.integer({ min: 1, max: 9 }), (value, padTo) => {
      const bytes = Uint8Array.from(writeVarint(value, padTo));
      expect(new ChunkCursor(bytes, true).long()).toBe(Number(value));
      const small = new ChunkCursor(bytes, true);
      if (value >= -(2n ** 53n) && value <= 2n ** 53n) expect(small.int()).toBe(Number(BigInt.asIntN(32, value)));
    }),
    settings,
  );
});

test("integers of fixed width are big-endian", () => {
  const bytes = Uint8Array.of(0x80, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0x12, 0x34);
  const cursor = new ChunkCursor(bytes, false);
  expect([cursor.int(), cursor.long(), cursor.char(), cursor.position]).toEqual([-(2 ** 31) + 1, -2, 0x1234, 14]);
});

test("reads behind the end give zeros and still move on", () => {
  const cursor = new ChunkCursor(Uint8Array.of(0x80), true);
  expect([cursor.long(), cursor.int(), cursor.byte()]).toEqual([0, 0, 0]);
  expect(cursor.position).toBeGreaterThan(1);
});
