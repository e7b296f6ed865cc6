const windowMillis = 60_000;
/** Of more in a minute, the newest. */
const mostKept = 8192;

/** How long calls of the last minute took. */
export class RecentSeconds {
  #seconds = new Float64Array(256);
  #millis = new Float64Array(256);
  #next = 0;
  #count = 0;

  add(seconds: number, nowMillis: number): void {
    if (this.#count === this.#seconds.length && this.#count < mostKept) this.#enlarge();
    this.#seconds[this.#next] = seconds;
    this.#millis[this.#next] = nowMillis;
    this.#next = (this.#next + 1) % this.#seconds.length;
    this.#count = Math.min(this.#count + 1, this.#seconds.length);
  }

  /** What 99 of 100 calls were not slower than; undefined without calls. */
  p99(nowMillis: number): number | undefined {
    const recent = this.#seconds
      .subarray(0, this.#count)
      .filter((_, index) => nowMillis - this.#millis[index]! <= windowMillis)
      .sort();
    return recent.length === 0 ? undefined : recent[Math.ceil(recent.length * 0.99) - 1];
  }

  /** Only when it is full, so that it begins with the oldest. */
  #enlarge(): void {
    const [seconds, millis] = [this.#seconds, this.#millis];
    this.#seconds = new Float64Array(2 * seconds.length);
    this.#millis = new Float64Array(2 * millis.length);
    this.#seconds.set(seconds.subarray(this.#next));
    this.#seconds.set(seconds.subarray(0, this.#next), seconds.length - this.#next);
    this.#millis.set(millis.subarray(this.#next));
    this.#millis.set(millis.subarray(0, this.#next), millis.length - this.#next);
    this.#next = seconds.length;
  }
}
