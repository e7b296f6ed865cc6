import type { CounterWindow } from "./counter-window.ts";
import type { PauseListener } from "./pause-counter.ts";

/**
 * Stops of the whole program. The JVM counts one when it begins and adds its duration when it ends, so that a look shows the sum of those
 * that ended, and one more may have begun: only the next look tells. Hence everything is told one look late.
 */
export class SafepointPauses {
  readonly #window: CounterWindow;
  readonly #countPlace: number;
  readonly #timePlace: number;
  #count = 0;
  #time = 0;
  #pendingCount = 0;
  #pendingTime = 0;
  #isPendingWanted = false;

  constructor(window: CounterWindow) {
    this.#window = window;
    this.#countPlace = window.placeOf("sun.rt.safepoints");
    this.#timePlace = window.placeOf("sun.rt.safepointTime");
    this.forget();
  }

  /** Whether something is to be told, or may be by a look. */
  get hasChanged(): boolean {
    return this.#pendingCount > 0 || this.#window.number(this.#countPlace) !== this.#count;
  }

  /** Takes what the window shows as the beginning. */
  forget(): void {
    this.#count = this.#window.number(this.#countPlace);
    this.#time = this.#window.number(this.#timePlace);
    this.#pendingCount = 0;
    this.#pendingTime = 0;
  }

  /** Tells of stops that ended, if they are `isWanted` in the look in which they were first seen; returns how many it told of. */
  advance(isWanted: boolean, listener: PauseListener): number {
    const begun = this.#window.number(this.#countPlace) - this.#count;
    const ended = this.#window.number(this.#timePlace) - this.#time;
    this.#count += begun;
    this.#time += ended;
    if (begun === 0) return this.#settle(ended, listener);
    const told = this.#pendingTime > 0 ? this.#tell(this.#pendingCount, this.#pendingTime, listener) : 0;
    const carried = this.#pendingTime > 0 ? 0 : this.#pendingCount;
    this.#isPendingWanted = isWanted || (carried > 0 && this.#isPendingWanted);
    this.#pendingCount = carried + begun;
    this.#pendingTime = ended;
    return told;
  }

  /** Nothing began since the last look, so that all that is pending has ended or, where `ended` is 0 and no time is known, still lasts. */
  #settle(ended: number, listener: PauseListener): number {
    if (this.#pendingCount === 0 || (ended === 0 && this.#pendingTime === 0)) return 0;
    const count = this.#pendingCount;
    const time = this.#pendingTime;
    this.#pendingCount = 0;
    this.#pendingTime = 0;
    if (ended === 0) return this.#tell(count, time, listener);
    const earlier = time > 0 ? this.#tell(count - 1, time, listener) : 0;
    return earlier + this.#tell(time > 0 ? 1 : count, ended, listener);
  }

  #tell(count: number, time: number, listener: PauseListener): number {
    if (!this.#isPendingWanted || count < 1) return 0;
    listener(count, time, undefined);
    return count;
  }
}
