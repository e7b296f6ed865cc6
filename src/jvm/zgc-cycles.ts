/**
 * Counts the cycles of ZGC by their pauses, since it has no counter for them: a cycle stops the program a fixed number of times, unless
 * marking has to go on and end once more. So it counts anew whenever no cycle is under way.
 */
export class ZgcCycles {
  readonly #pausesPerCycle: number;
  #pauses = 0;

  /** 3, or 5 for one that also collects an old generation. */
  constructor(pausesPerCycle: number) {
    this.#pausesPerCycle = pausesPerCycle;
  }

  /** Notes pauses, and tells how many cycles began with one of them. */
  begunWith(pauses: number): number {
    const before = Math.ceil(this.#pauses / this.#pausesPerCycle);
    this.#pauses += pauses;
    return Math.ceil(this.#pauses / this.#pausesPerCycle) - before;
  }

  /** No cycle is under way. */
  idle(): void {
    this.#pauses = 0;
  }
}
