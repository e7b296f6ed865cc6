import type { ByteSource } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";

/** The fixed head of a chunk; all integers big-endian. */
export interface ChunkHeader {
  readonly major: number;
  readonly minor: number;
  /** From the header's first byte; 0 when the writer has not said yet. */
  readonly sizeBytes: number;
  /** Of the last checkpoint and of the metadata, from the chunk's start; 0 when not written yet. */
  readonly checkpointOffset: number;
  readonly metadataOffset: number;
  readonly startNanos: bigint;
  readonly durationNanos: number;
  readonly startTicks: bigint;
  readonly ticksPerSecond: number;
  /** 0: finished; 255: just being rewritten; else it counts the flushes of a chunk that is still written. */
  readonly state: number;
  readonly hasCompressedIntegers: boolean;
}

export const headerBytes = 68;
const minTicksPerSecond = 1;

/** Whether the bytes begin as every recording does. */
export function hasMagic(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0x46 && bytes[at + 1] === 0x4c && bytes[at + 2] === 0x52 && bytes[at + 3] === 0;
}

/** The header at the start of `bytes`; undefined when it is cut, or cannot be a chunk's. Throws FormatError for other versions. */
export function parseChunkHeader(bytes: Uint8Array, fileOffset: number): ChunkHeader | undefined {
  if (bytes.length < headerBytes || !hasMagic(bytes)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const major = view.getUint16(4);
  const minor = view.getUint16(6);
  if (major !== 2) throw new FormatError(wrongVersion(major, minor), fileOffset + 4);
  const ticksPerSecond = Number(view.getBigInt64(56));
  return {
    major,
    minor,
    sizeBytes: offsetAt(view, 8),
    checkpointOffset: offsetAt(view, 16),
    metadataOffset: offsetAt(view, 24),
    startNanos: view.getBigInt64(32),
    durationNanos: Math.max(0, Number(view.getBigInt64(40))),
    startTicks: view.getBigInt64(48),
    ticksPerSecond: ticksPerSecond < minTicksPerSecond ? 1e9 : ticksPerSecond,
    state: view.getUint8(64),
    hasCompressedIntegers: (view.getUint8(67) & 1) !== 0,
  };
}

/** Reads the header of the chunk at `offset`. */
export function readChunkHeader(source: ByteSource, offset: number): ChunkHeader | undefined {
  const bytes = new Uint8Array(headerBytes);
  return parseChunkHeader(bytes.subarray(0, source.read(offset, bytes)), offset);
}

/** Offsets and sizes that are negative or beyond 2^53 say as little as 0 does. */
function offsetAt(view: DataView, at: number): number {
  const value = Number(view.getBigInt64(at));
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
}

function wrongVersion(major: number, minor: number): string {
  const got = `expected a flight recording of version 2.0 or 2.1, got ${major}.${minor}`;
  if (major === 0)
    return `${got}, which Oracle's JDK 7 and 8 write; record again with JDK 8u262 or newer, or open the file in JDK Mission Control`;
  if (major === 1)
    return `${got}, which JDK 9 and 10 write; record again with JDK 11 or newer, or open the file in JDK Mission Control`;
  return `${got}; a newer jprof may read it, and so may the jfr tool of the JDK that wrote it`;
}
