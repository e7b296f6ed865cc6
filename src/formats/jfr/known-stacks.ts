/**
 * Stacks of earlier chunks by a hash of 64 bits over their frames: most stacks of a chunk were in the chunks before, and
 * interning them frame by frame costs a cache miss each. Two different stacks among a million have equal hashes once in
 * tens of millions of recordings.
 */
export class KnownStacks {
  #slots = new Int32Array(1 << 12);
  /** By entry: both halves of the hash, and the stack. */
  #entries = new Int32Array(3 << 11);
  #count = 0;

  /** The stack with this hash; −1 when none is known. */
  find(low: number, high: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const entry = 3 * (this.#slots[slot]! - 1);
      if (entry < 0) return -1;
      if (this.#entries[entry] === low && this.#entries[entry + 1] === high) return this.#entries[entry + 2]!;
    }
  }

  /** Remembers a stack whose hash is not known. */
  add(low: number, high: number, stack: number): void {
    if (2 * this.#count === this.#slots.length) this.#enlarge();
    this.#entries.set([low, high, stack], 3 * this.#count++);
    this.#place(low, this.#count);
  }

  #enlarge(): void {
    const entries = new Int32Array(this.#entries.length * 2);
    entries.set(this.#entries);
    this.#entries = entries;
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let entry = 0; entry < this.#count; entry++) this.#place(entries[3 * entry]!, entry + 1);
  }

  #place(low: number, entry: number): void {
    const mask = this.#slots.length - 1;
    let slot = low & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry;
  }
}
