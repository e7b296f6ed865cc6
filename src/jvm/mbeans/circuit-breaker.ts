const failuresToOpen = 3;
const firstPauseMillis = 30_000;
const longestPauseMillis = 300_000;

/** Keeps jprof from asking again and again what does not answer: after three failures in a row it pauses, each time for twice as long. */
export class CircuitBreaker {
  readonly #now: () => number;
  #failures = 0;
  #openUntilMillis = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds until it may be tried again; 0: now. */
  get pauseMillis(): number {
    return Math.max(0, this.#openUntilMillis - this.#now());
  }

  succeeded(): void {
    this.#failures = 0;
    this.#openUntilMillis = 0;
  }

  failed(): void {
    this.#failures++;
    if (this.#failures < failuresToOpen) return;
    const pause = Math.min(longestPauseMillis, firstPauseMillis * 2 ** (this.#failures - failuresToOpen));
    this.#openUntilMillis = this.#now() + pause;
  }
}
