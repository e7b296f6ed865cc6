import { recorderThreads, threadSeconds } from "./recording-cost.ts";

/** Looking at all threads of a JVM takes 40 µs for each of them. */
const lookMillis = 60_000;

/** Processor time of a JVM's recording threads, which are looked for now and then only. Never falls: a thread that ends leaves its time. */
export class RecorderClock {
  readonly #folder: string;
  readonly #secondsOf = new Map<string, number>();
  #lookedMillis = Number.NEGATIVE_INFINITY;
  #isSeen = false;

  /** `folder` is the process's /proc/PID. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined where its threads cannot be seen. */
  seconds(nowMillis: number): number | undefined {
    if (nowMillis - this.#lookedMillis >= lookMillis) this.#look(nowMillis);
    for (const thread of this.#secondsOf.keys()) {
      const seconds = threadSeconds(`${this.#folder}/task/${thread}`);
      if (seconds !== undefined) this.#secondsOf.set(thread, seconds);
    }
    return this.#isSeen ? [...this.#secondsOf.values()].reduce((sum, seconds) => sum + seconds, 0) : undefined;
  }

  /** Threads may have been started. */
  lookAgain(): void {
    this.#lookedMillis = Number.NEGATIVE_INFINITY;
  }

  #look(nowMillis: number): void {
    this.#lookedMillis = nowMillis;
    const threads = recorderThreads(`${this.#folder}/task`);
    this.#isSeen = threads !== undefined;
    for (const thread of threads ?? []) if (!this.#secondsOf.has(thread)) this.#secondsOf.set(thread, 0);
  }
}
