import { labelsKey } from "../model/labels-key.ts";
import type { Metric, Sample } from "../model/metric.ts";
import type { SampleWindow, SeriesWindow } from "../model/sample-window.ts";

/** How much of the past a window keeps, at most. */
export interface WindowLimits {
  readonly pointsPerSeries: number;
  readonly seriesPerMetric: number;
  readonly ageSeconds: number;
}

/** The last minutes of one target: what is added becomes series of the metrics that are kept; everything else is let go. */
export interface GrowingWindow extends SampleWindow {
  add(samples: readonly Sample[]): void;
}

interface Series {
  readonly metric: Metric;
  readonly labels: Sample["labels"];
  readonly seconds: Float64Array;
  readonly values: Float64Array;
  length: number;
}

/** Keeps the series of `metricNames`; of a histogram it keeps the running sum of its observations. */
export function createSampleWindow(metricNames: ReadonlySet<string>, limits: WindowLimits): GrowingWindow {
  const kept = new Map<string, Map<string, Series>>();
  return {
    add(samples) {
      for (const sample of samples) {
        if (metricNames.has(sample.metric.name)) append(seriesFor(kept, sample, limits), sample, limits);
      }
    },
    series: (metricName) => [...(kept.get(metricName)?.values() ?? [])].flatMap((series) => viewOf(series)),
  };
}

function seriesFor(
  kept: Map<string, Map<string, Series>>,
  sample: Sample,
  { pointsPerSeries, seriesPerMetric }: WindowLimits,
): Series | undefined {
  const { metric, labels } = sample;
  const ofMetric = kept.get(metric.name) ?? new Map<string, Series>();
  kept.set(metric.name, ofMetric);
  const key = labelsKey(sample.labels);
  const known = ofMetric.get(key);
  if (known !== undefined || ofMetric.size >= seriesPerMetric) return known;
  const seconds = new Float64Array(pointsPerSeries);
  const series = { metric, labels, seconds, values: new Float64Array(pointsPerSeries), length: 0 };
  ofMetric.set(key, series);
  return series;
}

function append(series: Series | undefined, { metric, value, takenAtMillis }: Sample, limits: WindowLimits): void {
  if (series === undefined) return;
  const seconds = takenAtMillis / 1000;
  const before = series.length > 0 ? series.seconds[series.length - 1]! : Number.NEGATIVE_INFINITY;
  const sum = metric.kind === "histogram" && series.length > 0 ? series.values[series.length - 1]! + value : value;
  if (seconds <= before) {
    series.values[series.length - 1] = sum;
    return;
  }
  dropOld(series, seconds - limits.ageSeconds);
  series.seconds[series.length] = seconds;
  series.values[series.length] = sum;
  series.length++;
}

/** Makes room for one more point: drops what is too old, or the oldest eighth of a full series. */
function dropOld(series: Series, oldestSeconds: number): void {
  const { seconds, values, length } = series;
  let dropped = 0;
  while (dropped < length && seconds[dropped]! < oldestSeconds) dropped++;
  if (length - dropped === seconds.length) dropped += Math.max(1, seconds.length >> 3);
  if (dropped === 0) return;
  seconds.copyWithin(0, dropped, length);
  values.copyWithin(0, dropped, length);
  series.length -= dropped;
}

function viewOf({ metric, labels, seconds, values, length }: Series): readonly SeriesWindow[] {
  if (length === 0) return [];
  return [{ metric, labels, seconds: seconds.subarray(0, length), values: values.subarray(0, length) }];
}
