/** Where the stack traces of a chunk lie, by index; keeps its memory from chunk to chunk. */
export class StackPlaces {
  /** Place in the chunk's bytes, `~place` in the kept ones, 0 none. */
  #place = new Int32Array(1024);
  #keptBytes = 0;
  /** Encoded stack traces whose chunk's bytes are gone. */
  kept: Uint8Array = new Uint8Array(0);
  count = 0;

  clear(): void {
    this.#place.fill(0, 0, this.count);
    this.#keptBytes = 0;
    this.count = 0;
  }

  at(index: number): number {
    return index < this.count ? this.#place[index]! : 0;
  }

  set(index: number, place: number): void {
    if (index >= this.#place.length) {
      const larger = new Int32Array(Math.max(index + 1, this.#place.length * 2));
      larger.set(this.#place);
      this.#place = larger;
    }
    this.#place[index] = place;
    if (index >= this.count) this.count = index + 1;
  }

  /** Copies what lies in a chunk's bytes, which are about to go. */
  keep(bytes: Uint8Array, endOf: (place: number) => number): void {
    for (let index = 0; index < this.count; index++) {
      const place = this.#place[index]!;
      if (place <= 0) continue;
      this.#place[index] = ~this.#append(bytes.subarray(place, endOf(place)));
    }
  }

  #append(encoded: Uint8Array): number {
    const place = this.#keptBytes;
    const needed = place + encoded.length;
    if (needed > this.kept.length) {
      const larger = new Uint8Array(Math.max(needed, this.kept.length * 2));
      larger.set(this.kept.subarray(0, place));
      this.kept = larger;
    }
    this.kept.set(encoded, place);
    this.#keptBytes = needed;
    return place;
  }
}
