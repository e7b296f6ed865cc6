import type { Finding } from "./finding.ts";
import type { Sizing } from "./heap-evidence.ts";
import type { ProfileSet } from "./profile.ts";
import type { Section } from "./section.ts";
import type { Bytes } from "./units.ts";

/** What one scan or the whole analysis of a heap counts; the scan alone knows nothing of reachability. */
export interface HeapSummary {
  readonly kind: "heap";
  readonly input: string;
  readonly objects: number;
  readonly reachableObjects?: number;
  readonly shallowBytes: Bytes;
  readonly reachableBytes?: Bytes;
  readonly unreachableBytes?: Bytes;
  readonly classes: number;
  readonly idBytes: 4 | 8;
  readonly lostBytes: Bytes;
  readonly format: string;
  readonly takenAtMillis: number;
  readonly dump: number;
  readonly dumps: number;
  readonly sizing: Sizing;
}

/** A flight recording or a profile of any format. */
export interface ProfileSummary {
  readonly kind: "profile";
  readonly input: string;
  readonly format: string;
  /** Events by type; of a plain profile, samples by type of value. */
  readonly eventCounts: Readonly<Record<string, number>>;
  /** ISO 8601; null where the file does not say. */
  readonly startTime: string | null;
  readonly durationSeconds: number | null;
  readonly lostEvents: number;
  readonly lostBytes: Bytes;
}

/** One file of thread dumps. */
export interface ThreadDumpSummary {
  readonly kind: "threads";
  readonly input: string;
  readonly format: string;
  readonly dumps: number;
  /** Of the last dump. */
  readonly threads: number;
  readonly virtualThreads: number;
  readonly deadlocks: number;
  readonly unknownLines: number;
}

/** Dumps of an allocator's sampled heap; figures are of the last one. */
export interface JemallocSummary {
  readonly kind: "jemalloc";
  readonly input: string;
  readonly format: string;
  readonly allocator: string;
  readonly dumps: number;
  readonly inuseBytes: Bytes;
  readonly inuseObjects: number;
  readonly allocBytes: Bytes;
  readonly allocObjects: number;
  readonly stacks: number;
  /** Mean bytes between two samples; null where every allocation was seen. */
  readonly periodBytes: Bytes | null;
}

/** Reports of native memory tracking; figures are of the last one. */
export interface NmtSummary {
  readonly kind: "nmt";
  readonly input: string;
  readonly format: string;
  readonly reports: number;
  readonly reservedBytes: Bytes;
  readonly committedBytes: Bytes;
}

/** What the kernel, the JVM or its allocator says of a process's memory. */
export interface ProcessMemorySummary {
  readonly kind: "process-memory";
  readonly input: string;
  readonly format: string;
  /** Null where it is not told. */
  readonly residentBytes: Bytes | null;
  /** What the allocator has given out. */
  readonly allocatedBytes: Bytes | null;
}

/** Of the formats that tell of native memory. */
export type NativeSummary = JemallocSummary | NmtSummary | ProcessMemorySummary;
/** A log of garbage collections, or the files of one. */
export interface GcLogSummary {
  readonly kind: "gc";
  readonly input: string;
  readonly format: string;
  readonly collector: string | null;
  readonly jvmVersion: string | null;
  /** JVMs that wrote to the log, one after the other. */
  readonly jvms: number;
  /** ISO 8601; null where the log has no dates. */
  readonly startTime: string | null;
  /** 0 where lines have no time. */
  readonly runtimeSeconds: number;
  readonly pauses: number;
  readonly pauseSeconds: { readonly total: number; readonly max: number; readonly p50: number; readonly p99: number };
  readonly fullPauses: number;
  readonly lines: number;
  readonly unparsedLines: number;
  readonly lostBytes: Bytes;
}

/** The figures of one input; one member per kind of evidence. */
export type Summary = HeapSummary | ProfileSummary | ThreadDumpSummary | GcLogSummary | NativeSummary;

/** What became of one input: its figures and results, or why it could not be read. */
export interface InputReport {
  /** As the user gave it. */
  readonly name: string;
  /** Name of the format; absent when nothing recognised it. */
  readonly format?: string;
  readonly fileBytes?: Bytes;
  readonly error?: string;
  readonly summary?: Summary;
  /** Best first. */
  readonly findings: readonly Finding[];
  readonly sections: readonly Section[];
  /** What the flame graphs of an HTML report are made of; the other reports leave them alone. */
  readonly profiles?: ProfileSet;
  /** Wall time; shown to people only, since it differs from run to run. */
  readonly seconds: number;
}

/** Everything that one run has to say. */
export interface Report {
  readonly tool: { readonly name: string; readonly version: string };
  readonly inputs: readonly InputReport[];
}
