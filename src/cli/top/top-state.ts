import type { ExportedTarget } from "../../model/exporter.ts";
import type { Labels, Sample } from "../../model/metric.ts";

/** One collection or phase that was seen, for the view. */
export interface SeenPause {
  readonly atMillis: number;
  readonly seconds: number;
  readonly name: string;
  readonly cause: string;
}

/** What the view is drawn from: the newest values, how fast counters rise, and the pauses of the last minutes. */
export interface TopState {
  readonly target: ExportedTarget;
  readonly takenAtMillis: number;
  readonly polls: number;
  /** Undefined when there is no such value, or several and no labels to tell them apart. */
  value(metricName: string, labels?: Labels): number | undefined;
  samples(metricName: string): readonly Sample[];
  /** Rise per second of all series of a counter together, between the last two times that it was read. */
  rate(metricName: string, labels?: Labels): number | undefined;
  /** The whole heap in use after collections, oldest first. */
  readonly liveBytes: readonly number[];
  /** Pauses of the last five minutes, oldest first. */
  readonly pauses: readonly SeenPause[];
  /** For how long pauses have been watched, at most five minutes. */
  readonly watchedSeconds: number;
}

const keptMillis = 300_000;
const keptPauses = 20_000;
const keptPoints = 120;

/** Takes what the agent tells of one JVM, poll by poll. */
export class TopRecord {
  #polls = 0;
  #current: readonly Sample[] = [];
  #readings = new Map<string, LastTwo>();
  #atMillis = 0;
  #firstMillis = 0;
  #pauses: SeenPause[] = [];
  #liveBytes: number[] = [];

  add(current: readonly Sample[], observations: readonly Sample[], nowMillis: number): void {
    if (this.#polls === 0) this.#firstMillis = nowMillis;
    this.#current = current;
    this.#readings = lastTwoOf(current, this.#readings);
    this.#atMillis = nowMillis;
    this.#polls++;
    const seen = observations.filter(isPause).map((sample) => pauseOf(sample));
    this.#pauses = [...this.#pauses, ...seen]
      .filter(({ atMillis }) => nowMillis - atMillis <= keptMillis)
      .slice(-keptPauses);
    const live = current.find(({ metric }) => metric.name === "jprof.heap.live");
    if (live !== undefined) this.#liveBytes = [...this.#liveBytes, live.value].slice(-keptPoints);
  }

  state(target: ExportedTarget): TopState {
    const [current, readings] = [this.#current, this.#readings];
    return {
      target,
      takenAtMillis: this.#atMillis,
      polls: this.#polls,
      value: (name, labels) => onlyValueOf(current, name, labels),
      samples: (name) => current.filter(({ metric }) => metric.name === name),
      rate(name, labels = {}) {
        const last = readings.get(name);
        if (last?.earlier === undefined) return undefined;
        const [now, then] = [sumOf(last.now.samples, name, labels), sumOf(last.earlier.samples, name, labels)];
        const elapsedSeconds = (last.now.atMillis - last.earlier.atMillis) / 1000;
        return now === undefined || then === undefined ? undefined : Math.max(0, now - then) / elapsedSeconds;
      },
      liveBytes: this.#liveBytes,
      pauses: this.#pauses,
      watchedSeconds: Math.min(keptMillis, this.#atMillis - this.#firstMillis) / 1000,
    };
  }
}

interface Readings {
  readonly atMillis: number;
  readonly samples: readonly Sample[];
}

/** Of one metric; some are read less often than a JVM is polled. */
interface LastTwo {
  readonly now: Readings;
  readonly earlier: Readings | undefined;
}

function lastTwoOf(current: readonly Sample[], before: ReadonlyMap<string, LastTwo>): Map<string, LastTwo> {
  const byName = Map.groupBy(current, ({ metric }) => metric.name);
  return new Map(
    [...byName].map(([name, samples]) => {
      const atMillis = Math.max(...samples.map(({ takenAtMillis }) => takenAtMillis));
      const known = before.get(name);
      if (known !== undefined && known.now.atMillis >= atMillis) return [name, known];
      return [name, { now: { atMillis, samples }, earlier: known?.now }];
    }),
  );
}

function isPause({ metric, labels }: Sample): boolean {
  return metric.name === "jvm.gc.duration" && labels["jprof.gc.kind"] === "pause";
}

function pauseOf({ value, labels, takenAtMillis }: Sample): SeenPause {
  return {
    atMillis: takenAtMillis,
    seconds: value,
    name: labels["jvm.gc.name"] ?? "",
    cause: labels["jvm.gc.cause"] ?? "",
  };
}

function onlyValueOf(samples: readonly Sample[], name: string, labels: Labels = {}): number | undefined {
  const [only, ...others] = samples.filter((sample) => fits(sample, name, labels));
  return others.length === 0 ? only?.value : undefined;
}

function sumOf(samples: readonly Sample[], name: string, labels: Labels): number | undefined {
  const fitting = samples.filter((sample) => fits(sample, name, labels));
  return fitting.length === 0 ? undefined : fitting.reduce((sum, { value }) => sum + value, 0);
}

function fits(sample: Sample, name: string, labels: Labels): boolean {
  return (
    sample.metric.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value)
  );
}
