/**
 * Open-addressing table from 64-bit ids (as two 32-bit halves) to indexes, on shared memory so that every thread can read it.
 * An empty slot has index −1.
 */
export interface IdTable {
  readonly high: Int32Array<SharedArrayBuffer>;
  readonly low: Int32Array<SharedArrayBuffer>;
  readonly index: Int32Array<SharedArrayBuffer>;
  readonly mask: number;
}

/** Maps `ids[i]` (integers below 2^53) to `i`; of equal ids the last one counts. */
export function buildIdTable(ids: ArrayLike<number>): IdTable {
  let capacity = 16;
  while (capacity < ids.length * 2) capacity *= 2;
  const table: IdTable = { high: column(capacity), low: column(capacity), index: column(capacity), mask: capacity - 1 };
  table.index.fill(-1);
  for (let i = 0; i < ids.length; i++) {
    const high = Math.floor(ids[i]! / 0x100000000) | 0;
    const low = ids[i]! | 0;
    const slot = slotOf(table, high, low);
    table.high[slot] = high;
    table.low[slot] = low;
    table.index[slot] = i;
  }
  return table;
}

/** The index of an id, or −1. */
export function indexOfId(table: IdTable, high: number, low: number): number {
  return table.index[slotOf(table, high, low)]!;
}

function slotOf(table: IdTable, high: number, low: number): number {
  const { mask } = table;
  let slot = (Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1) >>> 7) & mask;
  while (table.index[slot] !== -1 && (table.low[slot] !== low || table.high[slot] !== high)) slot = (slot + 1) & mask;
  return slot;
}

function column(length: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(length * 4));
}

/**
 * A direct-mapped cache in front of an `IdTable` for loops that look up few ids very often: entry `(low >>> 3) & 1023` holds
 * [low, high, index + 1, unused] in four neighbouring ints. Hot loops read it inline and fall back to the table when the entry is another id's.
 */
export function createIdCache(): Int32Array {
  return new Int32Array(idCacheEntries * 4);
}

const idCacheEntries = 1024;
/** `(low >>> 1) & idCacheMask` is where the entry of an id starts. */
export const idCacheMask = (idCacheEntries - 1) * 4;

/** Puts an id's index (−1: unknown) into the cache and returns it. */
export function cacheId(cache: Int32Array, high: number, low: number, index: number): number {
  const at = (low >>> 1) & idCacheMask;
  cache[at] = low;
  cache[at + 1] = high;
  cache[at + 2] = index + 1;
  return index;
}
