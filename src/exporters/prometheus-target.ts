import type { ExportedTarget } from "../model/exporter.ts";
import { labelsKey } from "../model/labels-key.ts";
import type { Labels, Metric, Sample } from "../model/metric.ts";
import type { TextFormat } from "./content-type.ts";
import { ExplicitHistogram } from "./explicit-histogram.ts";
import { prometheusLabels, prometheusName, prometheusType } from "./metric-names.ts";
import { type Naming, type Renamer, renamerOf, targetSamples } from "./naming/naming.ts";
import type { TextFamily, TextValue } from "./prometheus-text.ts";
import { RecentMaximum } from "./recent-maximum.ts";
import { SeriesLimiter, type SeriesLimits } from "./series-limiter.ts";

/** What the series of a target are made with. */
export interface TargetView {
  readonly naming: Naming;
  readonly limits: SeriesLimits;
  /** Labels that every series of the target has. */
  labelsOf(target: ExportedTarget): Labels;
}

interface HistogramSeries {
  readonly labels: Labels;
  readonly histogram: ExplicitHistogram;
}

interface MaximumSeries {
  readonly sample: Sample;
  readonly recent: RecentMaximum;
}

/** The series of one target as they are now: what it said last, and what was observed since it was first seen. */
export class PrometheusTarget {
  readonly #view: TargetView;
  readonly #renamer: Renamer;
  readonly #limiter: SeriesLimiter;
  readonly #histograms = new Map<Metric, Map<string, HistogramSeries>>();
  readonly #maxima = new Map<string, MaximumSeries>();
  /** Labels as they were formatted last, by series, so that those that go on are not formatted again. */
  #formatted = new Map<string, Labels>();
  #families: readonly TextFamily[] = [];
  #ownLabels: Labels = {};

  constructor(view: TargetView) {
    this.#view = view;
    this.#renamer = renamerOf(view.naming);
    this.#limiter = new SeriesLimiter(view.limits);
  }

  get droppedSeries(): number {
    return this.#limiter.droppedSeries;
  }

  /** What tells this target's series from another's. */
  get ownLabels(): Labels {
    return this.#ownLabels;
  }

  accept(target: ExportedTarget, current: readonly Sample[], observations: readonly Sample[]): void {
    const ownLabels = this.#view.labelsOf(target);
    if (labelsKey(ownLabels) !== labelsKey(this.#ownLabels)) this.#formatted.clear();
    this.#ownLabels = ownLabels;
    for (const observation of this.#renamer.observations(observations)) this.#observe(observation);
    const now = Math.max(0, ...[...current, ...observations].map(({ takenAtMillis }) => takenAtMillis));
    const renamed = [
      ...this.#renamer.current(current),
      ...targetSamples(this.#view.naming, target),
      ...this.#maximaAt(now),
    ];
    const valid = renamed.filter(({ value, metric }) => Number.isFinite(value) && metric.kind !== "histogram");
    this.#families = this.#familiesOf(this.#limiter.limit(valid));
  }

  families(format: TextFormat): readonly TextFamily[] {
    const histograms = [...this.#histograms].map(([metric, series]) => this.#histogramFamily(metric, series, format));
    return [...this.#families, ...histograms];
  }

  #observe(observation: Sample): void {
    const { metric, value, takenAtMillis } = observation;
    const labels = this.#limiter.labelsOf(observation);
    const key = labelsKey(labels);
    if (metric.kind !== "histogram") {
      const id = `${metric.name}\n${key}`;
      const series = this.#maxima.get(id) ?? { sample: { ...observation, labels }, recent: new RecentMaximum() };
      this.#maxima.set(id, series);
      series.recent.observe(value, takenAtMillis);
      return;
    }
    const all = this.#histograms.get(metric) ?? new Map<string, HistogramSeries>();
    this.#histograms.set(metric, all);
    const series = all.get(key) ?? { labels, histogram: new ExplicitHistogram(metric.buckets ?? []) };
    all.set(key, series);
    series.histogram.observe(value);
  }

  #maximaAt(millis: number): readonly Sample[] {
    return [...this.#maxima.values()].map(({ sample, recent }) => ({ ...sample, value: recent.at(millis) }));
  }

  #familiesOf(samples: readonly Sample[]): readonly TextFamily[] {
    const before = this.#formatted;
    const families = new Map<string, { readonly metric: Metric; readonly values: Map<string, TextValue> }>();
    this.#formatted = new Map();
    for (const { metric, labels, value } of samples) {
      const key = `${metric.name}\n${labelsKey(labels)}`;
      const sharedLabels = before.get(key) ?? { ...this.#ownLabels, ...prometheusLabels(labels) };
      this.#formatted.set(key, sharedLabels);
      const family = families.get(metric.name) ?? { metric, values: new Map<string, TextValue>() };
      families.set(metric.name, family);
      if (!family.values.has(key)) family.values.set(key, { sharedLabels, value });
    }
    return [...families.values()].map(({ metric, values }) => familyOf(metric, [...values.values()]));
  }

  #histogramFamily(metric: Metric, series: ReadonlyMap<string, HistogramSeries>, format: TextFormat): TextFamily {
    const name = prometheusName(metric);
    const values = [...series.values()].flatMap(({ labels, histogram }) => {
      const sharedLabels = { ...this.#ownLabels, ...prometheusLabels(labels) };
      const { sum, count } = histogram;
      return [
        ...bucketValues(name, sharedLabels, histogram, format),
        { metricName: `${name}_sum`, sharedLabels, value: sum },
        { metricName: `${name}_count`, sharedLabels, value: count },
      ];
    });
    return familyOf(metric, values);
  }
}

function familyOf(metric: Metric, values: readonly TextValue[]): TextFamily {
  return { name: prometheusName(metric), type: prometheusType(metric), help: metric.help, values };
}

/** Each bucket holds those below it too; a histogram without bounds is a summary, which has none. */
function bucketValues(name: string, labels: Labels, histogram: ExplicitHistogram, format: TextFormat): TextValue[] {
  const { bounds, counts } = histogram;
  if (bounds.length === 0) return [];
  let below = 0;
  return counts.map((count, bucket) => {
    below += count;
    const bound = bounds[bucket];
    const le = bound === undefined ? "+Inf" : boundText(bound, format);
    return { metricName: `${name}_bucket`, sharedLabels: { ...labels, le }, value: below };
  });
}

/** OpenMetrics writes whole numbers as `1.0`, and the same series must be one in either format to whoever compares them as text. */
function boundText(bound: number, format: TextFormat): string {
  return format === "openmetrics" && Number.isInteger(bound) ? bound.toFixed(1) : String(bound);
}
