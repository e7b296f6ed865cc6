import type { ByteSource } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";
import type { Loss } from "../../model/heap-evidence.ts";
import { boundsOf, type ChunkBounds, findChunk } from "./chunk-bounds.ts";
import { type ChunkHeader, hasMagic, headerBytes, readChunkHeader } from "./chunk-header.ts";
import { ChunkReader } from "./chunk-reader.ts";
import type { EventsRead, ReadEventsOptions, RecordingVisitor } from "./events.ts";

/**
 * Reads a recording chunk by chunk, in memory that is bounded by its largest chunk. What is damaged or cut off is left out and named
 * in `losses`. Throws FormatError when nothing of it can be read.
 */
export function readEvents(source: ByteSource, visitor: RecordingVisitor, options: ReadEventsOptions = {}): EventsRead {
  const first = firstHeader(source);
  const losses: Loss[] = [];
  const chunks = chunksOf(source, first, losses);
  let recordingStartNanos = first.startNanos;
  for (const { header } of chunks) if (header.startNanos < recordingStartNanos) recordingStartNanos = header.startNanos;
  const longestBytes = chunks.reduce((longest, { offset, end }) => Math.max(longest, end - offset), 0);
  const reader = new ChunkReader(source, visitor, { recordingStartNanos, longestBytes });
  chunks.forEach((bounds, index) => {
    reader.read(bounds, index);
    options.progress?.(bounds.end, source.sizeBytes);
  });
  reader.release();
  const startMillis = Number(recordingStartNanos) / 1e6;
  return {
    ...reader.result(),
    format: `JFR ${first.major}.${first.minor}`,
    chunks: chunks.length,
    isOpen: chunks.at(-1)!.isOpen,
    startMillis,
    losses: [...losses, ...reader.losses].sort((a, b) => a.offset - b.offset),
  };
}

function firstHeader(source: ByteSource): ChunkHeader {
  const header = readChunkHeader(source, 0);
  if (header !== undefined) return header;
  const head = new Uint8Array(4);
  const isRecording = hasMagic(head.subarray(0, source.read(0, head)));
  if (!isRecording) throw new FormatError('expected a flight recording that starts with "FLR"', 0);
  throw new FormatError(`the file ends inside the header of its first chunk`, source.sizeBytes);
}

/** All chunks; parts of the file that belong to none are lost. */
function chunksOf(source: ByteSource, first: ChunkHeader, losses: Loss[]): ChunkBounds[] {
  const chunks: ChunkBounds[] = [];
  let header: ChunkHeader | undefined = first;
  let offset = 0;
  while (offset < source.sizeBytes) {
    if (header === undefined) {
      const next = findChunk(source, offset);
      losses.push({ offset, bytes: next - offset, reason: "expected a chunk" });
      offset = next;
    } else {
      const bounds = boundsOf(source, offset, header);
      chunks.push(bounds);
      offset = bounds.end;
    }
    header = offset + headerBytes <= source.sizeBytes ? chunkHeaderAt(source, offset) : undefined;
  }
  return chunks;
}

function chunkHeaderAt(source: ByteSource, offset: number): ChunkHeader | undefined {
  try {
    return readChunkHeader(source, offset);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
