import type { ByteSource } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";

/** Formats that must be in memory as a whole are read up to this size; a string of V8 holds no more. */
const largest = 512 << 20;

/** All bytes of a source, also of one whose size is not known. */
export function readWhole(source: ByteSource): Uint8Array {
  let bytes = new Uint8Array(Math.min(source.sizeBytes, largest) === largest ? 1 << 20 : source.sizeBytes + 1);
  let filled = 0;
  for (;;) {
    const room = bytes.subarray(filled);
    const count = source.read(filled, room);
    filled += count;
    if (count < room.length) return bytes.subarray(0, filled);
    if (filled > largest) throw new FormatError(`expected at most ${largest} bytes, got more`, filled);
    const larger = new Uint8Array(bytes.length * 2);
    larger.set(bytes);
    bytes = larger;
  }
}
