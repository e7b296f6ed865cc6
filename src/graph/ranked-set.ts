/** A set of ordinals that numbers its members densely, 1…count in ascending order. Fill it with `add`, then call `rank` once. */
export class RankedSet {
  /** `[2w]` members among 32 ordinals, `[2w + 1]` members before them; side by side, so that a look-up misses the cache once. */
  readonly #words: Int32Array<ArrayBuffer>;
  count = 0;

  constructor(objectCount: number) {
    this.#words = new Int32Array(2 * ((objectCount >>> 5) + 1));
  }

  has(ordinal: number): boolean {
    return (this.#words[2 * (ordinal >>> 5)]! & (1 << (ordinal & 31))) !== 0;
  }

  add(ordinal: number): void {
    this.#words[2 * (ordinal >>> 5)]! |= 1 << (ordinal & 31);
  }

  rank(): void {
    const words = this.#words;
    let count = 0;
    for (let index = 0; index < words.length; index += 2) {
      words[index + 1] = count;
      count += bitCount(words[index]!);
    }
    this.count = count;
  }

  /** Number of a member. */
  numberOf(ordinal: number): number {
    const index = 2 * (ordinal >>> 5);
    return this.#words[index + 1]! + bitCount(this.#words[index]! << (31 - (ordinal & 31)));
  }
}

function bitCount(word: number): number {
  let pairs = word - ((word >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
