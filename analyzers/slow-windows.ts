import { hotThresholds } from "./thresholds-hot.ts";
import type { TimelineSeries } from "./timeline-series.ts";

/** A stretch of time in which threads stood still more than otherwise. */
export interface SlowWindow {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Seconds that threads lost, beyond what they lose in the median bin. */
  readonly excessSeconds: number;
}

const limits = hotThresholds.slowWindow;

/** The worst windows, from the worst; when threads stand still all along, the whole recording is one. */
export function slowWindowsOf(series: TimelineSeries): readonly SlowWindow[] {
  const lost = lostSecondsOf(series);
  const median = medianOf(lost);
  const floor = limits.threads * series.binSeconds;
  const isSlow = (bin: number) =>
    lost[bin]! >= Math.max(floor, limits.timesMedian * median) ||
    (series.collection[bin]! + series.safepoint[bin]! >= limits.stoppedShare * series.binSeconds &&
      lost[bin]! > median);
  const windows = runsOf(series.bins, isSlow).map((run) => windowOf(series, lost, median, run));
  const worst = windows.sort((a, b) => b.excessSeconds - a.excessSeconds || a.fromSeconds - b.fromSeconds);
  if (worst.length > 0) return worst.slice(0, limits.windows);
  if (median < floor) return [];
  return [windowOf(series, lost, 0, { first: 0, last: series.bins - 1 })];
}

/** Thread seconds by bin; a stop is lost by every thread that would have run, which is at least one. */
function lostSecondsOf({ bins, stalled, collection, safepoint, running, binSeconds }: TimelineSeries): Float64Array {
  const lost = new Float64Array(bins);
  for (const series of Object.values(stalled)) for (let bin = 0; bin < bins; bin++) lost[bin]! += series[bin]!;
  const busy = running.reduce((sum, seconds) => sum + seconds, 0) / (bins * binSeconds);
  for (let bin = 0; bin < bins; bin++) lost[bin]! += Math.max(1, busy) * (collection[bin]! + safepoint[bin]!);
  return lost;
}

function medianOf(values: Float64Array): number {
  return values.slice().sort()[values.length >> 1] ?? 0;
}

interface Run {
  readonly first: number;
  readonly last: number;
}

/** Runs of slow bins; those that are close are one. */
function runsOf(bins: number, isSlow: (bin: number) => boolean): readonly Run[] {
  const runs: { first: number; last: number }[] = [];
  for (let bin = 0; bin < bins; bin++) {
    if (!isSlow(bin)) continue;
    const before = runs.at(-1);
    if (before !== undefined && bin - before.last <= limits.gapBins) before.last = bin;
    else runs.push({ first: bin, last: bin });
  }
  return runs;
}

function windowOf(series: TimelineSeries, lost: Float64Array, median: number, { first, last }: Run): SlowWindow {
  let excessSeconds = 0;
  for (let bin = first; bin <= last; bin++) excessSeconds += Math.max(0, lost[bin]! - median);
  return { fromSeconds: first * series.binSeconds, toSeconds: (last + 1) * series.binSeconds, excessSeconds };
}
