const encoder = new TextEncoder();
const twoTo32 = 0x1_0000_0000;

/** Writes one protobuf message; fields with their default value are left out, as proto3 does. */
export class ProtobufWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** The message so far; a view that is valid until more is written. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets what was written, and keeps the memory. */
  clear(): this {
    this.#length = 0;
    return this;
  }

  /** int32, int64, uint64, enum, bool. */
  number(field: number, value: number): this {
    if (value === 0) return this;
    this.#varint(field * 8);
    this.#varint(value);
    return this;
  }

  fixed64(field: number, value: number): this {
    if (value === 0) return this;
    this.#varint(field * 8 + 1);
    this.#fixed64(value);
    return this;
  }

  /** A repeated number in its packed form. */
  numbers(field: number, values: ArrayLike<number>): this {
    if (values.length === 0) return this;
    let length = 0;
    for (let index = 0; index < values.length; index++) length += lengthOf(values[index]!);
    this.#varint(field * 8 + 2);
    this.#varint(length);
    for (let index = 0; index < values.length; index++) this.#varint(values[index]!);
    return this;
  }

  fixed64s(field: number, values: ArrayLike<number>): this {
    if (values.length === 0) return this;
    this.#varint(field * 8 + 2);
    this.#varint(values.length * 8);
    for (let index = 0; index < values.length; index++) this.#fixed64(values[index]!);
    return this;
  }

  /** An element of a repeated text, or one that may be empty. */
  text(field: number, text: string): this {
    return this.part(field, encoder.encode(text));
  }

  /** A message within this one, or bytes; empty ones are written too. */
  part(field: number, bytes: Uint8Array): this {
    this.#varint(field * 8 + 2);
    this.#varint(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  #varint(value: number): void {
    this.#reserve(10);
    let low = (value % twoTo32) | 0;
    let high = Math.floor(value / twoTo32) | 0;
    while (high !== 0 || low >>> 0 > 0x7f) {
      this.#bytes[this.#length++] = (low & 0x7f) | 0x80;
      low = (low >>> 7) | ((high & 0x7f) << 25);
      high >>>= 7;
    }
    this.#bytes[this.#length++] = low;
  }

  #fixed64(value: number): void {
    this.#reserve(8);
    const view = new DataView(this.#bytes.buffer);
    view.setUint32(this.#length, (value % twoTo32) >>> 0, true);
    view.setUint32(this.#length + 4, Math.floor(value / twoTo32) >>> 0, true);
    this.#length += 8;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Bytes of a number as a varint; negative ones take ten, whatever their size. */
function lengthOf(value: number): number {
  if (value < 0) return 10;
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}
