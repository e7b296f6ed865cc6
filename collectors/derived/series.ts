import type { SampleWindow, SeriesWindow } from "../../src/model/sample-window.ts";

/** The only series of a metric without labels; undefined when it has no values. */
export function seriesOf(window: SampleWindow, metricName: string): SeriesWindow | undefined {
  const [first] = window.series(metricName);
  return first === undefined || first.values.length === 0 ? undefined : first;
}

/** The newest value of a metric without labels. */
export function latestOf(window: SampleWindow, metricName: string): number | undefined {
  return seriesOf(window, metricName)?.values.at(-1);
}

/** The part of a series from a time on. */
export function since(series: SeriesWindow, fromSeconds: number): SeriesWindow {
  const index = series.seconds.findIndex((at) => at >= fromSeconds);
  const from = index < 0 ? series.seconds.length : index;
  return { ...series, seconds: series.seconds.subarray(from), values: series.values.subarray(from) };
}

/**
 * How much a counter grew from a time on. When it fell, the process or the count began anew, and what it shows is growth since. A series
 * that is born later than `fromSeconds` counts from 0 if it `beganAtZero`, and from its first value otherwise.
 */
export function growthOf(series: SeriesWindow, fromSeconds: number, birth: "counted" | "unknown"): number {
  const { seconds, values } = series;
  let growth = 0;
  let before: number | undefined = birth === "counted" ? 0 : undefined;
  for (const [index, value] of values.entries()) {
    if (seconds[index]! > fromSeconds && before !== undefined) growth += value < before ? value : value - before;
    before = value;
  }
  return growth;
}
