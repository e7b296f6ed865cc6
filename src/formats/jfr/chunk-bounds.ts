import type { ByteSource } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";
import { ChunkCursor } from "./chunk-cursor.ts";
import { type ChunkHeader, hasMagic, headerBytes, parseChunkHeader } from "./chunk-header.ts";

/** Where a chunk lies in the file. */
export interface ChunkBounds {
  readonly header: ChunkHeader;
  readonly offset: number;
  /** Behind what is there of it. */
  readonly end: number;
  /** Its header was never completed. */
  readonly isOpen: boolean;
  /** Bytes that the header promises and the file does not have. */
  readonly missingBytes: number;
}

const windowBytes = 1 << 20;
const oldestNanos = 946_684_800n * 1_000_000_000n;
const latestNanos = 4_102_444_800n * 1_000_000_000n;

/** The extent of the chunk at `offset`: as its header says where that fits, else up to the next chunk or the file's end. */
export function boundsOf(source: ByteSource, offset: number, header: ChunkHeader): ChunkBounds {
  const { sizeBytes } = source;
  const end = offset + header.sizeBytes;
  const isOpen = header.state !== 0 || header.sizeBytes < headerBytes;
  if (!isOpen && (end === sizeBytes || (end < sizeBytes && isChunkAt(source, end))))
    return { header, offset, end, isOpen, missingBytes: 0 };
  const next = findChunk(source, offset + headerBytes);
  // Where the size is likely, and no chunk begins before its end, it is the next chunk that is damaged.
  if (!isOpen && end <= next) return { header, offset, end, isOpen, missingBytes: 0 };
  return { header, offset, end: next, isOpen, missingBytes: isOpen ? 0 : end - next };
}

/** Where the next chunk begins from `from` on; the file's end when there is none. */
export function findChunk(source: ByteSource, from: number): number {
  const window = new Uint8Array(Math.min(windowBytes, Math.max(0, source.sizeBytes - from)));
  for (let offset = from; offset < source.sizeBytes - headerBytes; offset += window.length - headerBytes) {
    const length = source.read(offset, window);
    const bytes = Buffer.from(window.buffer, 0, length);
    for (let at = bytes.indexOf("FLR\0", 0, "latin1"); at >= 0; at = bytes.indexOf("FLR\0", at + 1, "latin1")) {
      if (isChunkAt(source, offset + at)) return offset + at;
    }
    if (length < window.length || window.length <= headerBytes) break;
  }
  return source.sizeBytes;
}

/**
 * Whether a chunk begins here: a header with sane values. A chunk may hold a copy of its own header as a constant of 68 bytes; that is
 * none unless an event follows it that can begin a chunk.
 */
function isChunkAt(source: ByteSource, offset: number): boolean {
  const bytes = new Uint8Array(headerBytes + 16);
  const before = Math.min(offset, 4);
  const head = bytes.subarray(0, source.read(offset - before, bytes));
  if (!hasMagic(head, before)) return false;
  const header = parsedOrUndefined(head.subarray(before), offset);
  if (header === undefined || header.startNanos < oldestNanos || header.startNanos > latestNanos) return false;
  const isCopy =
    head[before - 1] === headerBytes || (head[0] === 0xc4 && head[1] === 0x80 && head[2] === 0x80 && head[3] === 0);
  if (!isCopy) return true;
  const cursor = new ChunkCursor(head.subarray(before + headerBytes), header.hasCompressedIntegers);
  const size = cursor.int();
  const typeId = cursor.long();
  return size > 8 && offset + size <= source.sizeBytes && (typeId === 0 || typeId === 1);
}

function parsedOrUndefined(bytes: Uint8Array, offset: number): ChunkHeader | undefined {
  try {
    return parseChunkHeader(bytes, offset);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
