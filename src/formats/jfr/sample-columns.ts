import { rowsByTime } from "./row-order.ts";

/** First length of a time bucket, and its growth, when samples have to be added together. */
const firstBucketSeconds = 0.01;
const bucketGrowth = 4;

/** Numbers of a row's key (stack, thread, line, label) and of its values (weight, count, seconds). */
const keyWidth = 4;
const valueWidth = 3;

/** Room for rows that came lately; a power of two. */
const recentRows = 1 << 16;

/** The columns of a profile's samples, in the order of time. */
export interface FinishedColumns {
  readonly stack: Int32Array;
  readonly thread: Int32Array;
  readonly line: Int32Array;
  readonly label: Int32Array;
  readonly weight: Float64Array;
  readonly count: Float64Array;
  readonly seconds: Float64Array;
}

/** The samples of one profile, as they come, row by row since rows are compared as a whole; bounded. */
export class SampleColumns {
  #keys = new Int32Array(1024 * keyWidth);
  #values = new Float64Array(1024 * valueWidth);
  #capacity = 1024;
  /** Row by hash of its key; of any number of rows, since a row that moved is not equal or just as good. */
  #recent = new Int32Array(0);
  #maxRows: number;
  length = 0;
  /** 0 while every row is one sample. */
  bucketSeconds = 0;

  constructor(maxRows: number) {
    this.#maxRows = Math.max(1, maxRows);
  }

