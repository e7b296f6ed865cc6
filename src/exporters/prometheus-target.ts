import type { ExportedTarget } from "../model/exporter.ts";
import { labelsKey } from "../model/labels-key.ts";
import type { Labels, Metric, Sample } from "../model/metric.ts";
import type { TextFormat } from "./content-type.ts";
import { ExplicitHistogram } from "./explicit-histogram.ts";
import { prometheusLabels, prometheusName, prometheusType } from "./metric-names.ts";
import { type Naming, type Renamer, renamerOf, targetSamples } from "./naming/naming.ts";
import { type TextBlock, type TextFamily, type TextValue, textBlocks } from "./prometheus-text.ts";
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

/** One series as it is shown; what goes on is the same object, so that its labels are formatted once. */
interface ShownSeries {
  readonly sharedLabels: Labels;
  value: number;
  /** Number of the acceptance that had it last. */
  acceptance: number;
}

interface ShownFamily {
  readonly head: Omit<TextFamily, "values">;
  readonly series: Map<string, ShownSeries>;
}

/** The series of one target as they are now: what it said last, and what was observed since it was first seen. */
export class PrometheusTarget {
  readonly #view: TargetView;
  readonly #renamer: Renamer;
  readonly #limiter: SeriesLimiter;
  readonly #histograms = new Map<Metric, Map<string, HistogramSeries>>();
  readonly #maxima = new Map<string, MaximumSeries>();
  readonly #families = new Map<string, ShownFamily>();
  readonly #blocks = new Map<TextFormat, Promise<readonly TextBlock[]>>();
  #acceptances = 0;
  #ownLabels: Labels = {};
  #ownLabelsKey = "";
  #resource: ExportedTarget["resource"] = {};

  constructor(view: TargetView) {
    this.#view = view;
    this.#renamer = renamerOf(view.naming);
    this.#limiter = new SeriesLimiter(view.limits);
  }

  get droppedSeries(): number {
    return this.#limiter.droppedSeries;
  }

  /** What tells this target's series from another's. */
  get ownLabelsKey(): string {
    return this.#ownLabelsKey;
  }

  accept(target: ExportedTarget, current: readonly Sample[], observations: readonly Sample[]): void {
    this.#acceptances++;
    this.#blocks.clear();
    this.#resource = target.resource;
    const ownLabels = this.#view.labelsOf(target);
    const ownLabelsKey = labelsKey(ownLabels);
    if (ownLabelsKey !== this.#ownLabelsKey) this.#families.clear();
    this.#ownLabels = ownLabels;
    this.#ownLabelsKey = ownLabelsKey;
    for (const observation of this.#renamer.observations(observations)) this.#observe(observation);
    const now = Math.max(newestOf(current), newestOf(observations));
    const renamed = this.#renamer.current(current);
    const others = [...targetSamples(this.#view.naming, target), ...this.#maximaAt(now)];
    const all = others.length === 0 ? renamed : [...renamed, ...others];
    const valid = all.filter(({ value, metric }) => Number.isFinite(value) && metric.kind !== "histogram");
    for (const sample of this.#limiter.limit(valid)) this.#show(sample);
    this.#forgetOthers();
  }

  /** Every family as text, made once for as long as nothing new is said. */
  blocks(format: TextFormat): Promise<readonly TextBlock[]> {
    const known = this.#blocks.get(format);
    if (known !== undefined) return known;
    const made = textBlocks(this.#textFamilies(format), format);
    this.#blocks.set(format, made);
    return made;
  }

  #textFamilies(format: TextFormat): readonly TextFamily[] {
    const numbers = [...this.#families.values()].map(({ head, series }) => ({ ...head, values: [...series.values()] }));
    const histograms = [...this.#histograms].map(([metric, series]) => this.#histogramFamily(metric, series, format));
    return [...numbers, ...histograms, this.#infoFamily()];
  }

  /** What is known of the target, once. */
  #infoFamily(): TextFamily {
    const entries = Object.entries(this.#resource).map(([name, value]) => [name, String(value)]);
    const sharedLabels = { ...prometheusLabels(Object.fromEntries(entries)), ...this.#ownLabels };
    return {
      ...({ name: "target_info", type: "gauge", help: "What is known of each target." } as const),
      values: [{ sharedLabels, value: 1 }],
    };
  }

  /** Of samples that come to be one series, the first is shown. */
  #show({ metric, labels, value }: Sample): void {
    let family = this.#families.get(metric.name);
    if (family === undefined) {
      family = { head: headOf(metric), series: new Map() };
      this.#families.set(metric.name, family);
    }
    const key = labelsKey(labels);
    const series = family.series.get(key);
    if (series === undefined) {
      const sharedLabels = { ...this.#ownLabels, ...prometheusLabels(labels) };
      family.series.set(key, { sharedLabels, value, acceptance: this.#acceptances });
    } else if (series.acceptance !== this.#acceptances) {
      series.value = value;
      series.acceptance = this.#acceptances;
    }
  }

  /** By `forEach`, which makes no object for each series. */
  #forgetOthers(): void {
    this.#families.forEach(({ series }, name) => {
      series.forEach(({ acceptance }, key) => {
        if (acceptance !== this.#acceptances) series.delete(key);
      });
      if (series.size === 0) this.#families.delete(name);
    });
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
    return { ...headOf(metric), values };
  }
}

function headOf(metric: Metric): Omit<TextFamily, "values"> {
  return { name: prometheusName(metric), type: prometheusType(metric), help: metric.help };
}

function newestOf(samples: readonly Sample[]): number {
  let newest = 0;
  for (const { takenAtMillis } of samples) if (takenAtMillis > newest) newest = takenAtMillis;
  return newest;
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
