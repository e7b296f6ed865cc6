import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Interval, quantile, secondsIn, unionOf, worstWindow } from "../../analyzers/intervals.ts";

const drawnIntervals = fc.array(
  fc
    .record({ start: fc.integer({ min: 0, max: 90 }), seconds: fc.integer({ min: 0, max: 10 }) })
    .map(({ start, seconds }) => ({ start, end: start + seconds })),
  { maxLength: 12 },
);
const runs = { seed: 7, numRuns: 300 };

/** Second by second: all ends are whole. */
function covered(intervals: readonly Interval[], from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (intervals.some(({ start, end }) => at >= start && at < end)) count++;
  return count;
}

describe("intervals", () => {
  test("a second that lies in several intervals counts once", () => {
    fc.assert(
      fc.property(drawnIntervals, (intervals) => {
        expect(secondsIn(intervals)).toBe(covered(intervals, 0, 100));
        expect(unionOf(unionOf(intervals))).toEqual(unionOf(intervals));
      }),
      runs,
    );
  });

  test("no window of the length has more of the intervals than the worst one", () => {
    fc.assert(
      fc.property(drawnIntervals, fc.integer({ min: 1, max: 40 }), (intervals, length) => {
        const worst = worstWindow(intervals, length, 100);
        const starts = Array.from({ length: 101 - length }, (_, at) => at);
        const most = Math.max(...starts.map((at) => covered(intervals, at, at + length)));
        expect(worst?.spentSeconds ?? 0).toBe(most);
        if (worst) expect(covered(intervals, worst.startSeconds, worst.startSeconds + length)).toBe(most);
      }),
      runs,
    );
  });

  test("of a recording that is shorter than the window, the window is all of it", () => {
    expect(worstWindow([{ start: 1, end: 2 }], 60, 10)).toEqual({
      startSeconds: 0,
      windowSeconds: 10,
      spentSeconds: 1,
      ratio: 0.1,
    });
    expect(worstWindow([], 60, 10)).toBeUndefined();
  });

  test("a quantile is a value of the list", () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2);
    expect(quantile([1, 2, 3, 4], 0.99)).toBe(4);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
