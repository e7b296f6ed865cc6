import { rowsByTime } from "./row-order.ts";

/** First length of a time bucket, and its growth, when samples have to be added together. */
const firstBucketSeconds = 0.01;
const bucketGrowth = 4;

/** The samples of one profile, as they come; bounded. */
export class SampleColumns {
  stack = new Int32Array(1024);
  weight = new Float64Array(1024);
  count = new Float64Array(1024);
  seconds = new Float64Array(1024);
  thread = new Int32Array(1024);
  line = new Int32Array(1024);
  label = new Int32Array(1024);
  length = 0;
  /** 0 while every row is one sample. */
  bucketSeconds = 0;
  #maxRows: number;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  /** A row whose every column the caller fills; the arrays may be others than before. */
  claim(): number {
    if (this.length >= 2 * this.#maxRows) this.#shrink();
    if (this.length === this.stack.length) this.#reserve(this.length * 2);
    return this.length++;
  }

  /** Takes over the rows of another. */
  append(other: SampleColumns): void {
    for (let from = 0; from < other.length; from++) {
      const row = this.claim();
      this.stack[row] = other.stack[from]!;
      this.weight[row] = other.weight[from]!;
      this.count[row] = other.count[from]!;
      this.seconds[row] = other.seconds[from]!;
      this.thread[row] = other.thread[from]!;
      this.line[row] = other.line[from]!;
      this.label[row] = other.label[from]!;
    }
    this.bucketSeconds = Math.max(this.bucketSeconds, other.bucketSeconds);
  }

  /** Puts the rows in the order of time, and lets go of spare room. */
  finish(): void {
    if (this.length > this.#maxRows) this.#shrink();
    const rows = rowsByTime(this.seconds.subarray(0, this.length));
    const length = this.length;
    this.stack = picked(this.stack, rows, new Int32Array(length));
    this.thread = picked(this.thread, rows, new Int32Array(length));
    this.line = picked(this.line, rows, new Int32Array(length));
    this.label = picked(this.label, rows, new Int32Array(length));
    this.weight = picked(this.weight, rows, new Float64Array(length));
    this.count = picked(this.count, rows, new Float64Array(length));
    this.seconds = picked(this.seconds, rows, new Float64Array(length));
  }

  /** Adds together what is equal within ever longer buckets of time; where even one bucket leaves too many, the bound gives way. */
  #shrink(): void {
    const span = this.#lastSeconds();
    if (this.bucketSeconds > 0) this.#merge(this.bucketSeconds);
    while (this.length > this.#maxRows && this.bucketSeconds <= 2 * span) {
      this.bucketSeconds = this.bucketSeconds === 0 ? firstBucketSeconds : this.bucketSeconds * bucketGrowth;
      this.#merge(this.bucketSeconds);
    }
    if (this.length > this.#maxRows) this.#maxRows *= 2;
  }

  #lastSeconds(): number {
    let last = 0;
    for (let row = 0; row < this.length; row++) last = Math.max(last, this.seconds[row]!);
    return Number.isFinite(last) ? last : 0;
  }

  #merge(bucketSeconds: number): void {
    const mask = 2 ** Math.ceil(Math.log2(this.length * 2)) - 1;
    const slots = new Int32Array(mask + 1);
    let kept = 0;
    for (let row = 0; row < this.length; row++) {
      const bucket = Math.floor(this.seconds[row]! / bucketSeconds);
      let slot = this.#hash(row, bucket) & mask;
      while (slots[slot] !== 0 && !this.#isEqual(slots[slot]! - 1, row, bucketSeconds)) slot = (slot + 1) & mask;
      if (slots[slot] === 0) {
        this.#move(row, kept++);
        slots[slot] = kept;
      } else this.#addTo(slots[slot]! - 1, row);
    }
    this.length = kept;
  }

  #hash(row: number, bucket: number): number {
    let hash = Math.imul(this.stack[row]! + 1, 0x9e3779b1) ^ Math.imul(this.thread[row]! + 1, 0x85ebca77);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ Math.imul(this.label[row]! + 1, 0x27d4eb2f);
    hash = Math.imul(hash ^ (hash >>> 13), 0x165667b1) ^ Math.imul(bucket + 1, 0x9e3779b1) ^ this.line[row]!;
    return hash ^ (hash >>> 16);
  }

  #isEqual(one: number, other: number, bucketSeconds: number): boolean {
    return (
      this.stack[one] === this.stack[other] &&
      this.thread[one] === this.thread[other] &&
      this.label[one] === this.label[other] &&
      this.line[one] === this.line[other] &&
      Math.floor(this.seconds[one]! / bucketSeconds) === Math.floor(this.seconds[other]! / bucketSeconds)
    );
  }

  #move(from: number, to: number): void {
    this.stack[to] = this.stack[from]!;
    this.weight[to] = this.weight[from]!;
    this.count[to] = this.count[from]!;
    this.seconds[to] = this.seconds[from]!;
    this.thread[to] = this.thread[from]!;
    this.line[to] = this.line[from]!;
    this.label[to] = this.label[from]!;
  }

  #addTo(kept: number, row: number): void {
    this.weight[kept]! += this.weight[row]!;
    this.count[kept]! += this.count[row]!;
    this.seconds[kept] = Math.min(this.seconds[kept]!, this.seconds[row]!);
  }

  #reserve(rows: number): void {
    this.stack = enlarged(this.stack, new Int32Array(rows));
    this.weight = enlarged(this.weight, new Float64Array(rows));
    this.count = enlarged(this.count, new Float64Array(rows));
    this.seconds = enlarged(this.seconds, new Float64Array(rows));
    this.thread = enlarged(this.thread, new Int32Array(rows));
    this.line = enlarged(this.line, new Int32Array(rows));
    this.label = enlarged(this.label, new Int32Array(rows));
  }
}

function enlarged<T extends Int32Array | Float64Array>(values: T, larger: T): T {
  larger.set(values);
  return larger;
}

function picked<T extends Int32Array | Float64Array>(values: T, rows: Int32Array, target: T): T {
  for (let index = 0; index < rows.length; index++) target[index] = values[rows[index]!]!;
  return target;
}
