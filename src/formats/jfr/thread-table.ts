import type { ProfileThread } from "../../model/profile.ts";
import { poolOf } from "../../model/thread-pool.ts";
import type { Chunk, ChunkThread } from "./events.ts";
import { remembered } from "./text-interner.ts";

/** Virtual threads without a name beyond this many are one: a server starts one for each request. */
const maxNamelessThreads = 10_000;

/** Numbers the threads of all chunks: a thread that several chunks describe is one. */
export class ThreadTable {
  readonly #threads: ProfileThread[] = [];
  readonly #threadOfKey = new Map<string, number>();
  #nameless = 0;

  get threads(): readonly ProfileThread[] {
    return this.#threads;
  }

  /** The thread's number; −1 when the chunk does not describe it. */
  add(thread: ChunkThread | undefined): number {
    if (thread === undefined) return -1;
    const name = thread.javaName || (thread.isVirtual ? "" : (thread.osName ?? ""));
    const key = this.#keyOf(thread, name);
    const known = this.#threadOfKey.get(key);
    if (known === undefined) return this.#append(key, profileThread(thread, name));
    if (name !== "" && this.#threads[known]!.name !== name) this.#threads[known] = profileThread(thread, name);
    return known;
  }

  /** Java's number of a thread is never given to another; the system's is, to one of another name. */
  #keyOf({ javaThreadId = 0, osThreadId, isVirtual }: ChunkThread, name: string): string {
    if (javaThreadId <= 0) return `os ${osThreadId} ${name}`;
    const key = `java ${javaThreadId}`;
    if (!isVirtual || name !== "" || this.#threadOfKey.has(key)) return key;
    return ++this.#nameless > maxNamelessThreads ? "virtual" : key;
  }

  #append(key: string, thread: ProfileThread): number {
    this.#threadOfKey.set(key, this.#threads.length);
    return this.#threads.push(key === "virtual" ? { ...thread, javaId: undefined } : thread) - 1;
  }
}

/** From a chunk's indexes of threads to the recording's; −1 for none. */
export function chunkThreads(chunk: Chunk, table: ThreadTable): (index: number) => number {
  return remembered(chunk.pool("java.lang.Thread")?.count ?? 0, (index) => table.add(chunk.thread(index)));
}

function profileThread(thread: ChunkThread, name: string): ProfileThread {
  const { javaThreadId = 0, osThreadId = 0, isVirtual } = thread;
  return {
    name,
    pool: name === "" && !isVirtual ? "unnamed" : poolOf(name),
    javaId: javaThreadId > 0 ? javaThreadId : undefined,
    osId: osThreadId > 0 ? osThreadId : undefined,
    isVirtual,
  };
}
