import type { Source } from "./metric.ts";

/** One garbage collection, or one phase of it that is measured by itself. */
export interface GcEvent {
  /** As the JVM's GarbageCollectorMXBean names it: `G1 Young Generation`. */
  readonly name: string;
  /** As its notifications name it: `end of minor GC`. */
  readonly action: string;
  /** `G1 Evacuation Pause`; `unknown` where the source does not tell. */
  readonly cause: string;
  /** Whether the program was stopped for it. */
  readonly kind: "pause" | "concurrent";
  readonly durationSeconds: number;
  /** Seconds since the JVM began at which it ended; undefined where only sums are known. */
  readonly endSeconds: number | undefined;
}

/** What the collector did since it was last asked, and what was counted since the JVM was first seen. */
export interface GcActivity {
  readonly source: Source;
  /** In order of time, since the previous call. */
  readonly events: readonly GcEvent[];
  /** Collections since the JVM was first seen that `events` told only as their mean, since several fell between two looks. */
  readonly mergedEvents: number;
  /** Collections since the JVM was first seen whose duration is lost. */
  readonly lostEvents: number;
  /** Bytes allocated since the JVM was first seen; undefined where the collector does not show it. */
  readonly allocatedBytes: number | undefined;
  /** How `allocatedBytes` was found: `exact`, or `bound` when it is an upper bound. */
  readonly allocationQuality: "exact" | "bound" | "per-gc" | undefined;
  /** Bytes that moved to the old generation since the JVM was first seen. */
  readonly promotedBytes: number | undefined;
  /**
   * Bytes in use after the last collection, by the pool's MXBean name, or of the whole `heap` where its parts are not known. Empty before
   * the first.
   */
  readonly usedAfterGc: ReadonlyMap<string, number>;
}
