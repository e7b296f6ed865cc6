import { describe, expect, test } from "vitest";
import { createSampleWindow } from "../../src/agent/sample-window.ts";
import type { Metric, Sample } from "../../src/model/metric.ts";

const limits = { pointsPerSeries: 8, seriesPerMetric: 2, ageSeconds: 100 };

describe("a window of samples", () => {
  test("keeps the metrics it was told to, in order of time", () => {
    const window = createSampleWindow(new Set(["heap"]), limits);
    window.add([sample("heap", 1, 10), sample("other", 1, 5)]);
    window.add([sample("heap", 2, 20)]);
    expect(pointsOf(window, "heap")).toEqual([
      [1, 10],
      [2, 20],
    ]);
    expect(window.series("other")).toEqual([]);
  });

  test("lets go of what is too old", () => {
    const window = createSampleWindow(new Set(["heap"]), limits);
    for (const seconds of [1, 2, 150]) window.add([sample("heap", seconds, seconds)]);
    expect(pointsOf(window, "heap")).toEqual([[150, 150]]);
  });

  test("never holds more points than it may, and keeps the newest", () => {
    const window = createSampleWindow(new Set(["heap"]), limits);
    for (let seconds = 1; seconds <= 50; seconds++) window.add([sample("heap", seconds, seconds)]);
    const points = pointsOf(window, "heap");
    expect(points.length).toBeLessThanOrEqual(8);
    expect(points.at(-1)).toEqual([50, 50]);
    expect(points).toEqual([...points].sort(([a], [b]) => a! - b!));
  });

  test("never holds more series of a metric than it may", () => {
    const window = createSampleWindow(new Set(["heap"]), limits);
    window.add(["a", "b", "c"].map((pool) => sample("heap", 1, 1, { pool })));
    expect(window.series("heap").map(({ labels }) => labels)).toEqual([{ pool: "a" }, { pool: "b" }]);
  });

  test("sums up the observations of a histogram", () => {
    const window = createSampleWindow(new Set(["pause"]), limits);
    for (const [seconds, value] of [
      [1, 0.5],
      [1, 0.25],
      [2, 1],
    ] as const) {
      window.add([{ ...sample("pause", seconds, value), metric: metricOf("pause", "histogram") }]);
    }
    expect(pointsOf(window, "pause")).toEqual([
      [1, 0.75],
      [2, 1.75],
    ]);
  });

  test("takes the same labels in another order for the same series", () => {
    const window = createSampleWindow(new Set(["heap"]), limits);
    window.add([sample("heap", 1, 1, { a: "1", b: "2" })]);
    window.add([sample("heap", 2, 2, { b: "2", a: "1" })]);
    expect(window.series("heap")).toHaveLength(1);
  });
});

function metricOf(name: string, kind: Metric["kind"] = "gauge"): Metric {
  return { name, unit: "1", kind, help: "", labels: [], stability: "development" };
}

function sample(name: string, seconds: number, value: number, labels = {}): Sample {
  return { metric: metricOf(name), value, labels, source: "proc", takenAtMillis: seconds * 1000 };
}

function pointsOf(window: ReturnType<typeof createSampleWindow>, name: string) {
  const [series] = window.series(name);
  return series === undefined ? [] : [...series.seconds].map((seconds, index) => [seconds, series.values[index]]);
}
