import { resourceFromAttributes } from "@opentelemetry/resources";
import type { MetricData, ResourceMetrics } from "@opentelemetry/sdk-metrics";
import type { ExportedTarget } from "../model/exporter.ts";
import { labelsKey } from "../model/labels-key.ts";
import type { Labels, Metric, Sample } from "../model/metric.ts";
import { ExplicitHistogram } from "./explicit-histogram.ts";
import { ExponentialHistogram } from "./exponential-histogram.ts";
import { type AnyHistogram, histogramData, type NumberPoint, numberData } from "./otlp-points.ts";
import type { HistogramKind, Temporality } from "./otlp-settings.ts";
import type { Scope } from "./scope.ts";
import { SeriesLimiter, type SeriesLimits } from "./series-limiter.ts";

/** How the series of a target are told. */
export interface OtlpView {
  readonly scope: Scope;
  readonly limits: SeriesLimits;
  readonly temporality: Temporality;
  readonly histograms: HistogramKind;
}

/** What a target has to say now. One of `sent` and `failed` must follow, so that what has not arrived is told again. */
export interface OtlpBatch {
  readonly resourceMetrics: ResourceMetrics;
  sent(): void;
  failed(): void;
}

interface HistogramSeries {
  readonly metric: Metric;
  readonly labels: Labels;
  histogram: AnyHistogram;
  /** From when it has counted. */
  startMillis: number;
}

interface SentTotal {
  readonly value: number;
  readonly atMillis: number;
}

/**
 * The values of one target that wait to be sent: only the latest, however long nothing can be sent, since each is a total or a state. What
 * is told as a difference (`delta`) grows until it has arrived.
 */
export class OtlpTarget {
  readonly #view: OtlpView;
  readonly #limiter: SeriesLimiter;
  readonly #histograms = new Map<string, HistogramSeries>();
  #target: ExportedTarget;
  #current: readonly Sample[] = [];
  #sent = new Map<string, SentTotal>();
  #firstMillis = 0;
  #lastMillis = 0;

  constructor(target: ExportedTarget, view: OtlpView) {
    this.#target = target;
    this.#view = view;
    this.#limiter = new SeriesLimiter(view.limits);
  }

  get droppedSeries(): number {
    return this.#limiter.droppedSeries;
  }

  accept(target: ExportedTarget, current: readonly Sample[], observations: readonly Sample[]): void {
    const times = timesOf(current, observations);
    if (this.#firstMillis === 0 && times !== undefined) this.#firstMillis = times.oldest - 1;
    for (const observation of observations) this.#observe(observation);
    this.#lastMillis = Math.max(this.#lastMillis, times?.newest ?? 0);
    this.#become(target, current);
  }

  /** Undefined while there is nothing to say. */
  batch(): OtlpBatch | undefined {
    const numbers = this.#numbers();
    const histograms = this.#takeHistograms();
    const metrics = [...numbers.metrics, ...histograms.metrics];
    if (metrics.length === 0) return undefined;
    const { scope } = this.#view;
    return {
      resourceMetrics: {
        resource: resourceFromAttributes(resourceOf(this.#target), { schemaUrl: scope.schemaUrl }),
        scopeMetrics: [{ scope, metrics }],
      },
      sent: () => {
        this.#sent = numbers.sent;
        histograms.sent();
      },
      failed: () => histograms.failed(),
    };
  }

  #become(target: ExportedTarget, current: readonly Sample[]): void {
    const valid = current.filter(({ value, metric }) => Number.isFinite(value) && metric.kind !== "histogram");
    this.#target = target;
    this.#current = this.#limiter.limit(valid);
  }

  #observe(observation: Sample): void {
    const { metric, value } = observation;
    const labels = this.#limiter.labelsOf(observation);
    const key = `${metric.name}\n${labelsKey(labels)}`;
    const series = this.#histograms.get(key) ?? {
      metric,
      labels,
      histogram: this.#newHistogram(metric),
      startMillis: this.#lastMillis === 0 ? this.#firstMillis : this.#lastMillis,
    };
    this.#histograms.set(key, series);
    series.histogram.observe(value);
  }

