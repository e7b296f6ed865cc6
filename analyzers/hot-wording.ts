import type { FindingEvidence } from "../src/model/finding.ts";
import { formatCount } from "../src/model/format-number.ts";

/** `850 µs`, `12 ms`, `1.4 s`, `3 min 20 s`. */
export function formatDuration(seconds: number): string {
  if (seconds >= 59.95) return `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`;
  if (seconds >= 0.9995) return `${seconds.toFixed(1)} s`;
  if (seconds >= 0.000_999_5) return `${significant(seconds * 1e3)} ms`;
  return `${significant(seconds * 1e6)} µs`;
}

/** `2,480/s`, `3.2/s`, `4.5/min`. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 99.5) return `${formatCount(Math.round(perSecond))}/s`;
  if (perSecond >= 0.95) return `${significant(perSecond)}/s`;
  return `${significant(perSecond * 60)}/min`;
}

function significant(value: number): string {
  return value >= 99.5 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(2)));
}

/** A piece of evidence that is a sentence. */
export function told(label: string, value: string, source: string): FindingEvidence {
  return { label, value, unit: "text", source };
}

/**
 * 0–100 from the number of threads that are lost to something on average: one thread is 50, four are 80. Processors burned and
 * threads that stand still so rank on one scale.
 */
export function scoreOfThreads(threads: number): number {
  return Math.round((100 * threads) / (threads + 1));
}
