import type { ProfileSet } from "../src/model/profile.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { cpuProfileOf } from "./cpu-profile.ts";
import { numbersOf, tableOf, timesOf } from "./event-columns.ts";
import { isStall, type StallKind, stallKinds } from "./stall-kinds.ts";
import type { Stalls } from "./stalls.ts";
import type { Stop } from "./stops.ts";
import { isServiceThread } from "./thread-roles.ts";
import { hotThresholds } from "./thresholds-hot.ts";

/** What time went to, bin by bin. */
export interface TimelineSeries {
  readonly binSeconds: number;
  readonly bins: number;
  /** Seconds of all threads together, by cause. */
  readonly stalled: Readonly<Partial<Record<StallKind, Float64Array>>>;
  /** Seconds in which all threads were stopped. */
  readonly collection: Float64Array;
  readonly safepoint: Float64Array;
  /** Processor seconds as far as they were sampled. */
  readonly running: Float64Array;
  /** Seconds that the container was not allowed to run. */
  readonly throttled: Float64Array;
}

/** Bins of a second, finer in a short recording, coarser in one of more than an hour. */
export function timelineSeriesOf(
  recording: RecordingEvidence,
  profiles: ProfileSet,
  { stalls, stops }: { readonly stalls: Stalls; readonly stops: readonly Stop[] },
): TimelineSeries {
  const binSeconds = binSecondsOf(recording.durationSeconds);
  const bins = Math.max(1, Math.ceil(recording.durationSeconds / binSeconds));
  const empty = () => new Float64Array(bins);
  const stalled: Partial<Record<StallKind, Float64Array>> = {};
  for (let row = 0; row < stalls.count; row++) {
    const kind = stalls.kind[row]!;
    if (!isStall(kind)) continue;
    const series = stalled[stallKinds[kind]!] ?? empty();
    stalled[stallKinds[kind]!] = series;
    spread(series, binSeconds, [stalls.start[row]!, stalls.end[row]!]);
  }
  const collection = empty();
  const safepoint = empty();
  for (const { start, end, isCollection } of stops)
    spread(isCollection ? collection : safepoint, binSeconds, [start, end]);
  const running = empty();
  addRunning(running, binSeconds, profiles);
  const throttled = empty();
  addThrottled(throttled, binSeconds, recording);
  return { binSeconds, bins, stalled, collection, safepoint, running, throttled };
}

function binSecondsOf(durationSeconds: number): number {
  const { binSeconds, shortSeconds, shortBinSeconds } = hotThresholds.slowWindow;
  if (durationSeconds < shortSeconds) return shortBinSeconds;
  return binSeconds * Math.max(1, Math.ceil(durationSeconds / binSeconds / hotThresholds.rows.bins));
}

/** Adds a span's seconds to the bins that it touches, scaled where only a part of them counts. */
function spread(series: Float64Array, binSeconds: number, [start, end]: readonly [number, number], part = 1): void {
  const first = Math.max(0, Math.floor(start / binSeconds));
  const last = Math.min(series.length - 1, Math.floor(end / binSeconds));
  for (let bin = first; bin <= last; bin++) {
    const seconds = Math.min(end, (bin + 1) * binSeconds) - Math.max(start, bin * binSeconds);
    if (seconds > 0) series[bin]! += part * seconds;
  }
}

function addRunning(series: Float64Array, binSeconds: number, profiles: ProfileSet): void {
  const profile = cpuProfileOf(profiles);
  const seconds = profile?.sampleSeconds;
  if (profile === undefined || seconds === undefined) return;
  const isLeftOut = profiles.threads.map(isServiceThread);
  const perSample = sampleSecondsOf(profile);
  for (let sample = 0; sample < seconds.length; sample++) {
    if (isLeftOut[profile.sampleThread?.[sample] ?? -1] === true) continue;
    const bin = Math.floor(seconds[sample]! / binSeconds);
    if (bin >= 0 && bin < series.length) series[bin]! += perSample(sample);
  }
}

/** Processor seconds that a row of a profile stands for. */
export function sampleSecondsOf(profile: NonNullable<ReturnType<typeof cpuProfileOf>>): (sample: number) => number {
  if (profile.unit === "seconds") return (sample) => profile.sampleWeight[sample]!;
  const interval = profile.confidence.intervalSeconds ?? hotThresholds.cpu.intervalSeconds;
  return (sample) => profile.sampleCount[sample]! * interval;
}

/** The container's counter grows between two events: what it grew by is shared out over that time. */
function addThrottled(series: Float64Array, binSeconds: number, recording: RecordingEvidence): void {
  const table = tableOf(recording, "jdk.ContainerCPUThrottling");
  if (table === undefined) return;
  const { start } = timesOf(table);
  const total = numbersOf(table, "cpuThrottledTime");
  for (let row = 1; row < table.rows; row++) {
    const seconds = total[row]! - total[row - 1]!;
    const span = start[row]! - start[row - 1]!;
    if (seconds > 0 && span > 0) spread(series, binSeconds, [start[row - 1]!, start[row]!], seconds / span);
  }
}
