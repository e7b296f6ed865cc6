/** What a value does over time, as OpenTelemetry names it. */
export type MetricKind = "counter" | "updowncounter" | "gauge" | "histogram";

/** One declared metric. Its name, unit and labels are OpenTelemetry's (`jvm.memory.used`, `By`); exporters translate them. */
export interface Metric {
  /** The name of the semantic conventions where they have one, `jprof.…` otherwise. */
  readonly name: string;
  /** UCUM: `By`, `s`, `1`, `{thread}`. */
  readonly unit: string;
  readonly kind: MetricKind;
  /** One sentence, shown as HELP and as the description of a panel. */
  readonly help: string;
  /** Every attribute that a sample may have. */
  readonly labels: readonly string[];
  readonly stability: "stable" | "development";
  /** Upper bounds of a histogram's buckets, ascending, without infinity. */
  readonly buckets?: readonly number[];
}

/** Where a value comes from: the tiers by which a JVM and its host can be asked, what it records, and jprof itself. */
export const sources = ["perf-counters", "attach", "mbeans", "proc", "cgroup", "recording", "jprof"] as const;
export type Source = (typeof sources)[number];

export type Labels = Readonly<Record<string, string>>;

/** One value of a metric. Of a counter it is the total since the JVM began; of a histogram, one observation. */
export interface Sample {
  readonly metric: Metric;
  readonly value: number;
  readonly labels: Labels;
  readonly source: Source;
  /** Milliseconds since the epoch. */
  readonly takenAtMillis: number;
}
