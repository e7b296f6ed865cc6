/** An append-only column of doubles that doubles when full. */
export class Float64Column {
  #values: Float64Array = new Float64Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) this.#values = enlarged(this.#values);
    this.#values[this.length++] = value;
  }

  /** The values so far; a view that is valid until the next push. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.length);
  }
}

/** An append-only column of 32-bit integers that doubles when full. */
export class Int32Column {
  #values: Int32Array = new Int32Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) this.#values = enlarged(this.#values);
    this.#values[this.length++] = value;
  }

  /** The values so far; a view that is valid until the next push. */
  get values(): Int32Array {
    return this.#values.subarray(0, this.length);
  }
}

function enlarged<T extends Float64Array | Int32Array>(values: T): T {
  const larger = new (values.constructor as new (length: number) => T)(values.length * 2);
  larger.set(values);
  return larger;
}
