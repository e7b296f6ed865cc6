const chunkLength = 1 << 16;

/** First in, first out, in chunks that are used again: as much memory as its longest state needs, not as much as passes through. */
export class OrdinalQueue {
  length = 0;
  readonly #chunks: Int32Array[] = [];
  readonly #spare: Int32Array[] = [];
  #head: Int32Array = new Int32Array(chunkLength);
  #tail: Int32Array = this.#head;
  #headIndex = 0;
  #tailIndex = 0;

  push(ordinal: number): void {
    if (this.#tailIndex === chunkLength) {
      this.#tail = this.#spare.pop() ?? new Int32Array(chunkLength);
      this.#chunks.push(this.#tail);
      this.#tailIndex = 0;
    }
    this.#tail[this.#tailIndex++] = ordinal;
    this.length++;
  }

  /** Only while `length` is above 0. */
  shift(): number {
    if (this.#headIndex === chunkLength) {
      this.#spare.push(this.#head);
      this.#head = this.#chunks.shift()!;
      this.#headIndex = 0;
    }
    this.length--;
    return this.#head[this.#headIndex++]!;
  }
}
