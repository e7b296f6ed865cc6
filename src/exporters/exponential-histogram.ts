/** By the specification, what an exponential histogram begins with and may hold at most. */
const finestScale = 20;
const mostBuckets = 160;

/**
 * What was observed, counted in buckets whose bounds grow by the factor 2^(2^-scale), so that the relative error is the same for microseconds
 * and minutes: https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram. Durations are not negative; what is
 * counts as zero.
 */
export class ExponentialHistogram {
  readonly #counts = new Map<number, number>();
  #scale = finestScale;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;
  zeroCount = 0;
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  /** 0 while there is nothing that a scale could be for. */
  get scale(): number {
    return this.#counts.size === 0 ? 0 : this.#scale;
  }

  /** The bucket of index `offset + i`, above base^index up to base^(index + 1), has `bucketCounts[i]`. */
  get positive(): { readonly offset: number; readonly bucketCounts: number[] } {
    if (this.#counts.size === 0) return { offset: 0, bucketCounts: [] };
    const bucketCounts = new Array<number>(this.#highest - this.#lowest + 1).fill(0);
    for (const [index, count] of this.#counts) bucketCounts[index - this.#lowest] = count;
    return { offset: this.#lowest, bucketCounts };
  }

  observe(value: number): void {
    if (!Number.isFinite(value)) return;
    this.count++;
    this.sum += value;
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    if (value <= 0) this.zeroCount++;
    else this.#add(indexOf(value, this.#scale), 1);
  }

  /** Adds what another has counted. */
  merge(other: ExponentialHistogram): void {
    this.#coarsen(this.#scale - Math.min(this.#scale, other.#scale));
    for (const [index, count] of other.#counts) this.#add(shift(index, other.#scale - this.#scale), count);
    this.zeroCount += other.zeroCount;
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  #add(index: number, count: number): void {
    let change = 0;
    while (this.#spanWith(shift(index, change), change) > mostBuckets) change++;
    this.#coarsen(change);
    this.#put(shift(index, change), count);
  }

  /** Buckets from the lowest to the highest if they were coarser by `change` and had one more. */
  #spanWith(index: number, change: number): number {
    if (this.#counts.size === 0) return 1;
    return Math.max(index, shift(this.#highest, change)) - Math.min(index, shift(this.#lowest, change)) + 1;
  }

  /** Merges each 2^change neighbours into one bucket. */
  #coarsen(change: number): void {
    if (change === 0) return;
    const finer = [...this.#counts];
    this.#counts.clear();
    this.#lowest = Number.POSITIVE_INFINITY;
    this.#highest = Number.NEGATIVE_INFINITY;
    this.#scale -= change;
    for (const [index, count] of finer) this.#put(shift(index, change), count);
  }

  #put(index: number, count: number): void {
    this.#counts.set(index, (this.#counts.get(index) ?? 0) + count);
    this.#lowest = Math.min(this.#lowest, index);
    this.#highest = Math.max(this.#highest, index);
  }
}

/** The bucket of a positive value: an exact power of two is the upper bound of the one below. */
function indexOf(value: number, scale: number): number {
  return Math.ceil(Math.log2(value) * 2 ** scale) - 1;
}

/** The index of the same bucket at a scale that is coarser by `change`. */
function shift(index: number, change: number): number {
  return Math.floor(index / 2 ** change);
}
