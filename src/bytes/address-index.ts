import { type AddressPages, pageShift, wordsOf, wordsPerPage } from "./address-bitmap.ts";

const intsPerPage = wordsPerPage * 2;

/**
 * Dense ordinals for a set of addresses, in address order from 1 on, found in constant time (a bitmap with rank counts).
 *
 * `ranks` holds pages of interleaved [word, number of addresses before that word] pairs, so that one cache line answers;
 * the first page is empty and stands for every address range without objects. `pageStart[page − firstPage]` is where a
 * page lies in `ranks`.
 */
export interface AddressIndex {
  readonly count: number;
  readonly firstPage: number;
  readonly pageStart: Int32Array<SharedArrayBuffer>;
  readonly ranks: Int32Array<SharedArrayBuffer>;
  /** Page numbers in ascending order; page `i` lies at `(i + 1) * 65536` in `ranks`. */
  readonly pages: Int32Array<SharedArrayBuffer>;
}

/** Number of set bits of every 16-bit value; a table is faster than arithmetic here. */
export const popCounts: Uint8Array = buildPopCounts();

/** Joins the addresses that several threads have seen. */
export function buildAddressIndex(parts: readonly AddressPages[]): AddressIndex {
  const slots = slotsByPage(parts);
  const pages = shared([...slots.keys()].sort((a, b) => a - b));
  const firstPage = pages[0] ?? 0;
  const pageStart = new Int32Array(new SharedArrayBuffer(((pages.at(-1) ?? 0) - firstPage + 1) * 4));
  const ranks = new Int32Array(new SharedArrayBuffer((pages.length + 1) * intsPerPage * 4));
  let count = 0;
  pages.forEach((page, i) => {
    const start = (i + 1) * intsPerPage;
    pageStart[page - firstPage] = start;
    count = fillPage(ranks, start, slots.get(page)!, count);
  });
  return { count, firstPage, pageStart, ranks, pages };
}

/** The ordinal of an address, 0 when no object lies there. Hot loops repeat this body inline. */
function ordinalAt(index: AddressIndex, high: number, low: number): number {
  const page = ((high << 9) | (low >>> pageShift)) - index.firstPage;
  if (page < 0 || page >= index.pageStart.length) return 0;
  const at = index.pageStart[page]! + ((low >>> 7) & 0xfffe);
  const word = index.ranks[at]!;
  const bit = 1 << (low >>> 3);
  if ((word & bit) === 0) return 0;
  const before = word & (bit - 1);
  return index.ranks[at + 1]! + popCounts[before & 0xffff]! + popCounts[before >>> 16]! + 1;
}

/** As `ordinalAt`, for an address as a number. */
export function ordinalOfAddress(index: AddressIndex, address: number): number {
  return ordinalAt(index, Math.floor(address / 0x100000000) | 0, address | 0);
}

/** The address of an ordinal (1…count). */
export function addressOf(index: AddressIndex, ordinal: number): number {
  const { ranks, pages } = index;
  const before = ordinal - 1;
  let low = 0;
  let high = pages.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (ranks[(middle + 1) * intsPerPage + 1]! <= before) low = middle;
    else high = middle - 1;
  }
  const start = (low + 1) * intsPerPage;
  const word = lastWordWithin(ranks, start, before);
  const bit = selectBit(ranks[start + word * 2]!, before - ranks[start + word * 2 + 1]!);
  return pages[low]! * 2 ** pageShift + word * 256 + bit * 8;
}

/** Bytes from an object to the next one in address order; 0 when it is the last. */
export function gapAfter(index: AddressIndex, address: number): number {
  const ordinal = ordinalOfAddress(index, address);
  return ordinal === 0 || ordinal === index.count ? 0 : addressOf(index, ordinal + 1) - address;
}

function slotsByPage(parts: readonly AddressPages[]): Map<number, Int32Array[]> {
  const slots = new Map<number, Int32Array[]>();
  for (const { pageNumbers, blocks } of parts) {
    pageNumbers.forEach((page, slot) => {
      const words = slots.get(page);
      if (words === undefined) slots.set(page, [wordsOf(blocks, slot)]);
      else words.push(wordsOf(blocks, slot));
    });
  }
  return slots;
}

function fillPage(ranks: Int32Array, start: number, parts: readonly Int32Array[], countBefore: number): number {
  const [first, second] = parts;
  let count = countBefore;
  for (let word = 0, at = start; word < wordsPerPage; word++, at += 2) {
    let bits = first![word]!;
    if (second !== undefined) bits |= second[word]!;
    for (let part = 2; part < parts.length; part++) bits |= parts[part]![word]!;
    ranks[at] = bits;
    ranks[at + 1] = count;
    if (bits !== 0) count += popCounts[bits & 0xffff]! + popCounts[bits >>> 16]!;
  }
  return count;
}

/** The last word of a page that has no more than `before` addresses before it and holds the next one. */
function lastWordWithin(ranks: Int32Array, start: number, before: number): number {
  let low = 0;
  let high = wordsPerPage - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (ranks[start + middle * 2 + 1]! <= before) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Position of the set bit that has `skip` set bits below it. */
function selectBit(word: number, skip: number): number {
  let rest = word;
  for (let i = 0; i < skip; i++) rest &= rest - 1;
  return 31 - Math.clz32(rest & -rest);
}

function shared(values: readonly number[]): Int32Array<SharedArrayBuffer> {
  const column = new Int32Array(new SharedArrayBuffer(values.length * 4));
  column.set(values);
  return column;
}

function buildPopCounts(): Uint8Array {
  const counts = new Uint8Array(65536);
  for (let i = 1; i < 65536; i++) counts[i] = counts[i >>> 1]! + (i & 1);
  return counts;
}
