import { type Attributes, type HrTime, ValueType } from "@opentelemetry/api";
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricDescriptor,
} from "@opentelemetry/sdk-metrics";
import type { Labels, Metric } from "../model/metric.ts";
import { ExplicitHistogram } from "./explicit-histogram.ts";
import type { ExponentialHistogram } from "./exponential-histogram.ts";

/** What an observation was counted in. */
export type AnyHistogram = ExplicitHistogram | ExponentialHistogram;

/** One value of a series, over the time that it tells of. */
export interface NumberPoint {
  readonly labels: Labels;
  readonly value: number;
  readonly startMillis: number;
  readonly endMillis: number;
}

/** One histogram of a series, over the time that it tells of. */
export interface HistogramPoint {
  readonly labels: Labels;
  readonly histogram: AnyHistogram;
  readonly startMillis: number;
  readonly endMillis: number;
}

/** Attributes that the semantic conventions have as booleans; labels are text. */
const booleanAttributes = new Set(["jvm.thread.daemon"]);

/** Counted in whole numbers by their unit, but for parts of a CPU. */
const wholeUnits = /^(?:By|\{(?!cpu\})[^}]*\})$/;

/** Values of one counter, updowncounter or gauge, as the SDK would have collected them. */
export function numberData(
  metric: Metric,
  points: readonly NumberPoint[],
  temporality: "delta" | "cumulative",
): MetricData {
  const isWhole = wholeUnits.test(metric.unit) && points.every(({ value }) => Number.isSafeInteger(value));
  const descriptor = descriptorOf(metric, isWhole ? ValueType.INT : ValueType.DOUBLE);
  const aggregationTemporality = temporalityOf(temporality);
  const [startOf, endOf] = [hrTimes(), hrTimes()];
  const isGauge = metric.kind === "gauge";
  const dataPoints = points.map(({ labels, value, startMillis, endMillis }) => ({
    attributes: attributesOf(labels),
    startTime: startOf(isGauge ? 0 : Math.min(startMillis, endMillis)),
    endTime: endOf(endMillis),
    value,
  }));
  if (isGauge) return { descriptor, aggregationTemporality, dataPointType: DataPointType.GAUGE, dataPoints };
  const isMonotonic = metric.kind === "counter";
  return { descriptor, aggregationTemporality, dataPointType: DataPointType.SUM, isMonotonic, dataPoints };
}

/** Histograms of one metric; all are of one kind. */
export function histogramData(
  metric: Metric,
  points: readonly HistogramPoint[],
  temporality: "delta" | "cumulative",
): MetricData {
  const descriptor = descriptorOf(metric, ValueType.DOUBLE);
  const aggregationTemporality = temporalityOf(temporality);
  if (points.every(({ histogram }) => histogram instanceof ExplicitHistogram)) {
    const dataPoints = points.map(explicitPoint);
    return { descriptor, aggregationTemporality, dataPointType: DataPointType.HISTOGRAM, dataPoints };
  }
  const dataPoints = points.flatMap((point) => {
    const { histogram } = point;
    if (histogram instanceof ExplicitHistogram) return [];
    const { sum, count, scale, zeroCount, positive, min, max } = histogram;
    const negative = { offset: 0, bucketCounts: [] };
    return [{ ...timesOf(point), value: { sum, count, scale, zeroCount, positive, negative, min, max } }];
  });
  return { descriptor, aggregationTemporality, dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM, dataPoints };
}

function explicitPoint(point: HistogramPoint): DataPoint<Histogram> {
  const { histogram } = point;
  const { sum, count, min, max } = histogram;
  const buckets =
    histogram instanceof ExplicitHistogram
      ? { boundaries: [...histogram.bounds], counts: [...histogram.counts] }
      : { boundaries: [], counts: [count] };
  return { ...timesOf(point), value: { buckets, sum, count, min, max } };
}

function descriptorOf({ name, help, unit }: Metric, valueType: ValueType): MetricDescriptor {
  return { name, description: help, unit, valueType };
}

function temporalityOf(temporality: "delta" | "cumulative"): AggregationTemporality {
  return temporality === "delta" ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
}

function timesOf(point: { readonly labels: Labels; readonly startMillis: number; readonly endMillis: number }) {
  const { labels, startMillis, endMillis } = point;
  return {
    attributes: attributesOf(labels),
    startTime: hrTimeOf(Math.min(startMillis, endMillis)),
    endTime: hrTimeOf(endMillis),
  };
}

function attributesOf(labels: Labels): Attributes {
  let hasBooleans = false;
  for (const name in labels) if (booleanAttributes.has(name)) hasBooleans = true;
  if (!hasBooleans) return labels;
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, booleanAttributes.has(name) ? value === "true" : value]),
  );
}

/** Gives the same object for the same time in a row, as the points of one metric mostly have it. */
function hrTimes(): (millis: number) => HrTime {
  let lastMillis = Number.NaN;
  let last: HrTime = [0, 0];
  return (millis) => {
    if (millis === lastMillis) return last;
    lastMillis = millis;
    last = hrTimeOf(millis);
    return last;
  };
}

/** Seconds and nanoseconds; 0 stands for an unknown time. */
function hrTimeOf(millis: number): HrTime {
  const seconds = Math.floor(millis / 1000);
  return [seconds, Math.round((millis - seconds * 1000) * 1e6)];
}
