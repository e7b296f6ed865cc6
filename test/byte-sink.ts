/** Big-endian bytes that grow: what the writers of test inputs write into. */
export class ByteSink {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  readonly #idBytes: 4 | 8;

  constructor(idBytes: 4 | 8 = 8) {
    this.#idBytes = idBytes;
  }

  get length(): number {
    return this.#length;
  }

  u1(value: number): this {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
    return this;
  }

  u2(value: number): this {
    const at = this.#grow(2);
    this.#view.setUint16(at, value);
    return this;
  }

  u4(value: number): this {
    const at = this.#grow(4);
    this.#view.setUint32(at, value);
    return this;
  }

  u8(value: number | bigint): this {
    const at = this.#grow(8);
    this.#view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  f4(value: number): this {
    const at = this.#grow(4);
    this.#view.setFloat32(at, value);
    return this;
  }

  f8(value: number): this {
    const at = this.#grow(8);
    this.#view.setFloat64(at, value);
    return this;
  }

  id(value: number): this {
    return this.#idBytes === 8 ? this.u8(value) : this.u4(value);
  }

  block(bytes: Uint8Array): this {
    const start = this.#grow(bytes.length);
    this.#bytes.set(bytes, start);
    return this;
  }

  text(value: string): this {
    return this.block(new TextEncoder().encode(value));
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Makes room and returns where it starts. */
  #grow(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length <= this.#bytes.length) return start;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
    return start;
  }
}
