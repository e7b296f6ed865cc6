import type { SpanFigures } from "../../model/gc-log-evidence.ts";

const leastSeconds = 1e-7;
/** Neighbouring bounds are so far apart that a quantile is right within 1 %. */
const step = Math.log(1.02);
const buckets = Math.ceil(Math.log(1e5 / leastSeconds) / step);

/** Lengths of time, counted in buckets that are 2 % wide; count, sum and greatest are exact. */
export class SpanHistogram {
  readonly #counts = new Float64Array(buckets);
  #count = 0;
  #total = 0;
  #max = 0;

  add(seconds: number): void {
    this.#count++;
    this.#total += seconds;
    if (seconds > this.#max) this.#max = seconds;
    const bucket = Math.floor(Math.log(Math.max(seconds, leastSeconds) / leastSeconds) / step);
    this.#counts[Math.min(bucket, buckets - 1)]! += 1;
  }

  /** Takes back what was counted within something else. */
  subtractFromTotal(seconds: number): void {
    this.#total -= seconds;
  }

  figures(): SpanFigures {
    return {
      count: this.#count,
      total: this.#total,
      max: this.#max,
      p50: this.#quantile(0.5),
      p90: this.#quantile(0.9),
      p95: this.#quantile(0.95),
      p99: this.#quantile(0.99),
      p999: this.#quantile(0.999),
      p9999: this.#quantile(0.9999),
    };
  }

  #quantile(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.#count));
    if (this.#count === 0) return 0;
    let seen = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= rank) return Math.min(this.#max, leastSeconds * Math.exp((bucket + 0.5) * step));
    }
    return this.#max;
  }
}