  #newHistogram(metric: Metric): AnyHistogram {
    return this.#view.histograms === "explicit"
      ? new ExplicitHistogram(metric.buckets ?? [])
      : new ExponentialHistogram();
  }

  #numbers() {
    const isDelta = this.#view.temporality === "delta";
    const totals = new Map<string, SentTotal>();
    const points = new Map<string, { readonly metric: Metric; readonly byKey: Map<string, NumberPoint> }>();
    for (const { metric, labels, value, takenAtMillis: endMillis } of this.#current) {
      const key = labelsKey(labels);
      const id = `${metric.name}\n${key}`;
      const of = points.get(metric.name) ?? { metric, byKey: new Map<string, NumberPoint>() };
      points.set(metric.name, of);
      if (of.byKey.has(key)) continue;
      const total = { labels, value, startMillis: this.#target.startedAtMillis, endMillis };
      const isDifference = isDelta && metric.kind === "counter";
      if (isDifference) totals.set(id, { value, atMillis: endMillis });
      of.byKey.set(key, isDifference ? differenceOf(total, this.#sent.get(id)) : total);
    }
    const metrics = [...points.values()].map(({ metric, byKey }) =>
      numberData(metric, [...byKey.values()], isDelta && metric.kind === "counter" ? "delta" : "cumulative"),
    );
    // Of a metric that is missing this time, what was sent before is still so when it comes back.
    const missing = [...this.#sent].filter(([id]) => !points.has(id.slice(0, id.indexOf("\n"))));
    return { metrics, sent: new Map([...missing, ...totals]) };
  }

  /** Of differences, what was counted so far is taken away to be sent, and what comes meanwhile is counted anew. */
  #takeHistograms() {
    const isDelta = this.#view.temporality !== "cumulative";
    const endMillis = this.#lastMillis;
    const series = [...this.#histograms.values()].filter(({ histogram }) => histogram.count > 0);
    const taken = series.map((each) => ({ each, histogram: each.histogram, startMillis: each.startMillis }));
    const metrics = [...Map.groupBy(taken, ({ each }) => each.metric)].map(([metric, group]): MetricData => {
      const points = group.map(({ each: { labels }, histogram, startMillis }) => ({
        labels,
        histogram,
        startMillis,
        endMillis,
      }));
      return histogramData(metric, points, isDelta ? "delta" : "cumulative");
    });
    if (!isDelta) return { metrics, sent() {}, failed() {} };
    for (const { each } of taken) each.histogram = this.#newHistogram(each.metric);
    return {
      metrics,
      sent() {
        for (const { each } of taken) each.startMillis = endMillis;
      },
      failed() {
        for (const { each, histogram } of taken) each.histogram = merged(histogram, each.histogram);
      },
    };
  }
}

/** When the oldest and the newest of samples were taken; undefined where there is none. */
function timesOf(...parts: readonly (readonly Sample[])[]) {
  let oldest = Number.POSITIVE_INFINITY;
  let newest = 0;
  for (const samples of parts) {
    for (const { takenAtMillis } of samples) {
      oldest = Math.min(oldest, takenAtMillis);
      newest = Math.max(newest, takenAtMillis);
    }
  }
  return newest === 0 ? undefined : { oldest, newest };
}

/** What a counter has grown by since it was sent last; one that fell has begun anew. */
function differenceOf(total: NumberPoint, sent: SentTotal | undefined): NumberPoint {
  if (sent === undefined || total.value < sent.value) return total;
  return { ...total, value: total.value - sent.value, startMillis: sent.atMillis };
}

function merged(older: AnyHistogram, newer: AnyHistogram): AnyHistogram {
  if (older instanceof ExplicitHistogram && newer instanceof ExplicitHistogram) older.merge(newer);
  if (older instanceof ExponentialHistogram && newer instanceof ExponentialHistogram) older.merge(newer);
  return older;
}

/** Every target needs a `service.instance.id`, since back ends tell series apart by it: one is made where the resource has none. */
function resourceOf({ key, resource }: ExportedTarget): ExportedTarget["resource"] {
  if (resource["service.instance.id"] !== undefined) return resource;
  const place = ["k8s.pod.uid", "container.id", "k8s.pod.name", "host.id", "host.name"].find((name) => resource[name]);
  const instance = place === undefined ? key : `${resource[place]}:${key}`;
  return { ...resource, "service.instance.id": instance };
}
