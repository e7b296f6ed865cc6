/** An amount that is spent and comes back evenly; it is full in the beginning. */
export class Allowance {
  readonly #capacity: number;
  readonly #perMilli: number;
  #left: number;
  #asOfMillis: number;

  /** `perMilli` comes back each millisecond, up to `capacity`. */
  constructor(capacity: number, perMilli: number, nowMillis: number) {
    this.#capacity = capacity;
    this.#perMilli = perMilli;
    this.#left = capacity;
    this.#asOfMillis = nowMillis;
  }

  /** What may be spent now; less than nothing after more was spent than there was. */
  left(nowMillis: number): number {
    const passedMillis = Math.max(nowMillis - this.#asOfMillis, 0);
    this.#left = Math.min(this.#left + passedMillis * this.#perMilli, this.#capacity);
    this.#asOfMillis = nowMillis;
    return this.#left;
  }

  spend(amount: number, nowMillis: number): void {
    this.#left = this.left(nowMillis) - amount;
  }
}
