/** Numbers for byte strings, so that a text that comes a million times is decoded once. */
export class FrameBytes {
  #bytes = new Uint8Array(1 << 16);
  #used = 0;
  /** Start of each text; one more than there are texts. */
  readonly #starts: number[] = [0];
  /** A slot holds a number + 1, 0 is empty. */
  #slots = new Int32Array(1 << 12);
  readonly #hashes: number[] = [];

  /** The number of these bytes: equal bytes, equal numbers, from 0 on. */
  numberOf(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const number = this.#slots[slot]! - 1;
      if (number < 0) return this.#add(slot, hash, bytes.subarray(start, end));
      if (this.#hashes[number] === hash && this.#isEqual(number, bytes, start, end)) return number;
      slot = (slot + 1) & mask;
    }
  }

  #isEqual(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[number]!;
    if (this.#starts[number + 1]! - from !== end - start) return false;
    for (let index = 0; index < end - start; index++) {
      if (this.#bytes[from + index] !== bytes[start + index]) return false;
    }
    return true;
  }

  #add(slot: number, hash: number, bytes: Uint8Array): number {
    const number = this.#hashes.length;
    while (this.#used + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
    this.#starts.push(this.#used);
    this.#hashes.push(hash);
    this.#slots[slot] = number + 1;
    if (this.#hashes.length * 2 > this.#slots.length) this.#rehash();
    return number;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (const [number, hash] of this.#hashes.entries()) {
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

/** FNV-1a over 32 bits, mixed, since the low bits choose the slot. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ bytes[index]!, 0x01000193);
  return (hash ^ (hash >>> 15)) | 0;
}
