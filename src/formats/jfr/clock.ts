import type { ChunkHeader } from "./chunk-header.ts";

/** How a chunk's ticks become seconds since the recording's start; the start as two parts that subtract exactly. */
export interface ChunkClock {
  /** Bits 0–27 and the signed rest. */
  readonly startLow: number;
  readonly startHigh: number;
  readonly ticksPerSecond: number;
  readonly startSeconds: number;
  /** Of the recording, since the epoch, and what is left of a millisecond. */
  readonly recordingStartMillis: number;
  readonly recordingStartNanos: number;
}

export function clockOf(header: ChunkHeader, recordingStartNanos: bigint): ChunkClock {
  return {
    startLow: Number(header.startTicks & 0xfffffffn),
    startHigh: Number(header.startTicks >> 28n),
    ticksPerSecond: header.ticksPerSecond,
    startSeconds: Number(header.startNanos - recordingStartNanos) / 1e9,
    recordingStartMillis: Number(recordingStartNanos / 1_000_000n),
    recordingStartNanos: Number(recordingStartNanos % 1_000_000n),
  };
}

/** Seconds since the recording's start of a time in milliseconds since the epoch. */
export function secondsOfEpochMillis(
  { recordingStartMillis, recordingStartNanos }: ChunkClock,
  millis: number,
): number {
  return (millis - recordingStartMillis - recordingStartNanos / 1e6) / 1e3;
}
