import type { Bytes } from "./units.ts";

/** A sum since the JVM has been recorded, by what it is of. */
export interface NamedSum {
  /** The parts of its name, in the order that the field says. */
  readonly names: readonly string[];
  readonly value: number;
  /** How many events it is the sum of. */
  readonly events: number;
}

/** Calls of one kind, how often and how long. */
export interface TimedCalls {
  readonly count: number;
  readonly seconds: number;
}

/** What a recording that goes on and on has told so far. Sums only grow, until the JVM is no longer recorded. */
export interface HotPaths {
  readonly takenAtMillis: number;
  /** By pool of threads and method: the share of the processor samples of the last minute. */
  readonly cpuShares: readonly NamedSum[];
  /** Samples, by pool. */
  readonly cpuSamples: readonly NamedSum[];
  /** Bytes, by pool. */
  readonly allocated: readonly NamedSum[];
  /** Seconds, by `monitor` or `park`, and class. */
  readonly lockWaits: readonly NamedSum[];
  readonly fsync: TimedCalls;
  /** Of the last minute; undefined without any. */
  readonly fsyncP99Seconds: number | undefined;
  /** Seconds of file and socket operations above the threshold, by `file.read` and the like. */
  readonly slowOperations: readonly NamedSum[];
  readonly pinned: TimedCalls;
  /** Since the JVM began; undefined where it has not told yet. */
  readonly exceptions: number | undefined;
  /** What the JVM says it dropped. */
  readonly lostBytes: Bytes;
}

/** What recording costs a JVM and its disk, and reading that costs jprof. */
export interface RecordingToll {
  /** Of the JVM's recording threads; undefined where they cannot be seen. */
  readonly cpuSeconds: number | undefined;
  readonly writtenBytes: Bytes;
  readonly diskBytes: Bytes;
  /** Resident memory after the recording was started less before; undefined where it cannot be seen. */
  readonly residentGrowthBytes: Bytes | undefined;
  readonly readSeconds: number;
  /** Damaged, or gone before they were read. */
  readonly unreadBytes: Bytes;
}

/** What jprof does about the recording of a JVM; only `recording` has numbers. */
export const recordingStates = ["starting", "recording", "backed-off", "impossible"] as const;
export type RecordingState = (typeof recordingStates)[number];
