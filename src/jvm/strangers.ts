import type { ProcStat } from "../formats/proc/stat.ts";

/** A process that ran no JVM at its last looks. */
interface Stranger {
  readonly looks: number;
  /** How many more times it is taken to run none without a look. */
  readonly rests: number;
}

/** After so many looks a process has run for a while without becoming a JVM: then it is looked at every third time. */
const looksUntilOld = 12;
const restsWhenOld = 2;
/** A thread of the kernel never becomes a JVM, but its pid may be another's one day. */
const restsOfKernel = 11;

/** Remembers processes that run no JVM, so that they are not all looked at in every round. */
export class Strangers {
  #before = new Map<number, Stranger>();
  #now = new Map<number, Stranger>();

  /** Who is not met in a round is forgotten in the next. */
  beginRound(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }

  /** Whether it is taken to run no JVM this time, without a look. */
  isResting(pid: number): boolean {
    const { looks, rests } = this.#before.get(pid) ?? { looks: 0, rests: 0 };
    if (rests === 0) return false;
    this.#now.set(pid, { looks, rests: rests - 1 });
    return true;
  }

  /** It was looked at, and runs no JVM. */
  note({ pid, state, virtualBytes }: ProcStat): void {
    const looks = (this.#before.get(pid)?.looks ?? 0) + 1;
    const isOfKernel = virtualBytes === 0 && state !== "Z";
    const rests = isOfKernel ? restsOfKernel : looks < looksUntilOld ? 0 : restsWhenOld;
    this.#now.set(pid, { looks, rests });
  }
}
