import {
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  MeterProvider,
  MetricReader,
} from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ExplicitHistogram } from "../../src/exporters/explicit-histogram.ts";
import { ExponentialHistogram } from "../../src/exporters/exponential-histogram.ts";

/** Hands over what the SDK has aggregated. */
class AskedReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** The same observations, aggregated by the SDK of OpenTelemetry. */
async function sdkHistogram(values: readonly number[]): Promise<unknown> {
  const reader = new AskedReader({
    aggregationSelector: (type) =>
      type === InstrumentType.HISTOGRAM
        ? { type: AggregationType.EXPONENTIAL_HISTOGRAM }
        : { type: AggregationType.DEFAULT },
    aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE,
  });
  const provider = new MeterProvider({ readers: [reader] });
  const histogram = provider.getMeter("test").createHistogram("test");
  for (const value of values) histogram.record(value);
  const { resourceMetrics } = await reader.collect();
  await provider.shutdown();
  return resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.value;
}

function dataOf(histogram: ExponentialHistogram): unknown {
  const { sum, count, scale, zeroCount, positive, min, max } = histogram;
  return { sum, count, scale, zeroCount, positive, negative: { offset: 0, bucketCounts: [] }, min, max };
}

function histogramOf(values: readonly number[]): ExponentialHistogram {
  const histogram = new ExponentialHistogram();
  for (const value of values) histogram.observe(value);
  return histogram;
}

/** Not at a bound, where the last bit of a logarithm decides. */
const duration = fc.oneof(
  fc.double({ min: 1e-6, max: 100, noNaN: true }),
  fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
  fc.constant(0),
);

describe("an exponential histogram", () => {
  test("counts as the SDK of OpenTelemetry does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(duration, { minLength: 1, maxLength: 60 }), async (values) => {
        expect(dataOf(histogramOf(values))).toEqual(await sdkHistogram(values));
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  test("keeps to 160 buckets whatever it sees, and each value within its bucket", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), { maxLength: 40 }), (values) => {
        const { scale, positive, count } = histogramOf(values);
        expect(count).toBe(values.length);
        expect(positive.bucketCounts.length).toBeLessThanOrEqual(160);
        for (const value of values) {
          const index = Math.ceil(Math.log2(value) * 2 ** scale) - 1;
          expect(positive.bucketCounts[index - positive.offset]).toBeGreaterThan(0);
        }
      }),
      { seed: 4 },
    );
  });

  test("merged of two is the one of all", () => {
    fc.assert(
      fc.property(fc.array(duration), fc.array(duration), (first, second) => {
        const merged = histogramOf(first);
        merged.merge(histogramOf(second));
        const all = histogramOf([...first, ...second]);
        expect(merged.scale).toBeLessThanOrEqual(all.count === all.zeroCount ? 0 : all.scale);
        expect([merged.count, merged.zeroCount, merged.min, merged.max]).toEqual([
          all.count,
          all.zeroCount,
          all.min,
          all.max,
        ]);
        if (merged.scale === all.scale) expect(merged.positive).toEqual(all.positive);
      }),
      { seed: 5 },
    );
  });

  test("takes a power of two as the top of its bucket, and what is no duration as nothing", () => {
    const histogram = histogramOf([1, 2, 4, Number.NaN, Number.POSITIVE_INFINITY]);
    expect(histogram.count).toBe(3);
    const four = histogramOf([4]);
    expect(four.positive).toEqual({ offset: 2 * 2 ** 20 - 1, bucketCounts: [1] });
    expect(histogramOf([0]).zeroCount).toBe(1);
  });
});

describe("a histogram with bounds", () => {
  test("puts a value at a bound below it, and adds up when merged", () => {
    const histogram = new ExplicitHistogram([0.1, 1]);
    for (const value of [0.1, 0.11, 1, 1.5, Number.NaN]) histogram.observe(value);
    expect(histogram.counts).toEqual([1, 2, 1]);
    const other = new ExplicitHistogram([0.1, 1]);
    other.observe(0.05);
    histogram.merge(other);
    expect({ ...histogram }).toEqual({ bounds: [0.1, 1], counts: [2, 2, 1], count: 5, sum: 2.76, min: 0.05, max: 1.5 });
  });
});
