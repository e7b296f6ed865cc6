import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SeriesLimiter } from "../../src/exporters/series-limiter.ts";
import type { Sample } from "../../src/model/metric.ts";
import { metricOf, sampleOf, samplesOf } from "./drawn-samples.ts";

const counter = metricOf("jprof.requests {request} counter", "jprof.topic");
const size = metricOf("jprof.size By updowncounter", "jprof.topic");
const gauge = metricOf("jprof.age s gauge", "jprof.topic");

function shown(samples: readonly Sample[]): Readonly<Record<string, number>> {
  return Object.fromEntries(samples.map(({ labels, value }) => [Object.values(labels).join(), value]));
}

describe("series beyond the limit", () => {
  test("nothing changes while all fit", () => {
    const limiter = new SeriesLimiter({ seriesPerMetric: 3, seriesPerTarget: 10 });
    const samples = [...samplesOf(counter, { a: 1, b: 2, c: 3 }), ...samplesOf(gauge, { a: 1 })];
    expect(limiter.limit(samples)).toEqual(samples);
    expect(limiter.droppedSeries).toBe(0);
  });

  test("the biggest sizes are shown, and the others as their sum", () => {
    const limiter = new SeriesLimiter({ seriesPerMetric: 3, seriesPerTarget: 10 });
    expect(shown(limiter.limit(samplesOf(size, { a: 1, b: 50, c: 4, d: 40, e: 5 })))).toEqual({
      b: 50,
      d: 40,
      other: 10,
    });
    expect(limiter.droppedSeries).toBe(3);
  });

  test("of gauges, which have no sum, the biggest are shown and the others dropped", () => {
    const limiter = new SeriesLimiter({ seriesPerMetric: 2, seriesPerTarget: 10 });
    expect(shown(limiter.limit(samplesOf(gauge, { a: 1, b: 3, c: 2 })))).toEqual({ b: 3, c: 2 });
    expect(limiter.droppedSeries).toBe(1);
  });

  test("the roll-up of a counter grows by what its members grow by, also when one moves in or out", () => {
    const limiter = new SeriesLimiter({ seriesPerMetric: 2, seriesPerTarget: 10 });
    expect(shown(limiter.limit(samplesOf(counter, { a: 100, b: 10, c: 5 })))).toEqual({ a: 100, other: 15 });
    expect(shown(limiter.limit(samplesOf(counter, { a: 101, b: 200, c: 6 })))).toEqual({ b: 200, other: 15 + 1 + 1 });
    expect(shown(limiter.limit(samplesOf(counter, { a: 300, b: 201, c: 6 })))).toEqual({ a: 300, other: 17 + 1 });
  });

  test("the roll-up of a counter neither falls nor jumps when all fit for a while, or a member begins anew", () => {
    const limiter = new SeriesLimiter({ seriesPerMetric: 2, seriesPerTarget: 10 });
    limiter.limit(samplesOf(counter, { a: 100, b: 10, c: 5 }));
    expect(shown(limiter.limit(samplesOf(counter, { a: 100, b: 12 })))).toEqual({ a: 100, b: 12 });
    expect(shown(limiter.limit(samplesOf(counter, { a: 100, b: 12, c: 5 })))).toEqual({ a: 100, other: 20 });
    expect(shown(limiter.limit(samplesOf(counter, { a: 100, b: 3, c: 5 })))).toEqual({ a: 100, other: 23 });
  });

  test("a series that is shown keeps its place while another is hardly bigger", () => {
    const limiter = new SeriesLimiter({ seriesPerMetric: 2, seriesPerTarget: 10 });
    expect(shown(limiter.limit(samplesOf(size, { a: 100, b: 99, c: 1 })))).toEqual({ a: 100, other: 100 });
    expect(shown(limiter.limit(samplesOf(size, { a: 100, b: 105, c: 1 })))).toEqual({ a: 100, other: 106 });
    expect(shown(limiter.limit(samplesOf(size, { a: 100, b: 120, c: 1 })))).toEqual({ b: 120, other: 101 });
  });

  test("a collector's own roll-up becomes part of ours", () => {
    const limiter = new SeriesLimiter({ seriesPerMetric: 2, seriesPerTarget: 10 });
    expect(shown(limiter.limit(samplesOf(size, { other: 1000, a: 10, b: 5 })))).toEqual({ a: 10, other: 1005 });
  });

  test("a target's limit is shared fairly: a metric with many series does not push out those with few", () => {
    const limiter = new SeriesLimiter({ seriesPerMetric: 100, seriesPerTarget: 10 });
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, 100 - index]));
    const limited = limiter.limit([...samplesOf(size, many), ...samplesOf(gauge, { a: 1, b: 2 })]);
    expect(limited.filter(({ metric }) => metric === gauge)).toHaveLength(2);
    expect(limited.filter(({ metric }) => metric === size)).toHaveLength(8);
  });

  test("observations beyond the limit count under other", () => {
    const limiter = new SeriesLimiter({ seriesPerMetric: 3, seriesPerTarget: 10 });
    const pause = metricOf("jvm.gc.duration s histogram", "jvm.gc.name", "jvm.gc.cause");
    const labels = (name: string) => limiter.labelsOf(sampleOf(pause, 1, { "jvm.gc.name": name }));
    expect(["a", "b", "c", "a"].map((name) => labels(name)["jvm.gc.name"])).toEqual(["a", "b", "other", "a"]);
    expect(labels("d")).toEqual({ "jvm.gc.name": "other", "jvm.gc.cause": "other" });
  });

  test("whatever comes, limits hold, order does not matter, and the sum of sizes stays", () => {
    const polls = fc.array(fc.dictionary(fc.stringMatching(/^[a-z]{1,2}$/), fc.nat(1000), { maxKeys: 30 }), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(polls, fc.integer({ min: 2, max: 10 }), (series, seriesPerMetric) => {
        const limits = { seriesPerMetric, seriesPerTarget: 1000 };
        const [forward, backward, rising] = [
          new SeriesLimiter(limits),
          new SeriesLimiter(limits),
          new SeriesLimiter(limits),
        ];
        let before = 0;
        for (const values of series) {
          const samples = samplesOf(size, values);
          const limited = shown(forward.limit(samples));
          expect(limited).toEqual(shown(backward.limit([...samples].reverse())));
          expect(Object.keys(limited).length).toBeLessThanOrEqual(seriesPerMetric);
          const sum = (all: Readonly<Record<string, number>>) =>
            Object.values(all).reduce((total, value) => total + value, 0);
          expect(sum(limited)).toBe(sum(values));
          const rolledUp = shown(rising.limit(samplesOf(counter, values))).other ?? before;
          expect(rolledUp).toBeGreaterThanOrEqual(before);
          before = rolledUp;
        }
      }),
      { seed: 2 },
    );
  });
});