  /** Begins a row; `addValues` ends it. */
  addKey(stack: number, thread: number, line: number, label: number): void {
    if (this.length >= 2 * this.#maxRows) this.#shrink();
    if (this.length === this.#capacity) this.#reserve(this.#capacity * 2);
    const at = this.length * keyWidth;
    this.#keys[at] = stack;
    this.#keys[at + 1] = thread;
    this.#keys[at + 2] = line;
    this.#keys[at + 3] = label;
  }

  addValues(weight: number, count: number, seconds: number): void {
    if (this.bucketSeconds > 0 && this.#addToRecent(weight, count, seconds)) return;
    const at = this.length++ * valueWidth;
    this.#values[at] = weight;
    this.#values[at + 1] = count;
    this.#values[at + 2] = seconds;
  }

  /** Once rows are merged, a sample whose like came lately needs no row of its own. */
  #addToRecent(weight: number, count: number, seconds: number): boolean {
    const keys = this.#keys;
    const key = this.length * keyWidth;
    const place = keyHash(keys, key) & (recentRows - 1);
    const recent = this.#recent[place]!;
    this.#recent[place] = this.length;
    if (recent >= this.length || !isEqualKey(keys, recent * keyWidth, key)) return false;
    const values = this.#values;
    const at = recent * valueWidth;
    const bucketSeconds = this.bucketSeconds;
    if (Math.floor(values[at + 2]! / bucketSeconds) !== Math.floor(seconds / bucketSeconds)) return false;
    values[at]! += weight;
    values[at + 1]! += count;
    if (seconds < values[at + 2]!) values[at + 2] = seconds;
    this.#recent[place] = recent;
    return true;
  }

  /** Takes over the rows of another. */
  append(other: SampleColumns): void {
    const keys = other.#keys;
    const values = other.#values;
    for (let row = 0; row < other.length; row++) {
      const key = row * keyWidth;
      const value = row * valueWidth;
      this.addKey(keys[key]!, keys[key + 1]!, keys[key + 2]!, keys[key + 3]!);
      this.addValues(values[value]!, values[value + 1]!, values[value + 2]!);
    }
    this.bucketSeconds = Math.max(this.bucketSeconds, other.bucketSeconds);
  }

  /** The rows as columns, in the order of time. */
  finish(): FinishedColumns {
    if (this.length > this.#maxRows) this.#shrink();
    const seconds = this.#valueColumn(2);
    const rows = rowsByTime(seconds);
    return {
      stack: this.#keyColumn(rows, 0),
      thread: this.#keyColumn(rows, 1),
      line: this.#keyColumn(rows, 2),
      label: this.#keyColumn(rows, 3),
      weight: this.#numberColumn(rows, 0),
      count: this.#numberColumn(rows, 1),
      seconds: this.#numberColumn(rows, 2),
    };
  }

  #keyColumn(rows: Int32Array, part: number): Int32Array {
    const column = new Int32Array(rows.length);
    for (let index = 0; index < rows.length; index++) column[index] = this.#keys[rows[index]! * keyWidth + part]!;
    return column;
  }

  #numberColumn(rows: Int32Array, part: number): Float64Array {
    const column = new Float64Array(rows.length);
    for (let index = 0; index < rows.length; index++) column[index] = this.#values[rows[index]! * valueWidth + part]!;
    return column;
  }

  /** Adds together what is equal within ever longer buckets of time; where even one bucket leaves too many, the bound gives way. */
  #shrink(): void {
    if (this.#recent.length === 0) this.#recent = new Int32Array(recentRows);
    if (this.bucketSeconds > 0) this.#merge(this.bucketSeconds);
    if (this.length > this.#maxRows / 2) this.#lengthenBuckets();
    if (this.length > this.#maxRows / 2) this.#maxRows = 2 * this.length;
  }

  /** The longer half of the room must be free again, or merging would never end. */
  #lengthenBuckets(): void {
    const span = this.#lastSeconds();
    const distinct = this.#distinct();
    const affordable = this.#maxRows / 4 / Math.max(1, distinct);
    const start = affordable > 1 ? span / affordable : 2 * span;
    this.bucketSeconds = Math.max(firstBucketSeconds, this.bucketSeconds * bucketGrowth, start);
    this.#merge(this.bucketSeconds);
  }

  #lastSeconds(): number {
    let last = 0;
    for (let row = 0; row < this.length; row++) last = Math.max(last, this.#values[row * valueWidth + 2]!);
    return last;
  }

  #valueColumn(part: number): Float64Array {
    const column = new Float64Array(this.length);
    for (let row = 0; row < column.length; row++) column[row] = this.#values[row * valueWidth + part]!;
    return column;
  }

  /** How many rows one bucket would leave, give or take equal hashes. */
  #distinct(): number {
    const hashes = rowHashes(this.#keys, this.length).sort();
    let distinct = Math.min(1, hashes.length);
    for (let at = 1; at < hashes.length; at++) if (hashes[at] !== hashes[at - 1]) distinct++;
    return distinct;
  }

  #merge(bucketSeconds: number): void {
    const keys = this.#keys;
    const values = this.#values;
    const mask = 2 ** Math.ceil(Math.log2(this.length * 2)) - 1;
    const slots = new Int32Array(mask + 1);
    const hashes = rowHashes(keys, this.length);
    const buckets = new Float64Array(this.length);
    let kept = 0;
    for (let row = 0; row < this.length; row++) {
      const key = row * keyWidth;
      const value = row * valueWidth;
      const bucket = Math.floor(values[value + 2]! / bucketSeconds);
      let slot = (hashes[row]! ^ Math.imul(bucket + 1, 0x9e3779b1)) & mask;
      let at = slots[slot]! - 1;
      while (at >= 0 && !(buckets[at] === bucket && isEqualKey(keys, at * keyWidth, key))) {
        slot = (slot + 1) & mask;
        at = slots[slot]! - 1;
      }
      if (at >= 0) {
        const sum = at * valueWidth;
        values[sum]! += values[value]!;
        values[sum + 1]! += values[value + 1]!;
        if (values[value + 2]! < values[sum + 2]!) values[sum + 2] = values[value + 2]!;
        continue;
      }
      keys.copyWithin(kept * keyWidth, key, key + keyWidth);
      values.copyWithin(kept * valueWidth, value, value + valueWidth);
      buckets[kept] = bucket;
      slots[slot] = ++kept;
    }
    this.length = kept;
  }

  #reserve(rows: number): void {
    const keys = new Int32Array(rows * keyWidth);
    keys.set(this.#keys);
    this.#keys = keys;
    const values = new Float64Array(rows * valueWidth);
    values.set(this.#values);
    this.#values = values;
    this.#capacity = rows;
  }
}

function isEqualKey(keys: Int32Array, one: number, other: number): boolean {
  return (
    keys[one] === keys[other] &&
    keys[one + 1] === keys[other + 1] &&
    keys[one + 2] === keys[other + 2] &&
    keys[one + 3] === keys[other + 3]
  );
}

function rowHashes(keys: Int32Array, rows: number): Int32Array {
  const hashes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) hashes[row] = keyHash(keys, row * keyWidth);
  return hashes;
}

function keyHash(keys: Int32Array, key: number): number {
  let hash = Math.imul(keys[key]! + 1, 0x9e3779b1) ^ Math.imul(keys[key + 1]! + 1, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ Math.imul(keys[key + 3]! + 1, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 13), 0x165667b1) ^ Math.imul(keys[key + 2]! + 1, 0x9e3779b1);
  return hash ^ (hash >>> 16);
}
