const twoTo28 = 2 ** 28;

/**
 * Reads integers of a chunk, compressed (little-endian groups of 7 bits, at most 9 bytes, the ninth whole) or of fixed width
 * (big-endian). A read behind the bytes yields zeros and moves on: callers compare `position` with the end they know.
 */
export class ChunkCursor {
  bytes: Uint8Array;
  view: DataView;
  position = 0;
  readonly hasCompressedIntegers: boolean;
  /** Halves of the key that `key` read last. */
  keyLow = 0;
  keyHigh = 0;

  constructor(bytes: Uint8Array, hasCompressedIntegers: boolean) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.hasCompressedIntegers = hasCompressedIntegers;
  }

  /** A long; rounded beyond 2^53. */
  long(): number {
    if (this.hasCompressedIntegers) return this.#varint();
    this.key();
    return this.keyHigh * 2 ** 32 + (this.keyLow >>> 0);
  }

  /** An int. */
  int(): number {
    if (this.hasCompressedIntegers) return this.#varint() | 0;
    return this.#fixed4();
  }

  /** A 16-bit char. */
  char(): number {
    if (this.hasCompressedIntegers) return this.#varint() & 0xffff;
    const at = this.position;
    this.position += 2;
    return ((this.bytes[at]! << 8) | this.bytes[at + 1]!) & 0xffff;
  }

  /** A long into `keyLow` and `keyHigh`, exactly. */
  key(): void {
    if (!this.hasCompressedIntegers) {
      this.keyHigh = this.#fixed4();
      this.keyLow = this.#fixed4();
      return;
    }
    const { bytes } = this;
    let shift = 0;
    let low = 0;
    let high = 0;
    let byte = 0;
    do {
      byte = bytes[this.position++]!;
      const group = shift === 56 ? byte : byte & 0x7f;
      if (shift < 28) low |= group << shift;
      else if (shift === 28) {
        low |= group << 28;
        high = group >>> 4;
      } else high |= group << (shift - 32);
      shift += 7;
    } while (byte > 0x7f && shift <= 56);
    this.keyLow = low;
    this.keyHigh = high;
  }

  byte(): number {
    return this.bytes[this.position++]! | 0;
  }

  #varint(): number {
    const { bytes } = this;
    let byte = bytes[this.position++]!;
    if (!(byte > 0x7f)) return byte | 0;
    let low = byte & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      byte = bytes[this.position++]!;
      low |= (byte & 0x7f) << shift;
      if (!(byte > 0x7f)) return low;
    }
    return this.#high() * twoTo28 + low;
  }

  /** Bits 28–63 as a signed number: groups of 7 and a last whole byte. */
  #high(): number {
    const { bytes } = this;
    let middle = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = bytes[this.position++]!;
      middle |= (byte & 0x7f) << shift;
      if (!(byte > 0x7f)) return middle;
    }
    const top = ((bytes[this.position++]! | 0) << 24) >> 24;
    return top * twoTo28 + middle;
  }

  #fixed4(): number {
    const at = this.position;
    this.position += 4;
    const { bytes } = this;
    return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }
}
