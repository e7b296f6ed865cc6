import type { Loss } from "./heap-evidence.ts";

/** Java's names of states, and `UNKNOWN` where a dump has none and its stack does not tell either. */
export const dumpedStates = [
  "NEW",
  "RUNNABLE",
  "BLOCKED",
  "WAITING",
  "TIMED_WAITING",
  "TERMINATED",
  "UNKNOWN",
] as const;
export type DumpedState = (typeof dumpedStates)[number];

/** A lock that a frame has or wants; `class initialization` is the one of a class that another thread initialises. */
export interface DumpedLock {
  readonly relation: "locked" | "waiting to lock" | "waiting on" | "parking" | "class initialization";
  /** Identity within one dump; undefined where the dump does not tell. */
  readonly id: string | undefined;
  readonly className: string | undefined;
  /** Index into the thread's `frames`. */
  readonly depth: number;
}

export interface DumpedStackFrame {
  /** `com.acme.store.Wal.append`; hidden classes without their number: `com.acme.Wal$$Lambda.run`. */
  readonly name: string;
  /** `Wal.java` */
  readonly source: string | undefined;
  /** 0 unknown. */
  readonly line: number;
  readonly isNative: boolean;
}

export interface ThreadOfDump {
  /** Empty of most virtual threads. */
  readonly name: string;
  readonly pool: string;
  /** The same for the same thread in another dump of its JVM; undefined where nothing but the name tells. */
  readonly identity: string | undefined;
  readonly javaId: number | undefined;
  readonly osId: number | undefined;
  readonly isDaemon: boolean | undefined;
  readonly isVirtual: boolean;
  /** One of the JVM's own that runs no Java code: of the collector, `VM Thread`. */
  readonly isInternal: boolean;
  readonly state: DumpedState;
  /** `sleeping`, `parking`, `on object monitor` */
  readonly stateDetail: string | undefined;
  /** Processor time since its start; undefined where the dump does not tell (JDK 8 and earlier, JSON). */
  readonly cpuSeconds: number | undefined;
  readonly elapsedSeconds: number | undefined;
  /** Leaf first; one array for all threads of the file with the same stack. */
  readonly frames: readonly DumpedStackFrame[];
  readonly locks: readonly DumpedLock[];
  /** `java.util.concurrent` locks that it owns, where the dump lists them (`jstack -l`). */
  readonly ownedSynchronizers: readonly Omit<DumpedLock, "relation" | "depth">[];
  /** `javaId` of the thread that has what this one waits for, where the dump itself says so. */
  readonly blockedById: number | undefined;
  /** `javaId` of the thread that carries this virtual one, while one does. */
  readonly carrierId: number | undefined;
}

/** Threads that are only counted, because there are more than are kept one by one. */
export interface FoldedThreads {
  readonly pool: string;
  readonly isVirtual: boolean;
  readonly state: DumpedState;
  readonly frames: readonly DumpedStackFrame[];
  readonly count: number;
}

/** One thread of a deadlock that the JVM reports: it waits for what the next one has, the last for what the first has. */
export interface ReportedWaiter {
  readonly name: string;
  readonly lock: Omit<DumpedLock, "relation" | "depth"> | undefined;
  readonly heldBy: string | undefined;
}

/** One dump of all threads. */
export interface ThreadDumpSnapshot {
  /** As the dump prints it; `2026-11-25 03:44:35` is in a time zone that it does not tell. */
  readonly takenAt: string | undefined;
  /** Seconds since the epoch if that zone were UTC: good for differences and order only. */
  readonly takenAtSeconds: number | undefined;
  /** `OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode, sharing)`, `25.0.3+9-LTS` */
  readonly vm: string | undefined;
  readonly processId: number | undefined;
  readonly threads: readonly ThreadOfDump[];
  readonly folded: readonly FoldedThreads[];
  readonly reportedDeadlocks: readonly (readonly ReportedWaiter[])[];
  /** Java threads as the JVM counted them for this dump; more than `threads` where it was cut. */
  readonly expectedThreads: number | undefined;
  readonly unknownLines: number;
}

/** Dumps of one JVM in the order of time: of one file, or of several joined. */
export interface ThreadDumpEvidence {
  readonly file: { readonly name: string; readonly format: string; readonly losses: readonly Loss[] };
  readonly dumps: readonly ThreadDumpSnapshot[];
}
