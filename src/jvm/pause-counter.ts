import type { CounterWindow } from "./counter-window.ts";

/** Told of collections that ended: how many, how long they took together, and when the last one ended, where that is known; in ticks. */
export type PauseListener = (count: number, durations: number, end: number | undefined) => void;

/**
 * One `sun.gc.collector.N`. The JVM writes, when a collection begins, `invocations` and then `lastEntryTime`, and when it ends,
 * `lastExitTime` and then `time`, which sums up durations. So of those that ended between two looks, the last one's duration is exit less
 * entry, and that of one other follows from the sum.
 */
export class PauseCounter {
  readonly #window: CounterWindow;
  readonly #invocationsPlace: number;
  readonly #timePlace: number;
  readonly #entryPlace: number;
  readonly #exitPlace: number;
  #ended = 0;
  #time = 0;
  #exit = 0;

  constructor(window: CounterWindow, index: number) {
    this.#window = window;
    const prefix = `sun.gc.collector.${index}`;
    this.#invocationsPlace = window.placeOf(`${prefix}.invocations`);
    this.#timePlace = window.placeOf(`${prefix}.time`);
    this.#entryPlace = window.placeOf(`${prefix}.lastEntryTime`);
    this.#exitPlace = window.placeOf(`${prefix}.lastExitTime`);
    this.forget();
  }

  /** When the last collection that was told of ended. */
  get lastExit(): number {
    return this.#exit;
  }

  /** Whether a collection is under way, as far as the window shows. */
  get isRunning(): boolean {
    return this.#window.number(this.#entryPlace) > this.#window.number(this.#exitPlace);
  }

  /** Whether a collection ended since the last look. */
  get hasChanged(): boolean {
    return this.#window.number(this.#exitPlace) !== this.#exit || this.#window.number(this.#timePlace) !== this.#time;
  }

  /** Takes what the window shows as the beginning. */
  forget(): void {
    const window = this.#window;
    this.#exit = window.number(this.#exitPlace);
    this.#time = window.number(this.#timePlace);
    this.#ended = window.number(this.#invocationsPlace) - (this.isRunning ? 1 : 0);
  }

  /** Tells of the collections that ended since, and how many; 0 too when the JVM is writing and a later look will tell. */
  advance(listener: PauseListener): number {
    const window = this.#window;
    const exit = window.number(this.#exitPlace);
    const time = window.number(this.#timePlace);
    const entry = window.number(this.#entryPlace);
    const isRunning = entry > exit;
    const ended = window.number(this.#invocationsPlace) - (isRunning ? 1 : 0);
    const count = ended - this.#ended;
    const durations = time - this.#time;
    // Its duration is added a moment after a collection's end is written.
    if (count < 1 || durations <= 0 || exit === this.#exit) return 0;
    const last = isRunning ? undefined : exit - entry;
    if (last !== undefined && durations < last) return 0;
    this.#ended = ended;
    this.#time = time;
    this.#exit = exit;
    if (count > 1 && last !== undefined) {
      listener(count - 1, durations - last, undefined);
      listener(1, last, exit);
    } else listener(count, durations, count === 1 ? exit : undefined);
    return count;
  }
}
