import { FormatError } from "../../model/errors.ts";
import { type RunningWorker, startWorker, workerModule } from "../../threads/start-worker.ts";
import type { ContentPlace } from "./compression.ts";
import type { InflateTask } from "./inflate.worker.ts";
import { createRing, ringState, slotBytes, slotCount } from "./inflate-ring.ts";

/** How far back a read may go without starting over. */
const historyBytes = 8 << 20;

/** A file that gives nothing for so long is given up; a pipe may wait as long as its writer does. */
const patienceMillis = 120_000;

/**
 * Synchronous reads, forward, of what a worker reads and decompresses. A read that goes back further than `historyBytes` starts over,
 * which a file allows and stdin does not.
 */
export class ContentStream {
  readonly #content: ContentPlace;
  readonly #history = new Uint8Array(historyBytes);
  #worker: RunningWorker | undefined;
  #ring = createRing();
  /** Offset behind the last byte that was taken from the ring; the `historyBytes` before it are at hand. */
  #position = 0;
  #ended = false;
  /** Why the data ends early. */
  damage: string | undefined;

  constructor(content: ContentPlace) {
    this.#content = content;
  }

  read(offset: number, target: Uint8Array): number {
    if (this.#worker === undefined || offset < this.#position - historyBytes) this.#start();
    let done = 0;
    while (done < target.length) {
      if (offset + done >= this.#position && !this.#next()) break;
      const from = offset + done;
      if (from >= this.#position) continue;
      const at = from % historyBytes;
      const count = Math.min(target.length - done, this.#position - from, historyBytes - at);
      target.set(this.#history.subarray(at, at + count), done);
      done += count;
    }
    return done;
  }

  close(): void {
    this.#worker?.stop();
    this.#worker = undefined;
  }

  #start(): void {
    if (this.#worker !== undefined && this.#content.path === undefined) {
      throw new FormatError("stdin cannot be read twice; give a file", this.#position);
    }
    this.close();
    this.#ring = createRing();
    this.#position = 0;
    this.#ended = false;
    const task: InflateTask = { content: this.#content, ring: this.#ring };
    this.#worker = startWorker(workerModule(import.meta.url, "inflate"), task);
  }

  /** Takes the next slot into the history; false at the end. */
  #next(): boolean {
    if (this.#ended) return false;
    const { state, slots } = this.#ring;
    const consumed = state[ringState.consumed]!;
    while (Atomics.load(state, ringState.produced) === consumed) {
      const answer = Atomics.wait(state, ringState.produced, consumed, patienceMillis);
      if (answer === "timed-out" && this.#content.path !== undefined) {
        throw new FormatError(
          "the file gives no more bytes: what reads and decompresses it does not answer",
          this.#position,
        );
      }
    }
    const slot = consumed % slotCount;
    const length = state[ringState.lengths + slot]!;
    const bytes = slots.subarray(slot * slotBytes, slot * slotBytes + length);
    const at = this.#position % historyBytes;
    const first = Math.min(length, historyBytes - at);
    this.#history.set(bytes.subarray(0, first), at);
    this.#history.set(bytes.subarray(first), 0);
    this.#position += length;
    if (length === 0) {
      this.#ended = true;
      if (state[ringState.outcome] === 2) {
        const reason = slots.slice(slot * slotBytes, slot * slotBytes + state[ringState.reasonBytes]!);
        this.damage = new TextDecoder().decode(reason);
      }
    }
    Atomics.add(state, ringState.consumed, 1);
    Atomics.notify(state, ringState.consumed);
    return length > 0;
  }
}
