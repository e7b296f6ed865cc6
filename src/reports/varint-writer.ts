/** Numbers as bytes, seven bits each, least significant first (LEB128); signed ones zigzag. Exact up to 2^52. */
export class VarintWriter {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;

  unsigned(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(8);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** Its length, then UTF-8. */
  text(text: string): void {
    const encoded = new TextEncoder().encode(text);
    this.unsigned(encoded.length);
    if (this.#length + encoded.length > this.#bytes.length) this.#grow(encoded.length);
    this.#bytes.set(encoded, this.#length);
    this.#length += encoded.length;
  }

  /** What was written so far. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(more: number): void {
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
