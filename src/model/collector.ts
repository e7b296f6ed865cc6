import type { Metric, Sample } from "./metric.ts";
import type { Policy } from "./policy.ts";
import type { Target } from "./target.ts";

/** Something that a collector could not tell, and why: shown under `/targets` and by `jprof doctor`. */
export interface Missing {
  /** Names of the metrics that have no value. */
  readonly metrics: readonly string[];
  readonly reason: string;
}

export interface Collection {
  readonly samples: readonly Sample[];
  readonly missing: readonly Missing[];
}

/** Tells one signal of a JVM, once per poll. It keeps nothing between polls. */
export interface Collector {
  readonly name: string;
  readonly description: string;
  readonly enabledByDefault: boolean;
  /** The least policy under which it runs. */
  readonly policy: Policy;
  /** Least seconds between two runs; undefined: with every poll. */
  readonly everySeconds?: number;
  readonly metrics: readonly Metric[];
  collect(target: Target, signal: AbortSignal): Promise<Collection>;
}
