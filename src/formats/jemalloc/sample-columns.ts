import { Float64Column, Int32Column } from "../../bytes/growable.ts";

/** Counts as they stand in the file: of blocks that are live, and of all that there ever were. */
export interface RawCounts {
  inuseObjects: number;
  inuseBytes: number;
  allocObjects: number;
  allocBytes: number;
}

/** Rows of counts; what was ever allocated is kept from the first row on that has any. */
export class SampleColumns {
  readonly stack = new Int32Column();
  /** −1 in the rows of all threads together. */
  readonly thread = new Int32Column();
  readonly inuseObjects = new Float64Column();
  readonly inuseBytes = new Float64Column();
  #allocObjects: Float64Column | undefined;
  #allocBytes: Float64Column | undefined;

  get length(): number {
    return this.stack.length;
  }

  push(stack: number, thread: number, counts: RawCounts): void {
    if (counts.allocObjects !== 0 && this.#allocObjects === undefined) {
      this.#allocObjects = zeros(this.length);
      this.#allocBytes = zeros(this.length);
    }
    this.stack.push(stack);
    this.thread.push(thread);
    this.inuseObjects.push(counts.inuseObjects);
    this.inuseBytes.push(counts.inuseBytes);
    this.#allocObjects?.push(counts.allocObjects);
    this.#allocBytes?.push(counts.allocBytes);
  }

  /** Undefined where nothing counts what was ever allocated. */
  get allocated(): { readonly objects: Float64Array; readonly bytes: Float64Array } | undefined {
    if (this.#allocObjects === undefined || this.#allocBytes === undefined) return undefined;
    return { objects: this.#allocObjects.values, bytes: this.#allocBytes.values };
  }
}

function zeros(length: number): Float64Column {
  const column = new Float64Column();
  for (let row = 0; row < length; row++) column.push(0);
  return column;
}
