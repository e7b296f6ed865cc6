import type { Loss } from "./heap-evidence.ts";
import type { ProfileThread, StackTable } from "./profile.ts";
import type { Bytes } from "./units.ts";

/** One field of many events. */
export type EventColumn = NumberColumn | TextColumn | ThreadColumn | StackColumn;

/** What a number of an event is, after conversion: seconds, bytes, a share 0–1, a plain number, an address or 0/1. */
export type EventNumberUnit = "seconds" | "bytes" | "ratio" | "count" | "address" | "boolean" | "bytes/s" | "hertz";

export interface NumberColumn {
  readonly kind: "number";
  /** Points of time are seconds since the recording's start. */
  readonly unit: EventNumberUnit;
  /** NaN where the event says “not available”, Infinity for “forever”. */
  readonly values: Float64Array;
}

/** Texts, classes (`java.lang.String`, source form), methods (`a.b.C.d`), and constants such as a collector's name. */
export interface TextColumn {
  readonly kind: "text";
  /** Index into `texts`, −1 for null. */
  readonly values: Int32Array;
  readonly texts: readonly string[];
}

export interface ThreadColumn {
  readonly kind: "thread";
  /** Index into the recording's threads, −1 for none. */
  readonly values: Int32Array;
}

export interface StackColumn {
  readonly kind: "stack";
  /** Stack of the recording's `stacks`, −1 for none. */
  readonly values: Int32Array;
}

/** Events of one type as columns, in the order of their start. */
export interface EventTable {
  /** `jdk.FileRead` */
  readonly type: string;
  readonly label: string;
  readonly rows: number;
  /** Events of the type that are not among the rows, because there were more than the table may hold: the shortest ones, or every n-th where they have no duration. */
  readonly omittedRows: number;
  /** Their durations together, so that totals stay right. */
  readonly omittedSeconds: number;
  /** By the field's name in the file, parts of nested ones joined by dots: `startTime`, `duration`, `heapSpace.committedSize`. */
  readonly columns: ReadonlyMap<string, EventColumn>;
}

/** One setting of the recording as the JVM states it (`jdk.ActiveSetting`). */
export interface EventSetting {
  readonly event: string;
  /** `enabled`, `threshold`, `period`, `stackTrace`, `throttle` */
  readonly name: string;
  readonly value: string;
}

export interface RecordingFile {
  readonly name: string;
  readonly fileBytes: Bytes;
  /** `JFR 2.1` */
  readonly format: string;
  readonly chunks: number;
  /** The last chunk was still being written. */
  readonly isOpen: boolean;
  readonly losses: readonly Loss[];
}

/** What the recording tells of its JVM; undefined where it does not. */
export interface RecordedJvm {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly startMillis: number | undefined;
  readonly pid: number | undefined;
  /** Command line of the JVM, flags and main class; redacted by whoever shows it. */
  readonly jvmArguments: string | undefined;
  readonly javaArguments: string | undefined;
  /** `async-profiler 4.5` when it made the recording. */
  readonly profiler: string | undefined;
}

/** A flight recording: events as tables, beside the profiles made of it (`ProfileSet`). */
export interface RecordingEvidence {
  readonly file: RecordingFile;
  readonly jvm: RecordedJvm;
  readonly startMillis: number;
  /** From the first chunk's start to the last event or chunk's end. */
  readonly durationSeconds: number;
  /** Events in the file, by type, also of types without a table. */
  readonly eventCounts: ReadonlyMap<string, number>;
  /** Events that the JVM says it lost (`jdk.DataLoss` gives bytes), or that lay in unreadable parts. */
  readonly lostEvents: number;
  readonly lostBytes: Bytes;
  /** References to constants that are not in the file. */
  readonly unresolvedConstants: number;
  readonly threads: readonly ProfileThread[];
  readonly stacks: StackTable;
  readonly tables: ReadonlyMap<string, EventTable>;
  readonly settings: readonly EventSetting[];
}
