import { type ByteSource, openFile } from "../../bytes/byte-source.ts";
import { compressionOf } from "./compression.ts";
import { ContentStream } from "./content-stream.ts";
import { openInflated } from "./inflated-source.ts";

/** Opens a file by its content: gzip and zstd are decompressed on the way. Throws the system's error when it cannot be opened. */
export function openContent(path: string, onProgress: (bytes: number) => void = () => undefined): ByteSource {
  const file = openFile(path);
  const head = new Uint8Array(4);
  const compression = compressionOf(head.subarray(0, file.read(0, head)));
  if (compression === undefined) return file;
  file.close();
  return openInflated(path, { path, head: new Uint8Array(0), compression }, onProgress);
}

/** Stdin of which `head` has been read, whole in memory. Throws FormatError when it is too large for that. */
export function openStdin(head: Uint8Array, onProgress: (bytes: number) => void): ByteSource {
  return openInflated("-", { path: undefined, head, compression: compressionOf(head) }, onProgress);
}

/** Stdin of which `head` has been read, or a compressed file, to be read forward once; its size is not known. */
export function openForward(name: string, head: Uint8Array, path: string | undefined): ByteSource {
  const stream = new ContentStream({
    path,
    head: path === undefined ? head : new Uint8Array(0),
    compression: compressionOf(head),
  });
  return {
    name,
    sizeBytes: Number.MAX_SAFE_INTEGER,
    descriptor: undefined,
    read: (offset, target) => stream.read(offset, target),
    close: () => stream.close(),
  };
}
