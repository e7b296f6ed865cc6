import { missingIndex, nullIndex } from "./events.ts";
import { KeyTable } from "./key-table.ts";
import { type RecordedType, typeNames } from "./type-set.ts";

/**
 * The constants of one type in a chunk. A key has a dense index from the first reference or definition on, so that constants may refer
 * to others that come later; `seal` then finds those that never came.
 */
export class Pool {
  type: RecordedType;
  /** 0 of stack traces, which have columns of their own. */
  readonly slotCount: number;
  readonly #keys = new KeyTable();
  /** Values by `index * slotCount + slot`. */
  rows: Float64Array;
  #isDefined = new Uint8Array(64);
  #definedCount = 0;
  /** Index by index, with `nullIndex` and `missingIndex` for those without a value; undefined when all have one. */
  remap: Int32Array | undefined;
  /** Final index by `key − firstDense`, when sealed and the keys lie close together. */
  #denseIndexes: Int32Array | undefined;
  #firstDense = 0;

  constructor(type: RecordedType) {
    this.type = type;
    this.slotCount = type.type.name === typeNames.stackTrace ? 0 : type.type.slotCount;
    this.rows = new Float64Array(64 * this.slotCount);
  }

  get count(): number {
    return this.#keys.count;
  }

  clear(): void {
    this.#isDefined.fill(0, 0, this.count);
    this.#keys.clear();
    this.#definedCount = 0;
    this.remap = undefined;
    this.#denseIndexes = undefined;
  }

  /** The index of a key in a constant that is read before all pools are. */
  reference(low: number, high: number): number {
    return this.#keys.findOrAdd(low, high);
  }

  /** The index of a key when all pools have been read. */
  lookup(low: number, high: number): number {
    const indexes = this.#denseIndexes;
    const at = low - this.#firstDense;
    if (indexes !== undefined && high === 0 && at >= 0 && at < indexes.length) return indexes[at]!;
    const index = indexes === undefined ? this.#keys.find(low, high) : -1;
    if (index < 0) return low === 0 && high === 0 ? nullIndex : missingIndex;
    return this.remap === undefined ? index : this.remap[index]!;
  }

  /** The index of a key whose value follows, with room for it in `rows`. */
  define(low: number, high: number): number {
    const index = this.#keys.findOrAdd(low, high);
    if (index >= this.#isDefined.length) {
      const capacity = Math.max(index + 1, this.#isDefined.length * 2);
      const isDefined = new Uint8Array(capacity);
      isDefined.set(this.#isDefined);
      this.#isDefined = isDefined;
      const rows = new Float64Array(capacity * this.slotCount);
      rows.set(this.rows);
      this.rows = rows;
    }
    if (this.#isDefined[index] === 0) this.#definedCount++;
    this.#isDefined[index] = 1;
    return index;
  }

  /** Forgets a value that turned out to be damaged. */
  undefine(index: number): void {
    this.#isDefined[index] = 0;
    this.#definedCount--;
  }

  isDefined(index: number): boolean {
    return index >= 0 && this.#isDefined[index] === 1;
  }

  /** All constants that the chunk has are read. */
  seal(): void {
    this.remap = this.#definedCount === this.count ? undefined : this.#remapUndefined();
    const dense = this.#keys.denseIndexes();
    this.#denseIndexes = dense?.indexes;
    this.#firstDense = dense?.first ?? 0;
    if (dense === undefined || this.remap === undefined) return;
    for (let at = 0; at < dense.indexes.length; at++)
      if (dense.indexes[at]! >= 0) dense.indexes[at] = this.remap[dense.indexes[at]!]!;
  }

  #remapUndefined(): Int32Array {
    const zero = this.#keys.find(0, 0);
    const remap = new Int32Array(this.count);
    for (let index = 0; index < this.count; index++) {
      if (this.isDefined(index)) remap[index] = index;
      else remap[index] = index === zero ? nullIndex : missingIndex;
    }
    return remap;
  }
}
