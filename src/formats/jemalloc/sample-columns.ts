/** Counts as they stand in the file: of blocks that are live, and of all that there ever were. */
export interface RawCounts {
  inuseObjects: number;
  inuseBytes: number;
  allocObjects: number;
  allocBytes: number;
}

const firstRows = 1024;
/** Small: moving is cheap, and a huge file needs the memory. */
const growth = 1.25;

/**
 * Rows of counts; what was ever allocated is kept from the first row on that has any. Columns grow by moving their bytes, so that a huge
 * file needs no second copy of them: views are valid until the next push.
 */
export class SampleColumns {
  #stack = new Int32Array(firstRows);
  #thread = new Int32Array(firstRows);
  #inuseObjects = new Float64Array(firstRows);
  #inuseBytes = new Float64Array(firstRows);
  #allocObjects: Float64Array<ArrayBuffer> | undefined;
  #allocBytes: Float64Array<ArrayBuffer> | undefined;
  length = 0;

  get stack(): Int32Array {
    return this.#stack.subarray(0, this.length);
  }

  /** −1 in the rows of all threads together. */
  get thread(): Int32Array {
    return this.#thread.subarray(0, this.length);
  }

  get inuseObjects(): Float64Array {
    return this.#inuseObjects.subarray(0, this.length);
  }

  get inuseBytes(): Float64Array {
    return this.#inuseBytes.subarray(0, this.length);
  }

  /** Undefined where nothing counts what was ever allocated. */
  get allocated(): { readonly objects: Float64Array; readonly bytes: Float64Array } | undefined {
    if (this.#allocObjects === undefined || this.#allocBytes === undefined) return undefined;
    return { objects: this.#allocObjects.subarray(0, this.length), bytes: this.#allocBytes.subarray(0, this.length) };
  }

  push(stack: number, thread: number, counts: RawCounts): void {
    if (this.length === this.#stack.length) this.#grow();
    if (counts.allocObjects !== 0 && this.#allocObjects === undefined) {
      this.#allocObjects = new Float64Array(this.#stack.length);
      this.#allocBytes = new Float64Array(this.#stack.length);
    }
    const row = this.length++;
    this.#stack[row] = stack;
    this.#thread[row] = thread;
    this.#inuseObjects[row] = counts.inuseObjects;
    this.#inuseBytes[row] = counts.inuseBytes;
    if (this.#allocObjects !== undefined) this.#allocObjects[row] = counts.allocObjects;
    if (this.#allocBytes !== undefined) this.#allocBytes[row] = counts.allocBytes;
  }

  #grow(): void {
    const rows = Math.ceil(this.#stack.length * growth);
    const integers = (column: Int32Array<ArrayBuffer>) => new Int32Array(column.buffer.transfer(rows * 4));
    const numbers = (column: Float64Array<ArrayBuffer>) => new Float64Array(column.buffer.transfer(rows * 8));
    this.#stack = integers(this.#stack);
    this.#thread = integers(this.#thread);
    this.#inuseObjects = numbers(this.#inuseObjects);
    this.#inuseBytes = numbers(this.#inuseBytes);
    this.#allocObjects &&= numbers(this.#allocObjects);
    this.#allocBytes &&= numbers(this.#allocBytes);
  }
}
