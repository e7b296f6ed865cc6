import type { ProfileThread } from "../../model/profile.ts";
import { poolOf } from "../../model/thread-pool.ts";

/** What a file says of a thread. */
export interface ThreadSeen {
  readonly name: string;
  readonly osId?: number | undefined;
  readonly javaId?: number | undefined;
}

/** async-profiler with `-t` makes the thread the outermost frame: `[main tid=4711]`, `[tid=4711]`. */
const threadFrame = /^\[(?:(.*) )?tid=(\d+)\]$/s;

/** Gives the threads of a profile their numbers. */
export class ThreadNames {
  readonly threads: ProfileThread[] = [];
  readonly #numberOf = new Map<string, number>();

  numberOf({ name, osId, javaId }: ThreadSeen): number {
    const key = `${osId ?? ""}/${javaId ?? ""}/${name}`;
    const known = this.#numberOf.get(key);
    if (known !== undefined) return known;
    const number = this.threads.length;
    this.#numberOf.set(key, number);
    this.threads.push({ name, pool: poolOf(name), javaId, osId, isVirtual: false });
    return number;
  }

  /** The thread that a frame stands for; undefined when it is an ordinary frame. */
  ofFrame(text: string): number | undefined {
    const match = threadFrame.exec(text);
    if (!match) return undefined;
    const osId = Number(match[2]);
    return this.numberOf({ name: match[1] ?? `thread ${osId}`, osId });
  }
}
