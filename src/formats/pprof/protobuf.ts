/** Reads one protobuf message field by field; stops, and says so, where bytes are missing or make no sense. */
export class ProtobufReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
  /** Of the field just read. */
  field = 0;
  /** 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes. */
  wireType = 0;
  /** Of a varint; exact to 2^53, and negative numbers as they were meant. */
  value = 0;
  /** Of a field with bytes: its part of `bytes`. */
  start = 0;
  stop = 0;
  /** Byte at which the message is broken; −1 while it is whole. */
  brokenAt = -1;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** Reads the next field; false at the end, and where the message is broken. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const began = this.at;
    const key = this.#varint();
    this.field = Math.floor(key / 8);
    this.wireType = key % 8;
    if (!Number.isNaN(key) && this.field > 0 && this.#content()) return true;
    this.brokenAt = began;
    this.at = this.end;
    return false;
  }

  /** The message in the field just read. */
  message(): ProtobufReader {
    return new ProtobufReader(this.bytes, this.start, this.stop);
  }

  /** Adds the numbers of a repeated field, packed or not. */
  pushNumbers(into: number[]): void {
    if (this.wireType !== 2) {
      into.push(this.value);
      return;
    }
    const packed = this.message();
    while (packed.at < packed.end) {
      const value = packed.#varint();
      if (Number.isNaN(value)) return;
      into.push(value);
    }
  }

  #content(): boolean {
    switch (this.wireType) {
      case 0:
        this.value = this.#varint();
        return !Number.isNaN(this.value);
      case 1:
        return this.#skip(8);
      case 2:
        return this.#skip(this.#varint());
      case 5:
        return this.#skip(4);
      default:
        return false;
    }
  }

  #skip(length: number): boolean {
    if (!(length >= 0 && this.at + length <= this.end)) return false;
    this.start = this.at;
    this.at += length;
    this.stop = this.at;
    return true;
  }

  /** NaN where it is cut off. Ten bytes hold 64 bits: the low and the high 32 are put together apart, so that negative ones come out right. */
  #varint(): number {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.at >= this.end) return Number.NaN;
      const byte = this.bytes[this.at++]!;
      const group = byte & 0x7f;
      if (shift < 28) low |= group << shift;
      else if (shift === 28) {
        low |= group << 28;
        high |= group >>> 4;
      } else high |= group << (shift - 32);
      if (byte < 0x80) return (high | 0) * 0x1_0000_0000 + (low >>> 0);
    }
    return Number.NaN;
  }
}
