import type { CounterWindow } from "./counter-window.ts";
import type { Finished } from "./finished.ts";
import { shenandoahCycle, shenandoahPause } from "./gc-names.ts";
import { PauseCounter } from "./pause-counter.ts";
import { SafepointPauses } from "./safepoint-pauses.ts";

/** Pauses of a whole cycle: Init Mark, Final Mark, Init Update Refs, Final Update Refs. */
const pausesPerCycle = 4;

/**
 * Pauses and cycles of Shenandoah. Its `sun.gc.collector.1` counts every phase, also those during which the program runs, and each of them
 * twice, except when it collects while the program is stopped: so half the phases' times are a cycle, or all of its pauses if those are
 * more. The pauses are the stops of the program while a phase began or ended or a cycle was under way.
 */
export class ShenandoahWatch {
  readonly #phases: PauseCounter;
  readonly #safepoints: SafepointPauses;
  #phaseTime = 0;
  #pauses = 0;
  #pauseTime = 0;

  constructor(window: CounterWindow) {
    this.#phases = new PauseCounter(window, 1);
    this.#safepoints = new SafepointPauses(window);
  }

  get hasChanged(): boolean {
    return this.#phases.hasChanged || this.#safepoints.hasChanged;
  }

  /** Tells of pauses and cycles that ended since the previous look; returns how many cycles did. */
  advance(isCycleUnderWay: boolean, add: (finished: Finished) => void): number {
    const isGc = isCycleUnderWay || this.#phases.hasChanged || this.#phases.isRunning;
    if (this.#phases.hasChanged) {
      this.#phases.advance((_count, durations) => {
        this.#phaseTime += durations;
      });
    }
    this.#pauses += this.#safepoints.advance(isGc, (count, durations, end) => {
      this.#pauseTime += durations;
      add({ name: shenandoahPause, count, durations, end });
    });
    if (isCycleUnderWay || this.#phases.isRunning || this.#phaseTime === 0) return 0;
    return this.#endCycles(add);
  }

  #endCycles(add: (finished: Finished) => void): number {
    const { pendingTime } = this.#safepoints;
    const count = Math.max(1, Math.floor(this.#pauses / pausesPerCycle));
    const durations = Math.max(this.#phaseTime / 2, this.#pauseTime + pendingTime);
    add({ name: shenandoahCycle, count, durations, end: this.#phases.lastExit });
    this.#phaseTime = 0;
    this.#pauses = 0;
    // What is pending counts for this cycle, though it is told during the next one.
    this.#pauseTime = -pendingTime;
    return count;
  }
}
