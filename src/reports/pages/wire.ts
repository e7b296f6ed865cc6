import type { FrameKind, ProfileKind } from "../../model/profile.ts";
import type { Unit } from "../../model/units.ts";

/** What a frame of the page stands for: code, or frames that were merged because each was too small. */
export type WireFrameKind = FrameKind | "merged";

/** Kinds of the page's frames, by their number in the payload. */
export const wireFrameKinds: readonly WireFrameKind[] = ["java", "native", "kernel", "cpp", "other", "merged"];

/** Rows of one recording of a profile; in a comparison there are two, the later recording first. */
export interface WireSide {
  readonly rows: number;
  /** A row's weight is a whole number of these. */
  readonly weightQuantum: number;
  /** Events and weight of the whole profile, in `unit`. */
  readonly samples: number;
  readonly total: number;
  /** Wall time that it covers. */
  readonly durationSeconds: number | null;
}

/** One profile as it travels in a page. */
export interface WireProfile {
  readonly kind: ProfileKind;
  readonly event: string;
  readonly unit: Unit;
  readonly sides: readonly WireSide[];
  /** Class allocated, path read, …; empty where samples have none. */
  readonly labels: readonly string[];
  /** Width of the buckets of time; null where there are no times. */
  readonly bucketSeconds: number | null;
  /** Flat triples: frame, line, thousandths of the frame's self weight. */
  readonly lines: readonly number[];
  /** Sentences on what bounds the trust in the numbers. */
  readonly notes: readonly string[];
}

/** The part of a payload that is JSON; columns of numbers follow it. */
export interface WireHeader {
  /** Of each recording, the later first. */
  readonly names: readonly string[];
  readonly frames: readonly string[];
  readonly stackCount: number;
  readonly threads: readonly string[];
  /** Index into `pools`, by thread. */
  readonly threadPool: readonly number[];
  readonly pools: readonly string[];
  /** Threads were given up for their pools, to keep the page small. */
  readonly onlyPools: boolean;
  /** Stacks of less than this share of every profile were merged; 0: none. */
  readonly cutShare: number;
  readonly startMillis: number | null;
  readonly durationSeconds: number | null;
  readonly profiles: readonly WireProfile[];
}
