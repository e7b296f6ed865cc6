import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rowsByTime } from "../../../src/formats/jfr/row-order.ts";
import { type FinishedColumns, SampleColumns } from "../../../src/formats/jfr/sample-columns.ts";

const seconds = fc.oneof(
  { weight: 20, arbitrary: fc.double({ min: 0, max: 600, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(1e12, 0) },
);

describe("the order of rows", () => {
  test("is the order of time, and of coming where times are equal", () => {
    fc.assert(
      fc.property(fc.array(seconds, { maxLength: 3_000, size: "max" }), (times) => {
        const expected = times
          .map((_, row) => row)
          .sort((a, b) => (times[a] === times[b] ? a - b : times[a]! - times[b]!));
        expect([...rowsByTime(Float64Array.from(times))]).toEqual(expected);
      }),
      { seed: 1, numRuns: 30, endOnFailure: true },
    );
  });

  test("is found where one absurd time hides all others from the radix", () => {
    const times = Float64Array.from({ length: 20_000 }, (_, row) => (row === 0 ? 1e15 : 20_000 - row));
    const sorted = Float64Array.from(rowsByTime(times), (row) => times[row]!);
    expect(sorted).toEqual(sorted.toSorted());
  });
});

const sample = fc.record({
  stack: fc.integer({ min: -1, max: 5 }),
  weight: fc.integer({ min: 1, max: 9 }),
  seconds,
  thread: fc.integer({ min: -1, max: 2 }),
  line: fc.integer({ min: 0, max: 1 }),
  label: fc.integer({ min: -1, max: 1 }),
});
type Sample = typeof sample extends fc.Arbitrary<infer T> ? T : never;

describe("columns of samples", () => {
  test("keep what each stack, thread, line and label weighs, in the order of time, however few rows they may have", () => {
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 2_000, size: "max" }),
        fc.integer({ min: 1, max: 3_000 }),
        (samples, maxRows) => {
          const columns = columnsOf(samples, maxRows);
          expect(totals(rowsOf(columns))).toEqual(totals(samples.map((row) => ({ ...row, count: 1 }))));
          expect(columns.seconds).toEqual(columns.seconds.toSorted());
          if (samples.length <= maxRows) expect(columns.stack.length).toBe(samples.length);
          expect(columns.stack.length).toBeLessThanOrEqual(Math.max(2 * maxRows, 7 * 4 * 2 * 3 * 2));
        },
      ),
      { seed: 1, numRuns: 60, endOnFailure: true },
    );
  });
});

function columnsOf(samples: readonly Sample[], maxRows: number): FinishedColumns {
  const columns = new SampleColumns(maxRows);
  for (const { stack, weight, seconds: at, thread, line, label } of samples) {
    columns.addKey(stack, thread, line, label);
    columns.addValues(weight, 1, at);
  }
  return columns.finish();
}

function rowsOf(columns: FinishedColumns) {
  return Array.from(columns.stack, (stack, row) => ({
    stack,
    weight: columns.weight[row]!,
    count: columns.count[row]!,
    thread: columns.thread[row]!,
    line: columns.line[row]!,
    label: columns.label[row]!,
  }));
}

function totals(rows: readonly ReturnType<typeof rowsOf>[number][]): Readonly<Record<string, string>> {
  const sums = new Map<string, [number, number]>();
  for (const { stack, thread, line, label, weight, count } of rows) {
    const key = [stack, thread, line, label].join();
    const [weights, counts] = sums.get(key) ?? [0, 0];
    sums.set(key, [weights + weight, counts + count]);
  }
  return Object.fromEntries([...sums].sort().map(([key, sum]) => [key, sum.join()]));
}
