import type { Loss } from "./heap-evidence.ts";

/** Java's names of states, and `UNKNOWN` where a dump has none. */
export type DumpedState = "NEW" | "RUNNABLE" | "BLOCKED" | "WAITING" | "TIMED_WAITING" | "TERMINATED" | "UNKNOWN";

/** A lock that a frame has or wants. */
export interface DumpedLock {
  readonly relation: "locked" | "waiting to lock" | "waiting on" | "parking";
  /** Identity within one dump; undefined where the dump does not tell. */
  readonly id: string | undefined;
  readonly className: string | undefined;
}

export interface DumpedStackFrame {
  /** `com.acme.store.Wal.append` */
  readonly name: string;
  readonly source: string | undefined;
  /** 0 unknown. */
  readonly line: number;
  readonly locks: readonly DumpedLock[];
}

export interface ThreadOfDump {
  readonly name: string;
  readonly pool: string;
  readonly javaId: number | undefined;
  readonly osId: number | undefined;
  readonly isDaemon: boolean;
  readonly isVirtual: boolean;
  readonly state: DumpedState;
  readonly stateDetail: string | undefined;
  /** Processor time since its start; undefined where the dump does not tell (JDK 8 and earlier, JSON). */
  readonly cpuSeconds: number | undefined;
  readonly elapsedSeconds: number | undefined;
  /** Leaf first. */
  readonly frames: readonly DumpedStackFrame[];
  /** `java.util.concurrent` locks that it owns, as lock ids. */
  readonly ownedSynchronizers: readonly DumpedLock[];
}

/** One dump of all threads. */
export interface ThreadDumpSnapshot {
  /** As the dump prints it, in a time zone that it does not tell. */
  readonly takenAt: string | undefined;
  readonly vm: string | undefined;
  readonly threads: readonly ThreadOfDump[];
  /** Deadlocks that the JVM itself reports: names of threads, each waits for the next. */
  readonly reportedDeadlocks: readonly (readonly string[])[];
  readonly unknownLines: number;
}

/** One file's dumps in the order of time: `jstack` several times into one file, or one. */
export interface ThreadDumpEvidence {
  readonly file: { readonly name: string; readonly format: string; readonly losses: readonly Loss[] };
  readonly dumps: readonly ThreadDumpSnapshot[];
}
