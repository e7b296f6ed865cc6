import {
  type HotPaths,
  type NamedSum,
  type RecordingState,
  type RecordingToll,
  recordingStates,
} from "../src/model/hot-paths.ts";
import type { Labels, Metric, Sample } from "../src/model/metric.ts";
import * as metrics from "./recording-metrics.ts";

/** What is known of the recording of a JVM. */
export interface RecordingReading {
  readonly state: RecordingState;
  /** Questions that are recorded: of others nothing is told, which is not 0. */
  readonly questions: readonly string[];
  /** Undefined when nothing is up to date. */
  readonly hotPaths: HotPaths | undefined;
  readonly toll: RecordingToll;
  readonly takenAtMillis: number;
}

/** The values of a continuous recording. */
export function recordingSamples({
  state,
  questions,
  hotPaths,
  toll,
  takenAtMillis,
}: RecordingReading): readonly Sample[] {
  const cost = samplesAt("jprof", takenAtMillis);
  const own = [
    ...recordingStates.map((each) => cost(metrics.recordingState, each === state ? 1 : 0, { "jprof.state": each })),
    ...(state === "recording" ? tollSamples(toll, cost) : []),
  ];
  if (hotPaths === undefined) return own;
  const told = samplesAt("recording", hotPaths.takenAtMillis);
  return [
    ...own,
    ...questions.flatMap((question) => answers[question]?.(hotPaths, told) ?? []),
    ...(hotPaths.exceptions === undefined ? [] : [told(metrics.exceptionCount, hotPaths.exceptions)]),
    told(metrics.recordingLost, hotPaths.lostBytes, { "jprof.reason": "dropped" }),
  ];
}

type ToSample = (metric: Metric, value: number, labels?: Labels) => Sample;

function samplesAt(source: Sample["source"], takenAtMillis: number): ToSample {
  return (metric, value, labels = {}) => ({ metric, value, labels, source, takenAtMillis });
}

const answers: Readonly<Record<string, (paths: HotPaths, sample: ToSample) => readonly Sample[]>> = {
  cpu: ({ cpuShares, cpuSamples }, sample) => [
    ...cpuShares.map(({ names: [pool, method], value }) =>
      sample(metrics.cpuSampleShare, value, { "jprof.thread.pool": pool!, "jprof.method": method! }),
    ),
    ...byPool(cpuSamples, metrics.cpuSamples, sample),
  ],
  alloc: ({ allocated }, sample) => byPool(allocated, metrics.allocatedBySamples, sample),
  lock: ({ lockWaits, pinned }, sample) => [
    ...lockWaits.flatMap(({ names: [kind, className], value, events }) => {
      const labels = { "jprof.lock.kind": kind!, "jprof.class": className! };
      return [sample(metrics.lockWaitTime, value, labels), sample(metrics.lockWaits, events, labels)];
    }),
    sample(metrics.pinnedCount, pinned.count),
    sample(metrics.pinnedTime, pinned.seconds),
  ],
  io: ({ fsync, fsyncP99Seconds, slowOperations }, sample) => [
    sample(metrics.fsyncCount, fsync.count),
    sample(metrics.fsyncTime, fsync.seconds),
    ...(fsyncP99Seconds === undefined ? [] : [sample(metrics.fsyncP99, fsyncP99Seconds)]),
    ...slowOperations.flatMap(({ names: [kind], value, events }) => {
      const labels = { "jprof.io.kind": kind! };
      return [sample(metrics.slowOperations, events, labels), sample(metrics.slowOperationTime, value, labels)];
    }),
  ],
};

function byPool(sums: readonly NamedSum[], metric: Metric, sample: ToSample): readonly Sample[] {
  return sums.map(({ names: [pool], value }) => sample(metric, value, { "jprof.thread.pool": pool! }));
}

function tollSamples(toll: RecordingToll, sample: ToSample): readonly Sample[] {
  const { cpuSeconds, residentGrowthBytes } = toll;
  return [
    ...(cpuSeconds === undefined ? [] : [sample(metrics.recordingCpuTime, cpuSeconds)]),
    ...(residentGrowthBytes === undefined ? [] : [sample(metrics.recordingMemoryGrowth, residentGrowthBytes)]),
    sample(metrics.recordingWritten, toll.writtenBytes),
    sample(metrics.recordingDiskUsage, toll.diskBytes),
    sample(metrics.recordingReadTime, toll.readSeconds),
    sample(metrics.recordingLost, toll.unreadBytes, { "jprof.reason": "unreadable" }),
  ];
}
