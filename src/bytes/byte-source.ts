import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Bytes that can be read at any offset, synchronously. */
export interface ByteSource {
  readonly name: string;
  readonly sizeBytes: number;
  /** How another thread opens the same bytes; undefined when it cannot. */
  readonly descriptor: SourceDescriptor | undefined;
  /** Fills `target` from `offset` on; returns the number of bytes read, less than asked only at the end. */
  read(offset: number, target: Uint8Array): number;
  close(): void;
}

export type SourceDescriptor =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "memory"; readonly name: string; readonly bytes: Uint8Array<SharedArrayBuffer> };

/** Opens what a descriptor from another thread names. */
export function openByteSource(descriptor: SourceDescriptor): ByteSource {
  return descriptor.kind === "file" ? openFile(descriptor.path) : memorySource(descriptor.name, descriptor.bytes);
}

/** A file by positioned reads. Throws the system's error when it cannot be opened. */
export function openFile(path: string): ByteSource {
  const fd = openSync(path, "r");
  return {
    name: path,
    sizeBytes: fstatSync(fd).size,
    descriptor: { kind: "file", path },
    read: (offset, target) => readFully(fd, offset, target),
    close: () => closeSync(fd),
  };
}

/** Bytes that are in memory; shared with other threads when they lie on a SharedArrayBuffer. */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  const { buffer } = bytes;
  const shared =
    buffer instanceof SharedArrayBuffer ? new Uint8Array(buffer, bytes.byteOffset, bytes.byteLength) : undefined;
  return {
    name,
    sizeBytes: bytes.byteLength,
    descriptor: shared && { kind: "memory", name, bytes: shared },
    read(offset, target) {
      const part = bytes.subarray(offset, offset + target.byteLength);
      target.set(part);
      return part.byteLength;
    },
    close: () => undefined,
  };
}

/** One read returns at most 2 GiB and may be interrupted, hence the loop. */
function readFully(fd: number, offset: number, target: Uint8Array): number {
  let done = 0;
  while (done < target.byteLength) {
    const count = readSync(fd, target, done, target.byteLength - done, offset + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}
