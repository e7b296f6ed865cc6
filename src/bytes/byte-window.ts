import type { ByteSource } from "./byte-source.ts";

/**
 * A part of a source in memory. `bytes[0]` is the byte at `offset`; `length` bytes are valid.
 * 1 MiB is the size at which reading is fastest: larger windows fall out of the processor's cache.
 */
export class ByteWindow {
  readonly #source: ByteSource;
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView<ArrayBuffer>;
  offset = 0;
  length = 0;

  constructor(source: ByteSource, capacity = 1 << 20) {
    this.#source = source;
    this.bytes = new Uint8Array(Math.max(64, Math.min(capacity, source.sizeBytes)));
    this.view = new DataView(this.bytes.buffer);
  }

  /** Reads from `offset` up to `end` or the window's capacity; returns the number of bytes that are there. */
  load(offset: number, end: number): number {
    const wanted = Math.max(0, Math.min(end - offset, this.bytes.byteLength));
    this.offset = offset;
    this.length = this.#source.read(
      offset,
      wanted === this.bytes.byteLength ? this.bytes : this.bytes.subarray(0, wanted),
    );
    return this.length;
  }

  /** Position in the window of a file offset that has at least `wanted` bytes after it (fewer at the end of the source). */
  at(offset: number, wanted: number): number {
    if (offset >= this.offset && offset + wanted <= this.offset + this.length) return offset - this.offset;
    if (wanted > this.bytes.byteLength) this.grow(wanted);
    this.load(offset, this.#source.sizeBytes);
    return 0;
  }

  /** Doubles the capacity (or more) and forgets the contents. */
  grow(atLeast = this.bytes.byteLength * 2): void {
    this.bytes = new Uint8Array(Math.max(atLeast, this.bytes.byteLength * 2));
    this.view = new DataView(this.bytes.buffer);
    this.length = 0;
  }
}
