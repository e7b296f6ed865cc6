import type { Profile } from "../model/profile.ts";
import { countingSort } from "./pages/counting-sort.ts";

/** Samples of one profile, added up where stack, thread, label and bucket of time are equal, in this order. */
export interface PageRows {
  readonly rows: number;
  readonly stack: Int32Array;
  /** −1 unknown. */
  readonly thread: Int32Array;
  /** −1 none. */
  readonly label: Int32Array;
  readonly bucket: Int32Array;
  readonly count: Float64Array;
  /** Whole multiples of `quantum`. */
  readonly weight: Float64Array;
  readonly quantum: number;
}

/** What rows are told apart by. */
export interface RowKeys {
  /** Stack in the page, by sample. */
  readonly stackOf: Int32Array;
  /** Thread in the page, by thread of the file. */
  readonly threadAs: Int32Array;
  /** undefined: rows are not told apart by time. */
  readonly bucketSeconds: number | undefined;
}

/** Adds samples up to rows. */
export function pageRows(profile: Profile, { stackOf, threadAs, bucketSeconds }: RowKeys): PageRows {
  const samples = stackOf.length;
  const { sampleThread, sampleLabel, sampleSeconds } = profile;
  const keys = {
    stack: stackOf,
    thread: sampleThread ? sampleThread.map((thread) => threadAs[thread] ?? -1) : new Int32Array(samples).fill(-1),
    label: sampleLabel ?? new Int32Array(samples).fill(-1),
    bucket: bucketsOf(sampleSeconds, bucketSeconds, samples),
  };
  let order: Int32Array | undefined;
  for (const key of [keys.bucket, keys.label, keys.thread, keys.stack]) order = countingSort(key, samples, order);
  return withQuantum(summed(profile, keys, order!));
}

type Keys = Record<"stack" | "thread" | "label" | "bucket", Int32Array>;

function bucketsOf(seconds: Float64Array | undefined, bucketSeconds: number | undefined, samples: number): Int32Array {
  const buckets = new Int32Array(samples);
  if (seconds === undefined || bucketSeconds === undefined) return buckets;
  for (let sample = 0; sample < samples; sample++) {
    // A hair more, so that 0.06 lies in the fourth bucket of 0.02.
    buckets[sample] = Math.max(0, Math.floor(seconds[sample]! / bucketSeconds + 1e-6));
  }
  return buckets;
}

function summed({ sampleWeight, sampleCount }: Profile, keys: Keys, order: Int32Array): PageRows {
  const { stack, thread, label, bucket } = keys;
  const columns = {
    stack: new Int32Array(order.length),
    thread: new Int32Array(order.length),
    label: new Int32Array(order.length),
    bucket: new Int32Array(order.length),
    count: new Float64Array(order.length),
    weight: new Float64Array(order.length),
  };
  let rows = 0;
  let previous = -1;
  for (const row of order) {
    const isSame =
      previous >= 0 &&
      stack[row] === stack[previous] &&
      thread[row] === thread[previous] &&
      label[row] === label[previous] &&
      bucket[row] === bucket[previous];
    if (!isSame) {
      columns.stack[rows] = stack[row]!;
      columns.thread[rows] = thread[row]!;
      columns.label[rows] = label[row]!;
      columns.bucket[rows] = bucket[row]!;
      rows++;
    }
    columns.count[rows - 1]! += sampleCount[row]!;
    columns.weight[rows - 1]! += sampleWeight[row]!;
    previous = row;
  }
  return { rows, ...columns, quantum: 1 };
}

/** Where weights cannot be exact, they are kept to 1/4096 of their mean, and what is rounded off goes to the next row: sums stay right. */
const stepsPerMean = 4096;
/** Whole numbers up to this mean are exact: three bytes each. */
const largestExactMean = 2 ** 21;

function withQuantum(rows: PageRows): PageRows {
  const quantum = quantumOf(rows.weight.subarray(0, rows.rows));
  let rest = 0;
  for (let row = 0; row < rows.rows; row++) {
    const exact = rows.weight[row]! / quantum + rest;
    const steps = Math.round(exact);
    rest = exact - steps;
    rows.weight[row] = steps;
  }
  return { ...rows, quantum };
}

/** The least weight where all are multiples of it, as sampling at an interval makes them; 1 for whole numbers. */
function quantumOf(weights: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  let sum = 0;
  for (const weight of weights) {
    const size = Math.abs(weight);
    if (size > 0 && size < least) least = size;
    sum += size;
  }
  if (sum === 0) return 1;
  const areMultiples = weights.every((weight) => Math.abs(weight / least - Math.round(weight / least)) < 1e-6);
  if (areMultiples) return least;
  const mean = sum / weights.length;
  return mean <= largestExactMean && weights.every(Number.isInteger) ? 1 : mean / stepsPerMean;
}
