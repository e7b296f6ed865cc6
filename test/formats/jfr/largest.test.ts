import fc from "fast-check";
import { expect, test } from "vitest";
import { largestFloor } from "../../../src/formats/jfr/largest.ts";

test("the floor of the largest values is where sorting them would have it", () => {
  const value = fc.oneof(fc.constantFrom(0, 1, Number.POSITIVE_INFINITY), fc.double({ noNaN: true }), fc.nat(5));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), fc.nat(), (values, some) => {
      const count = 1 + (some % values.length);
      const sorted = Float64Array.from(values).sort();
      expect(largestFloor(Float64Array.from(values), count) + 0).toBe(sorted[values.length - count]! + 0);
    }),
    { seed: 20_261_125, numRuns: 5_000 },
  );
});
