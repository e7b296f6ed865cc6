import type { GcLogEvidence, LoggedCollection } from "../src/model/gc-log-evidence.ts";
import { gcLogThresholds } from "./thresholds-gclog.ts";

/** The log in steps of equal length; null where a step has no collection. */
export interface LogSeries {
  readonly binSeconds: number;
  readonly pausedSeconds: readonly number[];
  readonly longestSeconds: readonly number[];
  readonly usedBeforeBytes: readonly (number | null)[];
  readonly usedAfterBytes: readonly (number | null)[];
  readonly allocatedBytes: readonly number[];
  /** Until threads stood, for any reason. */
  readonly reachSeconds: readonly number[];
}

/** Pauses, heap and allocation over the time of a log. */
export function seriesOf(log: GcLogEvidence): LogSeries {
  const bins = gcLogThresholds.bins;
  const binSeconds = Math.max(log.durationSeconds / bins, 1e-3);
  const binAt = (seconds: number) => Math.min(bins - 1, Math.max(0, Math.floor(seconds / binSeconds)));
  const zeros = () => new Array<number>(bins).fill(0);
  const series = { pausedSeconds: zeros(), longestSeconds: zeros(), allocatedBytes: zeros(), reachSeconds: zeros() };
  for (const { start, seconds } of log.pauses) {
    const bin = binAt(start);
    series.pausedSeconds[bin]! += seconds;
    series.longestSeconds[bin] = Math.max(series.longestSeconds[bin]!, seconds);
  }
  for (const { start, reachSeconds } of log.safepoints) series.reachSeconds[binAt(start)]! += reachSeconds || 0;
  const heap = heapSeries(log.collections, bins, binAt);
  addAllocation(series.allocatedBytes, log.collections, binAt);
  return { binSeconds, ...series, ...heap };
}

function heapSeries(collections: readonly LoggedCollection[], bins: number, binAt: (seconds: number) => number) {
  const usedBeforeBytes = new Array<number | null>(bins).fill(null);
  const usedAfterBytes = new Array<number | null>(bins).fill(null);
  for (const { start, usedBefore, usedAfter } of collections) {
    const bin = binAt(start);
    if (usedBefore >= 0) usedBeforeBytes[bin] = Math.max(usedBeforeBytes[bin] ?? 0, usedBefore);
    if (usedAfter >= 0) usedAfterBytes[bin] = Math.min(usedAfterBytes[bin] ?? usedAfter, usedAfter);
  }
  return { usedBeforeBytes, usedAfterBytes };
}

function addAllocation(
  series: number[],
  collections: readonly LoggedCollection[],
  binAt: (seconds: number) => number,
): void {
  let last = 0;
  for (const { start, allocatedBytes } of collections) {
    if (!(allocatedBytes > last)) continue;
    series[binAt(start)]! += allocatedBytes - last;
    last = allocatedBytes;
  }
}
