/** What was observed, counted in buckets with fixed bounds. */
export class ExplicitHistogram {
  /** Upper bounds, ascending, without infinity. */
  readonly bounds: readonly number[];
  /** Observations in each bucket, by itself; the last is beyond every bound. */
  readonly counts: number[];
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    if (!Number.isFinite(value)) return;
    const bucket = this.bounds.findIndex((bound) => value <= bound);
    this.counts[bucket < 0 ? this.bounds.length : bucket]! += 1;
    this.count++;
    this.sum += value;
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
  }

  /** Adds what another with the same bounds has counted. */
  merge(other: ExplicitHistogram): void {
    for (const [bucket, count] of other.counts.entries()) this.counts[bucket]! += count;
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }
}
