/** When to pause, and for how long. */
export interface PauseTerms {
  /** Failures in a row from which on there are pauses. */
  readonly failures: number;
  readonly firstMillis: number;
  readonly longestMillis: number;
}

/** A pause after failures in a row that is twice as long after each more. */
export class GrowingPause {
  readonly #terms: PauseTerms;
  #failures = 0;
  #untilMillis = 0;

  constructor(terms: PauseTerms) {
    this.#terms = terms;
  }

  /** Milliseconds that are left of it; 0: it is over, or there is none. */
  leftMillis(nowMillis: number): number {
    return Math.max(0, this.#untilMillis - nowMillis);
  }

  succeed(): void {
    this.#failures = 0;
    this.#untilMillis = 0;
  }

  fail(nowMillis: number): void {
    const { failures, firstMillis, longestMillis } = this.#terms;
    this.#failures++;
    if (this.#failures < failures) return;
    this.#untilMillis = nowMillis + Math.min(longestMillis, firstMillis * 2 ** (this.#failures - failures));
  }
}
