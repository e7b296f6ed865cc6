import fc from "fast-check";
import { expect, test } from "vitest";
import { ChunkCursor } from "../../../src/formats/jfr/chunk-cursor.ts";
import { skipIntegers, skippedBytes } from "../../../src/formats/jfr/skip-integers.ts";

const seed = 20_261_125;

/** Bytes of which most say that another follows, so that there are runs of all lengths. */
const manyBytes = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0x80, max: 0xff }) }, fc.integer({ min: 0, max: 0x7f })),
  { minLength: 1, maxLength: 80 },
);

test("skipping integers ends where reading them ends, or behind the end", () => {
  const input = fc.record({ values: manyBytes, start: fc.nat(6), shift: fc.nat(3), count: fc.nat(24) });
  fc.assert(
    fc.property(input, ({ values, start, shift, count }) => {
      const bytes = new Uint8Array(values.length + shift).subarray(shift);
      bytes.set(values);
      const first = Math.min(start, bytes.length);
      const cursor = new ChunkCursor(bytes, true);
      cursor.position = first;
      for (let i = 0; i < count; i++) cursor.key();
      const end = skipIntegers(skippedBytes(bytes), first, count, bytes.length);
      if (cursor.position > bytes.length) expect(end).toBeGreaterThan(bytes.length);
      else expect(end).toBe(cursor.position);
    }),
    { seed, numRuns: 20_000 },
  );
});
