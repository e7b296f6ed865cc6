import type { Labels, Metric, Sample, Source } from "../src/model/metric.ts";
import { memoryCommitted, memoryInit, memoryLimit, memoryUsed } from "./memory-metrics.ts";

/** Where values come from and when they were true. */
export interface Origin {
  readonly source: Source;
  readonly takenAtMillis: number;
}

/** Bytes of a pool or of the whole heap, as one tier tells them; what it does not tell is undefined. */
export interface MemoryReading {
  readonly usedBytes?: number | undefined;
  readonly committedBytes?: number | undefined;
  readonly limitBytes?: number | undefined;
  readonly initBytes?: number | undefined;
  readonly usedAfterGcBytes?: number | undefined;
  readonly origin: Origin;
}

/** What is known of one pool, best tier first. */
export interface PoolReadings {
  readonly name: string;
  readonly type: "heap" | "non_heap";
  readonly readings: readonly MemoryReading[];
}

type Bytes = Exclude<keyof MemoryReading, "origin">;

/** Metrics by what they are told of. */
export type MemoryMetrics = Partial<Record<Bytes, Metric>>;

/** Each metric by the first reading that tells it. */
export function memorySamples(readings: readonly MemoryReading[], metrics: MemoryMetrics, labels: Labels): Sample[] {
  return (Object.keys(metrics) as Bytes[]).flatMap((what) => {
    const reading = readings.find((each) => each[what] !== undefined);
    const value = reading?.[what];
    const metric = metrics[what];
    return reading && metric && value !== undefined ? [{ metric, value, labels, ...reading.origin }] : [];
  });
}

/** The metrics of a pool but for its use after collections. */
export const poolMetrics: MemoryMetrics = {
  usedBytes: memoryUsed,
  committedBytes: memoryCommitted,
  limitBytes: memoryLimit,
  initBytes: memoryInit,
};
