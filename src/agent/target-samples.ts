import type { Missing } from "../model/collector.ts";
import type { Sample, Source } from "../model/metric.ts";
import type { CollectorRun } from "./poll.ts";

/** What is known of one collector of one target. */
export interface CollectorState {
  readonly name: string;
  readonly lastRun: CollectorRun;
  /** The newest run that told something; its samples are served until they are too old. */
  readonly lastGood: CollectorRun | undefined;
  /** Of that run. */
  readonly sources: ReadonlySet<Source>;
}

/** The newest values of one target, by collector. Values that were not renewed in time are not served. */
export interface TargetSamples {
  add(runs: readonly CollectorRun[]): void;
  current(nowMillis: number): readonly Sample[];
  states(): readonly CollectorState[];
}

/** `expirySecondsOf` says how long a collector's values count as fresh. */
export function createTargetSamples(expirySecondsOf: (collectorName: string) => number): TargetSamples {
  const states = new Map<string, CollectorState>();
  return {
    add(runs) {
      for (const run of runs) states.set(run.collector.name, next(states.get(run.collector.name), run));
    },
    current(nowMillis) {
      const fresh: Sample[] = [];
      for (const { name, lastGood } of states.values()) {
        if (lastGood === undefined || nowMillis - lastGood.startedAtMillis > expirySecondsOf(name) * 1000) continue;
        for (const sample of lastGood.collection.samples) if (sample.metric.kind !== "histogram") fresh.push(sample);
      }
      return fresh;
    },
    states: () => [...states.values()],
  };
}

const noSources: ReadonlySet<Source> = new Set();

/** A run that ended replaces what was before, also by nothing: what a collector no longer sees is no longer there. */
function next(before: CollectorState | undefined, run: CollectorRun): CollectorState {
  const { name } = run.collector;
  if (run.failure !== undefined) {
    return { name, lastRun: run, lastGood: before?.lastGood, sources: before?.sources ?? noSources };
  }
  const sources = new Set<Source>();
  for (const { source } of run.collection.samples) sources.add(source);
  return { name, lastRun: run, lastGood: run, sources };
}

/** Why a collector has no value for some of its metrics; empty when it has them all. */
export function missingOf({ lastRun }: CollectorState): readonly Missing[] {
  if (lastRun.failure === undefined) return lastRun.collection.missing;
  return [{ metrics: lastRun.collector.metrics.map(({ name }) => name), reason: lastRun.failure }];
}
