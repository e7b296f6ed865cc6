import type { NamedSum } from "../model/hot-paths.ts";

const windowMillis = 60_000;
/** Names in what one reading added; the rest of it is `other`. */
const mostNames = 1_000;
const separator = "\0";
const other = "other";

interface Bucket {
  readonly atMillis: number;
  readonly counts: Map<string, number>;
}

/** Shares of events by pool and method, of the last minute. */
export class RecentShares {
  readonly #mostShown: number;
  #buckets: Bucket[] = [];

  constructor(mostShown: number) {
    this.#mostShown = mostShown;
  }

  /** Events that are told with one `nowMillis` grow old together. */
  add(names: readonly [string, string], nowMillis: number): void {
    let bucket = this.#buckets.at(-1);
    if (bucket?.atMillis !== nowMillis) {
      bucket = { atMillis: nowMillis, counts: new Map() };
      this.#buckets.push(bucket);
    }
    const { counts } = bucket;
    const name = names.join(separator);
    const key = counts.has(name) || counts.size < mostNames ? name : `${other}${separator}${other}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  forgetBefore(nowMillis: number): void {
    this.#buckets = this.#buckets.filter(({ atMillis }) => nowMillis - atMillis <= windowMillis);
  }

  /** The greatest shares first; the rest is one. */
  read(): readonly NamedSum[] {
    const counts = new Map<string, number>();
    let total = 0;
    for (const bucket of this.#buckets) {
      for (const [key, count] of bucket.counts) {
        counts.set(key, (counts.get(key) ?? 0) + count);
        total += count;
      }
    }
    const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    const isOther = (key: string) => key === `${other}${separator}${other}`;
    const shown = sorted.filter(([key]) => !isOther(key)).slice(0, this.#mostShown);
    const sums = shown.map(([key, events]) => ({ names: key.split(separator), value: events / total, events }));
    const rest = total - shown.reduce((sum, [, events]) => sum + events, 0);
    return rest === 0 ? sums : [...sums, { names: [other, other], value: rest / total, events: rest }];
  }
}
