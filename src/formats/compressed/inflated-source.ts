import { type ByteSource, memorySource } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";
import type { ContentPlace } from "./compression.ts";
import { ContentStream } from "./content-stream.ts";

/** Decompressed files up to this size are kept in memory; larger ones are decompressed anew for each pass. */
const inflatedInMemoryBytes = 512 << 20;

/**
 * A compressed file as if it were not: in memory when it is small enough, otherwise as a stream that starts over when a read
 * goes back, without a temporary file. Decompresses once to learn the size. Damage ends the content where it lies.
 */
export function openInflated(name: string, content: ContentPlace, onProgress: (bytes: number) => void): ByteSource {
  const stream = new ContentStream(content);
  const blocks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const block = new Uint8Array(Math.min(16 << 20, Math.max(1 << 20, size)));
    const read = stream.read(size, block);
    size += read;
    if (size <= inflatedInMemoryBytes) blocks.push(block.subarray(0, read));
    else blocks.length = 0;
    onProgress(size);
    if (read < block.length) break;
  }
  if (size > inflatedInMemoryBytes && content.path === undefined) {
    stream.close();
    throw new FormatError(
      `stdin holds more than ${inflatedInMemoryBytes >> 20} MiB; give a file, or add --include histogram`,
    );
  }
  if (size === 0) throw new FormatError(`${name} cannot be decompressed: ${stream.damage ?? "it holds nothing"}`, 0);
  if (size <= inflatedInMemoryBytes) {
    stream.close();
    return memorySource(name, joined(blocks, size));
  }
  return {
    name,
    sizeBytes: size,
    descriptor: undefined,
    read: (offset, target) => stream.read(offset, target.subarray(0, Math.max(0, size - offset))),
    close: () => stream.close(),
  };
}

function joined(blocks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(size));
  let at = 0;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}
