import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { parseSchedstat } from "../formats/proc/schedstat.ts";
import { parseSwitches, type ThreadSums } from "../formats/proc/thread-sums.ts";

/** One thread, when it was last looked at. */
interface Seen {
  readonly voluntary: number;
  readonly involuntary: number;
  readonly waitingNanos: number | undefined;
}

/** Between two threads' files the event loop gets its turn after so many: 2 ms at the 40 µs that were measured for one. */
const threadsPerTurn = 50;

/**
 * Sums what the kernel counts for each thread by itself: /proc/PID/status and /proc/PID/schedstat tell of the main thread alone, which
 * in a JVM does nothing. The sums never fall when threads end; what a thread did after the last look before its end is lost.
 */
export class ThreadTotals {
  readonly #seen = new Map<string, Seen>();
  #voluntary = 0;
  #involuntary = 0;
  #waitingNanos: number | undefined;
  readonly #buffer = Buffer.alloc(16_384);

  /** Looks at each thread in the folder `task` of a process. */
  async read(taskFolder: string, signal: AbortSignal): Promise<ThreadSums> {
    const threads = readdirSync(taskFolder);
    for (const [index, thread] of threads.entries()) {
      if (index % threadsPerTurn === threadsPerTurn - 1) {
        await setImmediate();
        signal.throwIfAborted();
      }
      const now = this.#look(join(taskFolder, thread));
      if (now === undefined) continue;
      this.#add(now, this.#seen.get(thread));
      // At once: a look that is given up half-way must not count twice.
      this.#seen.set(thread, now);
    }
    const living = new Set(threads);
    for (const thread of this.#seen.keys()) if (!living.has(thread)) this.#seen.delete(thread);
    return {
      voluntarySwitches: this.#voluntary,
      involuntarySwitches: this.#involuntary,
      waitingSeconds: this.#waitingNanos === undefined ? undefined : this.#waitingNanos / 1e9,
    };
  }

  /** A thread whose counts fell is another one with the same id. */
  #add(now: Seen, before: Seen | undefined): void {
    const isSame = before !== undefined && before.voluntary <= now.voluntary && before.involuntary <= now.involuntary;
    this.#voluntary += now.voluntary - (isSame ? before.voluntary : 0);
    this.#involuntary += now.involuntary - (isSame ? before.involuntary : 0);
    if (now.waitingNanos === undefined) return;
    const waitedBefore = isSame ? (before.waitingNanos ?? 0) : 0;
    this.#waitingNanos = (this.#waitingNanos ?? 0) + Math.max(now.waitingNanos - waitedBefore, 0);
  }

  /** Undefined when the thread ended meanwhile. */
  #look(threadFolder: string): Seen | undefined {
    const status = this.#text(join(threadFolder, "status"));
    const switches = status === undefined ? undefined : parseSwitches(status);
    if (switches === undefined) return undefined;
    const [voluntary, involuntary] = switches;
    const schedstat = this.#text(join(threadFolder, "schedstat"));
    return {
      voluntary,
      involuntary,
      waitingNanos: schedstat === undefined ? undefined : parseSchedstat(schedstat).waitingNanos,
    };
  }

  /** Undefined when the file is not there, or no longer. Synchronous: it costs a third of the time, and none of these files waits. */
  #text(path: string): string | undefined {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(path, "r");
      return this.#buffer.toString("latin1", 0, readSync(descriptor, this.#buffer, 0, this.#buffer.length, 0));
    } catch (error) {
      if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
      throw error;
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }
}
