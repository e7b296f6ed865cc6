/**
 * The set of object addresses that one thread has seen: one bit per 8 bytes of address space, in pages of 8 MiB that
 * exist only where there are objects. Addresses are below 2^48 and multiples of 8.
 *
 * An address is given as two 32-bit halves; `page = (high << 9) | (low >>> 23)`, and within a page
 * `word = (low >>> 8) & 0x7fff`, `bit = (low >>> 3) & 31`.
 */
export const pageShift = 23;
export const wordsPerPage = 1 << 15;
const pagesPerBlock = 64;
const maxPages = 2 ** 25;

/** Pages of a bitmap in a form that can be sent to another thread. */
export interface AddressPages {
  readonly pageNumbers: Int32Array;
  readonly blocks: readonly Int32Array<SharedArrayBuffer>[];
}

/** Builds the set page by page; the caller keeps the current page at hand and sets bits in it itself. */
export class AddressBitmap {
  readonly #slotOfPage = new Int32Array(maxPages);
  readonly #pageNumbers: number[] = [];
  readonly #blocks: Int32Array<SharedArrayBuffer>[] = [];

  /** The words of a page, all zero when it is new. */
  page(pageNumber: number): Int32Array<SharedArrayBuffer> {
    let slot = this.#slotOfPage[pageNumber]! - 1;
    if (slot < 0) {
      slot = this.#pageNumbers.push(pageNumber) - 1;
      this.#slotOfPage[pageNumber] = slot + 1;
      if (slot % pagesPerBlock === 0) {
        this.#blocks.push(new Int32Array(new SharedArrayBuffer(pagesPerBlock * wordsPerPage * 4)));
      }
    }
    return wordsOf(this.#blocks, slot);
  }

  pages(): AddressPages {
    return { pageNumbers: Int32Array.from(this.#pageNumbers), blocks: this.#blocks };
  }
}

/** The words of the page in the given slot. */
export function wordsOf(blocks: readonly Int32Array<SharedArrayBuffer>[], slot: number): Int32Array<SharedArrayBuffer> {
  const start = (slot % pagesPerBlock) * wordsPerPage;
  return blocks[Math.floor(slot / pagesPerBlock)]!.subarray(start, start + wordsPerPage) as Int32Array<SharedArrayBuffer>;
}
