import { missingIndex } from "./events.ts";
/**
 * Open-addressing table from 64-bit keys (as two 32-bit halves) to dense indexes from 0 on, in the order of their first use.
 * Four ints a slot, so that one cache line answers: low half, high half, index + 1, unused.
 */
export class KeyTable {
  #slots = new Int32Array(64);
  #mask = 15;
  /** Keys in it. */
  count = 0;

  /** The index of a key, or −1. */
  find(low: number, high: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = hash(low, high) & mask;
    for (;;) {
      const at = slot << 2;
      const index = slots[at + 2]!;
      if (index === 0) return -1;
      if (slots[at] === low && slots[at + 1] === high) return index - 1;
      slot = (slot + 1) & mask;
    }
  }

  /** The index of a key, a new one when it has none. */
  findOrAdd(low: number, high: number): number {
    const found = this.find(low, high);
    if (found >= 0) return found;
    if (this.count * 2 > this.#mask) this.#enlarge();
    this.#put(low, high, ++this.count);
    return this.count - 1;
  }

  /**
   * Index by `key − first` where the keys are 31-bit numbers that lie close together, as most are: a lookup there needs no search
   * and far less memory. −2 between them; undefined where they do not.
   */
  denseIndexes(): { readonly first: number; readonly indexes: Int32Array } | undefined {
    const slots = this.#slots;
    let first = 0x7fffffff;
    let last = -1;
    for (let at = 0; at < slots.length; at += 4) {
      if (slots[at + 2] === 0) continue;
      const low = slots[at]!;
      if (slots[at + 1] !== 0 || low < 0) return undefined;
      if (low < first) first = low;
      if (low > last) last = low;
    }
    if (last - first >= this.count * 8 + 1024) return undefined;
    const indexes = new Int32Array(Math.max(0, last - first + 1)).fill(missingIndex);
    for (let at = 0; at < slots.length; at += 4) {
      if (slots[at + 2] !== 0) indexes[slots[at]! - first] = slots[at + 2]! - 1;
    }
    return { first, indexes };
  }

  clear(): void {
    this.#slots.fill(0);
    this.count = 0;
  }

  #put(low: number, high: number, value: number): void {
    const slots = this.#slots;
    let slot = hash(low, high) & this.#mask;
    while (slots[(slot << 2) + 2] !== 0) slot = (slot + 1) & this.#mask;
    slots[slot << 2] = low;
    slots[(slot << 2) + 1] = high;
    slots[(slot << 2) + 2] = value;
  }

  #enlarge(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#slots.length / 4 - 1;
    for (let at = 0; at < old.length; at += 4) {
      if (old[at + 2] !== 0) this.#put(old[at]!, old[at + 1]!, old[at + 2]!);
    }
  }
}

function hash(low: number, high: number): number {
  return Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1) >>> 7;
}
