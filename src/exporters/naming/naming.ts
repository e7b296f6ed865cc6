import type { ExportedTarget } from "../../model/exporter.ts";
import type { Labels, Metric, Sample } from "../../model/metric.ts";

/** How one metric is called elsewhere. Samples that come to have the same labels are added up. */
export interface Renaming {
  /** The metric's name here. */
  readonly from: string;
  readonly to: Metric;
  /** Its labels there; undefined: this series has no counterpart there. No function: none. */
  readonly labels?: (labels: Labels) => Labels | undefined;
  /** What the value is multiplied by: a thousand for milliseconds. */
  readonly scale?: number;
  /** Whether the metric is shown under its own name too, since the other says less. */
  readonly keepsOwn?: true;
}

/** A world of metric names that dashboards were made for. */
export interface Naming {
  readonly name: string;
  readonly renamings: readonly Renaming[];
  /** Attributes of a target that every series has under a name of its own there: Prometheus label → resource attribute. */
  readonly targetLabels: Readonly<Record<string, string>>;
  /** When the target began, in seconds since the epoch, where that world has it as a metric. */
  readonly startTime?: Metric;
}

/** The names of the semantic conventions, as they are. */
export const otelNaming: Naming = { name: "otel", renamings: [], targetLabels: {} };

/** Translates samples into a naming; those without a counterpart there keep their own name. */
export interface Renamer {
  /** Of values that are true now: those that come to be one series are added up. */
  current(samples: readonly Sample[]): readonly Sample[];
  /** Of observations: each stays one. */
  observations(samples: readonly Sample[]): readonly Sample[];
}

/** The translation that a naming's table says. */
export function renamerOf(naming: Naming): Renamer {
  if (naming.renamings.length === 0) return { current: (samples) => samples, observations: (samples) => samples };
  const renamings = Map.groupBy(naming.renamings, ({ from }) => from);
  const rename = (samples: readonly Sample[]) =>
    samples.map((sample) => renamedOf(sample, renamings.get(sample.metric.name) ?? []));
  return {
    current(samples) {
      const all = rename(samples);
      return [...summed(all.flatMap(({ renamed }) => renamed)), ...all.flatMap(({ own }) => own)];
    },
    observations: (samples) => rename(samples).flatMap(({ renamed, own }) => [...renamed, ...own]),
  };
}

/** The samples that a naming has of the target itself. */
export function targetSamples(naming: Naming, target: ExportedTarget): readonly Sample[] {
  const { startTime } = naming;
  if (startTime === undefined) return [];
  const { startedAtMillis } = target;
  return [
    { metric: startTime, value: startedAtMillis / 1000, labels: {}, source: "jprof", takenAtMillis: startedAtMillis },
  ];
}

interface Renamed {
  readonly renamed: readonly Sample[];
  /** The sample as it was, where it stays. */
  readonly own: readonly Sample[];
}

function renamedOf(sample: Sample, renamings: readonly Renaming[]): Renamed {
  const renamed: Sample[] = [];
  let keepsOwn = true;
  for (const renaming of renamings) {
    const labels = renaming.labels === undefined ? {} : renaming.labels(sample.labels);
    if (labels === undefined) continue;
    renamed.push({ ...sample, metric: renaming.to, labels, value: sample.value * (renaming.scale ?? 1) });
    keepsOwn &&= renaming.keepsOwn === true;
  }
  return { renamed, own: keepsOwn ? [sample] : [] };
}

function summed(samples: readonly Sample[]): readonly Sample[] {
  const series = new Map<string, Sample>();
  for (const sample of samples) {
    const key = JSON.stringify([sample.metric.name, sample.labels]);
    const before = series.get(key);
    series.set(key, before === undefined ? sample : { ...sample, value: before.value + sample.value });
  }
  return [...series.values()];
}
