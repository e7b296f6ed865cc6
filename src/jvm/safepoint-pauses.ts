import type { CounterWindow } from "./counter-window.ts";
import type { PauseListener } from "./pause-counter.ts";

/**
 * Stops of the whole program, each from the wish to stop until it goes on. The JVM counts one when it begins and adds its time when it ends,
 * so that a look shows the sum of those that ended, and one more may have begun: only the next look tells. Hence all is told one look late.
 */
export class SafepointPauses {
  readonly #window: CounterWindow;
  readonly #countPlace: number;
  readonly #stoppedPlace: number;
  readonly #stoppingPlace: number;
  #count = 0;
  #stopped = 0;
  #stopping = 0;
  #pendingCount = 0;
  #pendingStopped = 0;
  #pendingStopping = 0;
  #isPendingWanted = false;

  constructor(window: CounterWindow) {
    this.#window = window;
    this.#countPlace = window.placeOf("sun.rt.safepoints");
    this.#stoppedPlace = window.placeOf("sun.rt.safepointTime");
    this.#stoppingPlace = window.placeOf("sun.rt.safepointSyncTime");
    this.#count = window.number(this.#countPlace);
    this.#stopped = window.number(this.#stoppedPlace);
    this.#stopping = window.number(this.#stoppingPlace);
  }

  /** Whether something is to be told, or may be by a look. */
  get hasChanged(): boolean {
    return this.#pendingCount > 0 || this.#window.number(this.#countPlace) !== this.#count;
  }

  /** Time of wanted stops that is not told yet. */
  get pendingTime(): number {
    return this.#isPendingWanted ? this.#pendingStopped + this.#pendingStopping : 0;
  }

  /** Tells of stops that ended, if they are `isWanted` in the look in which they were first seen; returns how many it told of. */
  advance(isWanted: boolean, listener: PauseListener): number {
    const begun = this.#window.number(this.#countPlace) - this.#count;
    const stopped = this.#window.number(this.#stoppedPlace) - this.#stopped;
    const stopping = this.#window.number(this.#stoppingPlace) - this.#stopping;
    this.#count += begun;
    this.#stopped += stopped;
    this.#stopping += stopping;
    if (begun === 0) return this.#settle(stopped, stopping, listener);
    const hasEnded = this.#pendingStopped > 0;
    const told = hasEnded ? this.#tell(this.#pendingCount, listener) : 0;
    this.#isPendingWanted = isWanted || (this.#pendingCount > 0 && this.#isPendingWanted);
    this.#pendingCount += begun;
    this.#pendingStopped = stopped;
    this.#pendingStopping += stopping;
    return told;
  }

  /** Nothing began since the last look: all that is pending has ended, or the only one that is pending still lasts. */
  #settle(stopped: number, stopping: number, listener: PauseListener): number {
    this.#pendingStopping += stopping;
    if (this.#pendingCount === 0 || (stopped === 0 && this.#pendingStopped === 0)) return 0;
    // What ends only now was under way at the last look, and those before it had ended by then.
    const lastsTillNow = stopped > 0 && this.#pendingStopped > 0;
    const earlier = lastsTillNow ? this.#tell(this.#pendingCount - 1, listener) : 0;
    this.#pendingStopped += stopped;
    return earlier + this.#tell(lastsTillNow ? 1 : this.#pendingCount, listener);
  }

  /** Tells of `count` of those that are pending, with all the time that is. */
  #tell(count: number, listener: PauseListener): number {
    const durations = this.#pendingStopped + this.#pendingStopping;
    this.#pendingCount -= count;
    this.#pendingStopped = 0;
    this.#pendingStopping = 0;
    if (!this.#isPendingWanted || count < 1) return 0;
    listener(count, durations, undefined);
    return count;
  }
}
