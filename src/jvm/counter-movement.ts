/** When the counters of a JVM were last seen to change. */
export interface CounterMoves {
  /** Any but the sampler's clock; undefined: never yet. */
  readonly movedAtMillis: number | undefined;
  /** Up to JDK 24, a thread that samples counters writes the time into one of them; undefined: none does. */
  readonly sampledAtMillis: number | undefined;
}

const clockBytes = 8;

/** Compares whole readings of perf counters. */
export class CounterMovement {
  #before: Uint8Array | undefined;
  #movedAtMillis: number | undefined;
  #sampledAtMillis: number | undefined;

  get moves(): CounterMoves {
    return { movedAtMillis: this.#movedAtMillis, sampledAtMillis: this.#sampledAtMillis };
  }

  /** `clockOffset` is where the sampler's clock (`sun.os.hrt.ticks`) is, if there is one. The bytes must not change after. */
  note(bytes: Uint8Array, clockOffset: number | undefined, nowMillis: number): void {
    const before = this.#before;
    this.#before = bytes;
    if (before === undefined) {
      if (clockOffset !== undefined) this.#sampledAtMillis = nowMillis;
      return;
    }
    if (clockOffset === undefined) {
      if (isDifferent(before, bytes, 0, bytes.length)) this.#movedAtMillis = nowMillis;
      return;
    }
    const clockEnd = clockOffset + clockBytes;
    if (isDifferent(before, bytes, clockOffset, clockEnd)) this.#sampledAtMillis = nowMillis;
    const isMoved = isDifferent(before, bytes, 0, clockOffset) || isDifferent(before, bytes, clockEnd, bytes.length);
    if (isMoved) this.#movedAtMillis = nowMillis;
  }
}

function isDifferent(before: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  return Buffer.compare(before.subarray(start, end), bytes.subarray(start, end)) !== 0;
}
