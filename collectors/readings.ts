import type { Answer } from "../src/model/answer.ts";
import type { Collection } from "../src/model/collector.ts";
import { FormatError } from "../src/model/errors.ts";
import type { Labels, Metric, Sample } from "../src/model/metric.ts";

/** A value that an answer holds; undefined where the source does not tell it. */
export interface Reading {
  readonly metric: Metric;
  readonly value: number | undefined;
  readonly labels?: Labels;
}

/** Turns an answer into samples; without one, or where it does not tell a metric, that metric is missing with the reason. */
export function collectionOf<T>(
  answer: Answer<T>,
  metrics: readonly Metric[],
  readingsOf: (value: T) => readonly Reading[],
): Collection {
  if (!answer.ok) return missing(metrics, answer.reason);
  try {
    const samples = readingsOf(answer.value).flatMap((reading) => sampleOf(reading, answer));
    const told = new Set(samples.map(({ metric }) => metric));
    const untold = metrics.filter((metric) => !told.has(metric));
    return { samples, missing: untold.length === 0 ? [] : missing(untold, "the kernel does not tell it").missing };
  } catch (error) {
    if (error instanceof FormatError) return missing(metrics, error.message);
    throw error;
  }
}

/** Several parts as one. */
export function combined(parts: readonly Collection[]): Collection {
  return {
    samples: parts.flatMap(({ samples }) => samples),
    missing: parts.flatMap((part) => part.missing),
  };
}

/** No samples, and why. */
export function missing(metrics: readonly Metric[], reason: string): Collection {
  return { samples: [], missing: [{ metrics: metrics.map(({ name }) => name), reason }] };
}

function sampleOf(reading: Reading, answer: { readonly source: Sample["source"]; readonly takenAtMillis: number }) {
  const { metric, value, labels = {} } = reading;
  if (value === undefined || !Number.isFinite(value)) return [];
  return [{ metric, value, labels, source: answer.source, takenAtMillis: answer.takenAtMillis }];
}
