import type { HumongousObjects, Tenuring } from "../../model/gc-log-evidence.ts";

const mostSizes = 4096;

/** What single lines tell of the ages of survivors and of big objects, summed up. */
export class HeapDetails {
  readonly #sizes = new Map<number, number>();
  #objects = 0;
  #largest = 0;
  #collections = 0;
  #lowered = 0;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = 0;
  #desired = Number.NaN;

  threshold(desiredBytes: number, threshold: number, greatest: number): void {
    if (!(threshold >= 0 && greatest >= threshold)) return;
    this.#collections++;
    this.#desired = desiredBytes;
    if (threshold < greatest) this.#lowered++;
    this.#lowest = Math.min(this.#lowest, threshold);
    this.#highest = Math.max(this.#highest, greatest);
  }

  bigObject(bytes: number): void {
    if (!(bytes > 0)) return;
    this.#objects++;
    this.#largest = Math.max(this.#largest, bytes);
    if (this.#sizes.size < mostSizes || this.#sizes.has(bytes))
      this.#sizes.set(bytes, (this.#sizes.get(bytes) ?? 0) + 1);
  }

  tenuring(): Tenuring | undefined {
    if (this.#collections === 0) return undefined;
    return {
      collections: this.#collections,
      lowered: this.#lowered,
      lowest: this.#lowest,
      highest: this.#highest,
      desiredSurvivorBytes: this.#desired,
    };
  }

  humongous(): HumongousObjects | undefined {
    if (this.#objects === 0) return undefined;
    const sizes = [...this.#sizes].map(([bytes, count]) => ({ bytes, count }));
    return {
      objects: this.#objects,
      largestBytes: this.#largest,
      sizes: sizes.sort((a, b) => b.count - a.count || b.bytes - a.bytes).slice(0, 20),
    };
  }
}
