import type { NativeHeapEvidence } from "../src/model/native-evidence.ts";
import { type LinearFit, linearFit } from "./linear-fit.ts";
import { nativeThresholds } from "./thresholds-native.ts";

const limits = nativeThresholds.growth;

/** When dumps were taken: by the clock where their files tell, else by their numbers. */
export interface DumpAxis {
  readonly at: readonly number[];
  readonly unit: "seconds" | "dumps";
  readonly length: number;
}

/** How what some sites hold develops over a series. */
export interface NativeTrend {
  readonly fit: LinearFit;
  /** Bytes by which it grew, by the line. */
  readonly growthBytes: number;
  readonly firstBytes: number;
  readonly lastBytes: number;
  readonly lastSamples: number;
  /** It rises, beyond chance, and still does so in the second half. */
  readonly isGrowing: boolean;
}

/** Files that were copied all have the copy's time: then the dumps are counted. */
export function dumpAxis({ dumps }: NativeHeapEvidence): DumpAxis {
  const times = dumps.map(({ takenAtMillis }) => (takenAtMillis ?? Number.NaN) / 1000);
  const isRising = times.every((time, index) => index === 0 || time > times[index - 1]!);
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  if (isRising && span >= dumps.length)
    return { at: times.map((time) => time - times[0]!), unit: "seconds", length: span };
  const first = dumps[0]?.sequence ?? 0;
  const at = dumps.map(({ sequence }, index) => (sequence === undefined ? index : sequence - first));
  return { at, unit: "dumps", length: at.at(-1) ?? 0 };
}

/** The trend of some sites together; undefined of fewer than two dumps. */
export function trendOf(
  { dumps }: NativeHeapEvidence,
  axis: DumpAxis,
  sites: readonly number[],
): NativeTrend | undefined {
  const sum = (column: Float64Array) => sites.reduce((total, site) => total + column[site]!, 0);
  const values = dumps.map(({ inuseBytes }) => sum(inuseBytes));
  const samples = dumps.map((dump) => sum(dump.samples));
  const errors = values.map((value, index) => value / Math.sqrt(Math.max(1, samples[index]!)));
  const fit = linearFit(axis.at, values, errors, limits.probability);
  if (fit === undefined) return undefined;
  const growthBytes = fit.slope * axis.length;
  return {
    fit,
    growthBytes,
    firstBytes: values[0]!,
    lastBytes: values.at(-1)!,
    lastSamples: samples.at(-1)!,
    isGrowing: fit.low > 0 && values.at(-1)! > values[0]! && isLasting(axis.at, values, errors, fit.slope),
  };
}

/** Whether it grows by enough of what it holds, and by enough at all. */
export function isWorthSaying(trend: NativeTrend | undefined): boolean {
  if (trend === undefined || !trend.isGrowing) return false;
  return trend.growthBytes >= Math.max(limits.bytes.info, trend.lastBytes * limits.shareOfEnd);
}

function isLasting(
  at: readonly number[],
  values: readonly number[],
  errors: readonly number[],
  slope: number,
): boolean {
  if (at.length < limits.dumpsForHalves) return true;
  const half = at.length >> 1;
  const later = linearFit(at.slice(half), values.slice(half), errors.slice(half), limits.probability);
  return later !== undefined && later.slope >= slope * limits.lastingShare;
}
