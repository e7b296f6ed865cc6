import type { FoldedThreads, ThreadOfDump } from "../../model/thread-dump.ts";

/** Threads that are kept one by one, over all dumps of a file; after that they are counted by stack. */
const mostThreads = 400_000;
/** Kinds of counted threads; after that they are counted without their stacks. */
const mostKinds = 20_000;

/** What is left of the file's limits. */
export class ThreadBudget {
  #left: number;

  constructor(threads = mostThreads) {
    this.#left = threads;
  }

  take(): boolean {
    this.#left--;
    return this.#left >= 0;
  }
}

type Draft = { -readonly [field in keyof FoldedThreads]: FoldedThreads[field] };

/** The threads of one dump, within the file's limits. */
export class ThreadList {
  readonly #budget: ThreadBudget;
  readonly #threads: ThreadOfDump[] = [];
  readonly #kinds = new Map<readonly unknown[], Map<string, Draft>>();
  #kindCount = 0;

  constructor(budget: ThreadBudget) {
    this.#budget = budget;
  }

  get threads(): readonly ThreadOfDump[] {
    return this.#threads;
  }

  get folded(): readonly FoldedThreads[] {
    return [...this.#kinds.values()].flatMap((kinds) => [...kinds.values()]);
  }

  add(thread: ThreadOfDump): void {
    if (this.#budget.take()) this.#threads.push(thread);
    else this.#count(thread);
  }

  #count({ pool, isVirtual, state, frames }: ThreadOfDump): void {
    const isFull = this.#kindCount >= mostKinds;
    const stack = isFull ? noFrames : frames;
    const shown = isFull ? "(others)" : pool;
    const kinds = this.#kinds.get(stack) ?? new Map<string, Draft>();
    this.#kinds.set(stack, kinds);
    const key = `${shown}\n${isVirtual}\n${state}`;
    const kind = kinds.get(key);
    if (kind) {
      kind.count++;
      return;
    }
    this.#kindCount++;
    kinds.set(key, { pool: shown, isVirtual, state, frames: stack, count: 1 });
  }
}

const noFrames: FoldedThreads["frames"] = [];
