import type { Labels, Metric, Sample } from "./metric.ts";

/** Values of one series over time, oldest first; both columns have the same length. */
export interface SeriesWindow {
  readonly metric: Metric;
  readonly labels: Labels;
  /** Seconds since the epoch. */
  readonly seconds: Float64Array;
  readonly values: Float64Array;
}

/** The last minutes of one JVM, in bounded memory. */
export interface SampleWindow {
  /** Every series of a metric, by its name. */
  series(metricName: string): readonly SeriesWindow[];
}

/** Tells what follows from the last minutes: a slope, a time until something is full. */
export interface Derivation {
  readonly name: string;
  readonly description: string;
  readonly metrics: readonly Metric[];
  /** Names of the metrics whose series the window must keep. */
  readonly needs: readonly string[];
  derive(window: SampleWindow, nowMillis: number): readonly Sample[];
}
