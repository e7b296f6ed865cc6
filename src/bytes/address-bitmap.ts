/**
 * The set of object addresses that one thread has seen: one bit per 8 bytes of address space, in pages of 8 MiB that
 * exist only where there are objects. Addresses are below 2^48 and multiples of 8.
 *
 * An address is given as two 32-bit halves; `page = (high << 9) | (low >>> 23)`, and within a page
 * `word = (low >>> 8) & 0x7fff`, `bit = (low >>> 3) & 31`.
 */
export const pageShift = 23;
export const wordsPerPage = 1 << 15;
const pagesPerBlock = 4;

/** Pages of a bitmap in a form that can be sent to another thread. */
export interface AddressPages {
  readonly pageNumbers: Int32Array;
  readonly blocks: readonly Int32Array<SharedArrayBuffer>[];
}

/** Builds the set page by page; the caller keeps the current page at hand and sets bits in it itself. */
export class AddressBitmap {
  readonly #pageNumbers: number[] = [];
  readonly #blocks: Int32Array<SharedArrayBuffer>[] = [];
  /** Open addressing: slot + 1 by page number, 0 for free places. */
  #places = new Int32Array(256);

  /** The words of a page, all zero when it is new. */
  page(pageNumber: number): Int32Array<SharedArrayBuffer> {
    let place = this.#placeOf(pageNumber);
    if (this.#places[place] === 0) {
      if (this.#pageNumbers.length * 2 >= this.#places.length) {
        this.#enlarge();
        place = this.#placeOf(pageNumber);
      }
      this.#places[place] = this.#pageNumbers.push(pageNumber);
      const blockBytes = pagesPerBlock * wordsPerPage * 4;
      if ((this.#pageNumbers.length - 1) % pagesPerBlock === 0)
        this.#blocks.push(new Int32Array(new SharedArrayBuffer(blockBytes)));
    }
    return wordsOf(this.#blocks, this.#places[place]! - 1);
  }

  pages(): AddressPages {
    return { pageNumbers: Int32Array.from(this.#pageNumbers), blocks: this.#blocks };
  }

  #placeOf(pageNumber: number): number {
    const mask = this.#places.length - 1;
    let place = (Math.imul(pageNumber, 0x9e3779b1) >>> 8) & mask;
    while (this.#places[place] !== 0 && this.#pageNumbers[this.#places[place]! - 1] !== pageNumber)
      place = (place + 1) & mask;
    return place;
  }

  #enlarge(): void {
    this.#places = new Int32Array(this.#places.length * 2);
    this.#pageNumbers.forEach((pageNumber, slot) => {
      this.#places[this.#placeOf(pageNumber)] = slot + 1;
    });
  }
}

/** The words of the page in the given slot. */
export function wordsOf(blocks: readonly Int32Array<SharedArrayBuffer>[], slot: number): Int32Array<SharedArrayBuffer> {
  const start = (slot % pagesPerBlock) * wordsPerPage;
  return blocks[Math.floor(slot / pagesPerBlock)]!.subarray(
    start,
    start + wordsPerPage,
  ) as Int32Array<SharedArrayBuffer>;
}
