import type { Bytes } from "./units.ts";

/** What the JVM has for one purpose, by its native memory tracking. Changes are since the baseline, zero where there is none. */
export interface TrackedCategory {
  /** As the JVM names it: `Java Heap`, `Other`. */
  readonly name: string;
  readonly reservedBytes: Bytes;
  readonly committedBytes: Bytes;
  readonly mallocBytes: Bytes;
  readonly mallocCount: number;
  readonly arenaBytes: Bytes;
  /** The most that compilers and others ever had in arenas, where the JVM tells. */
  readonly arenaPeakBytes: Bytes | undefined;
  /** Of pages, stacks among them. */
  readonly mmapReservedBytes: Bytes;
  readonly mmapBytes: Bytes;
  readonly reservedChangeBytes: Bytes;
  readonly committedChangeBytes: Bytes;
  /** Threads of `Thread`, classes of `Class`. */
  readonly members: number | undefined;
}

/** Where memory was asked for, in a detailed report. */
export interface TrackedSite {
  /** Innermost first. */
  readonly frames: readonly string[];
  readonly category: string | undefined;
  readonly bytes: Bytes;
  readonly count: number;
  readonly changeBytes: Bytes;
  readonly countChange: number;
}

/** One report of native memory tracking. */
export interface TrackingReport {
  readonly name: string;
  readonly takenAtMillis: number | undefined;
  /** It says what has changed since a baseline. */
  readonly isDiff: boolean;
  readonly isDetailed: boolean;
  /** Amounts are rounded to multiples of it. */
  readonly scaleBytes: Bytes;
  readonly reservedBytes: Bytes;
  readonly committedBytes: Bytes;
  readonly reservedChangeBytes: Bytes;
  readonly committedChangeBytes: Bytes;
  /** Everything from malloc, where the JVM sums it up (JDK 17 and later). */
  readonly mallocBytes: Bytes | undefined;
  readonly categories: readonly TrackedCategory[];
  /** The biggest first. */
  readonly sites: readonly TrackedSite[];
  readonly omittedSites: number;
  /** Sum of the categories without the total that the JVM gives; beyond `roundingBytes`, something is missing. */
  readonly reservedGapBytes: Bytes;
  readonly committedGapBytes: Bytes;
  readonly roundingBytes: Bytes;
}

/** Reports of one JVM in the order of time. */
export interface NativeMemoryEvidence {
  readonly file: { readonly name: string; readonly format: string };
  readonly processId: number | undefined;
  readonly reports: readonly TrackingReport[];
  readonly notes: readonly string[];
}
