import type { Loss } from "./heap-evidence.ts";
import type { Bytes } from "./units.ts";

/** A kind of line that nothing is known about: its text with every number as N. */
export interface LineShape {
  readonly shape: string;
  readonly lines: number;
}

/** What was read, and what became of its lines. */
export interface GcLogFile {
  readonly name: string;
  /** `unified logging`, `JDK 8 and earlier` */
  readonly format: string;
  readonly lines: number;
  /** Of the collector or of safepoints; the others are the program's own or of other tags. */
  readonly gcLines: number;
  /** Of the collector's debug and trace levels, which nothing is asked of. */
  readonly detailLines: number;
  readonly unparsedLines: number;
  /** Most frequent first. */
  readonly unparsedShapes: readonly LineShape[];
  readonly losses: readonly Loss[];
  readonly lostBytes: Bytes;
}

/** One JVM of the log: it may have been started again in the same file. */
export interface GcLogRun {
  /** Seconds of the log's time, in which runs follow each other without a gap. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** The JVM's age at the run's first line; NaN where lines have no such time. */
  readonly uptimeSeconds: number;
  /** Since the epoch, at the run's first line; undefined where lines have no date. */
  readonly startMillis: number | undefined;
  /** `G1`, `ZGC` */
  readonly collector: string | undefined;
  /** What the log's head tells of the JVM and the machine: `Version` → `25.0.3+9-LTS (release)`. */
  readonly facts: ReadonlyMap<string, string>;
}

/** One time in which the collector stopped the program. */
export interface LoggedPause {
  readonly gcId: number;
  /** `Pause Young (Normal)`, `Pause Mark End` */
  readonly name: string;
  /** Seconds of the log's time; NaN where lines have no time. */
  readonly start: number;
  readonly end: number;
  readonly seconds: number;
}

/** One collection, or one cycle of a collector that works while the program runs; NaN for what the log does not tell. */
export interface LoggedCollection {
  readonly gcId: number;
  /** `Pause Young (Normal)`, `Concurrent Mark Cycle`, `Minor Collection` */
  readonly name: string;
  readonly cause: string;
  readonly start: number;
  readonly seconds: number;
  readonly pauseSeconds: number;
  readonly longestSeconds: number;
  readonly isFull: boolean;
  readonly isYoung: boolean;
  /** It found no room to move objects to. */
  readonly isFailed: boolean;
  readonly usedBefore: Bytes;
  readonly usedAfter: Bytes;
  readonly capacityAfter: Bytes;
  readonly youngAfter: Bytes;
  readonly oldBefore: Bytes;
  readonly oldAfter: Bytes;
  readonly metaspaceAfter: Bytes;
  readonly humongousBefore: Bytes;
  readonly humongousAfter: Bytes;
  /** Since the log's start. */
  readonly allocatedBytes: Bytes;
  readonly promotedBytes: Bytes;
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly realSeconds: number;
}

/** Lengths of many, exact in count, sum and most; quantiles within 1 %. */
export interface SpanFigures {
  readonly count: number;
  readonly total: number;
  readonly max: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly p9999: number;
}

export interface LoggedCause {
  readonly name: string;
  readonly cause: string;
  readonly collections: number;
  readonly pauseSeconds: number;
  readonly longestSeconds: number;
  readonly full: number;
}

export interface LoggedPhase {
  readonly name: string;
  readonly isConcurrent: boolean;
  readonly count: number;
  readonly total: number;
  readonly max: number;
}

/** One of the longest pauses, with what it was spent on. */
export interface PauseDetail {
  readonly pause: LoggedPause;
  readonly phases: readonly { readonly name: string; readonly seconds: number }[];
}

/** What stops are called in logs of JDK 12 and earlier, which do not say what they were for. */
export const unnamedOperation = "operations without a name";

/** A time in which the JVM held all threads. */
export interface LoggedSafepoint {
  readonly operation: string;
  readonly start: number;
  readonly reachSeconds: number;
  /** From the request until all threads run again. */
  readonly totalSeconds: number;
}

export interface SafepointOperation {
  readonly name: string;
  readonly count: number;
  readonly totalSeconds: number;
  readonly maxSeconds: number;
  readonly maxStart: number;
}

/** A thread that waited for memory. */
export interface LoggedStall {
  readonly start: number;
  readonly seconds: number;
  readonly thread: string;
}

/** How survivors of young collections age. */
export interface Tenuring {
  readonly collections: number;
  /** Collections after which objects were to be moved to the old generation before their greatest age. */
  readonly lowered: number;
  readonly lowest: number;
  readonly highest: number;
  readonly desiredSurvivorBytes: Bytes;
}

/** Objects of half a G1 region or more. */
export interface HumongousObjects {
  readonly objects: number;
  readonly largestBytes: Bytes;
  /** By size, most frequent first. */
  readonly sizes: readonly { readonly bytes: Bytes; readonly count: number }[];
}

/** Everything that a garbage collection log tells, of any collector and JDK. */
export interface GcLogEvidence {
  readonly file: GcLogFile;
  /** In order of the log; at least one. */
  readonly runs: readonly GcLogRun[];
  readonly collector: string | undefined;
  /** Of all runs together; 0 where lines have no time. */
  readonly durationSeconds: number;
  /** In the order of time; where there were too many, of two neighbours the longer. */
  readonly pauses: readonly LoggedPause[];
  readonly omittedPauses: number;
  readonly pauseFigures: SpanFigures;
  readonly fullPauses: number;
  readonly longestPauses: readonly PauseDetail[];
  readonly collections: readonly LoggedCollection[];
  readonly omittedCollections: number;
  readonly collectionCount: number;
  /** Collections whose end is not in the log. */
  readonly openCollections: number;
  readonly causes: readonly LoggedCause[];
  readonly phases: readonly LoggedPhase[];
  readonly safepoints: readonly LoggedSafepoint[];
  readonly reachFigures: SpanFigures;
  readonly operations: readonly SafepointOperation[];
  readonly stalls: readonly LoggedStall[];
  readonly stallFigures: SpanFigures;
  /** Time by which threads were slowed down so that the collector keeps up (Shenandoah). */
  readonly pacingSeconds: number;
  readonly tenuring: Tenuring | undefined;
  readonly humongous: HumongousObjects | undefined;
  /** `to-space exhausted`, `concurrent mode failure` … with how often. */
  readonly failures: ReadonlyMap<string, number>;
  readonly allocatedBytes: Bytes;
  readonly promotedBytes: Bytes;
  /** Tags that the log has lines of: `gc,heap`. */
  readonly tags: ReadonlySet<string>;
}
