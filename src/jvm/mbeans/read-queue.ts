import type { Answer } from "../../model/answer.ts";
import type { MBeanRead } from "../../model/target.ts";
import { refusal } from "./no-answer.ts";

type Answers = Answer<readonly Answer<unknown>[]>;

/** Someone who waits for the answers to some reads. */
export interface Caller {
  readonly reads: readonly MBeanRead[];
  answer(answers: Answers): void;
}

interface Waiting extends Caller {
  readonly signal: AbortSignal;
  isAnswered: boolean;
  fail(error: unknown): void;
}

/** Gathers what is asked for in one turn, or while another request is under way, into one request; there is one at a time. */
export class ReadQueue {
  readonly #ask: (callers: readonly Caller[], signal: AbortSignal) => Promise<void>;
  readonly #maxReads: number;
  readonly #closed = new AbortController();
  #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(ask: (callers: readonly Caller[], signal: AbortSignal) => Promise<void>, maxReads: number) {
    this.#ask = ask;
    this.#maxReads = maxReads;
  }

  read(reads: readonly MBeanRead[], signal: AbortSignal): Promise<Answers> {
    if (this.#closed.signal.aborted) return Promise.resolve(refusal("failed", "the JVM is no longer watched"));
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        reads,
        signal,
        isAnswered: false,
        answer(answers) {
          waiting.isAnswered = true;
          signal.removeEventListener("abort", giveUp);
          resolve(answers);
        },
        fail: reject,
      };
      const giveUp = () => waiting.answer(refusal("timeout", "the MBeans were not read in the time that was given"));
      if (signal.aborted) return giveUp();
      signal.addEventListener("abort", giveUp, { once: true });
      this.#waiting.push(waiting);
      void this.#run();
    });
  }

  close(): void {
    this.#closed.abort();
    for (const waiting of this.#waiting.splice(0)) waiting.answer(refusal("failed", "the JVM is no longer watched"));
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    // A turn of the event loop: collectors that start together also ask together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#askNext();
    this.#isRunning = false;
  }

  async #askNext(): Promise<void> {
    const batch = this.#takeBatch();
    if (batch.length === 0) return;
    const { signal, release } = allAborted(batch.map((waiting) => waiting.signal));
    try {
      await this.#ask(batch, AbortSignal.any([signal, this.#closed.signal]));
    } catch (error) {
      for (const waiting of batch) waiting.fail(error);
    } finally {
      release();
    }
  }

  #takeBatch(): readonly Waiting[] {
    const batch: Waiting[] = [];
    let reads = 0;
    while (this.#waiting.length > 0) {
      const next = this.#waiting[0]!;
      if (batch.length > 0 && reads + next.reads.length > this.#maxReads) break;
      this.#waiting.shift();
      if (next.isAnswered) continue;
      batch.push(next);
      reads += next.reads.length;
    }
    return batch;
  }
}

/** Aborts when the last of the signals has: a request goes on as long as one caller waits for it. */
function allAborted(signals: readonly AbortSignal[]): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  let left = signals.filter((signal) => !signal.aborted).length;
  const oneAborted = () => {
    if (--left === 0) controller.abort();
  };
  if (left === 0) controller.abort();
  for (const signal of signals) signal.addEventListener("abort", oneAborted, { once: true });
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) signal.removeEventListener("abort", oneAborted);
    },
  };
}
