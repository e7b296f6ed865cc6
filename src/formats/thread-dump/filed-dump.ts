import type { DumpedLock, ThreadDumpSnapshot } from "../../model/thread-dump.ts";
import type { StackFrame } from "../jcmd/stack-frame.ts";
import { stackElementOf } from "../jcmd/stack-frame.ts";
import { threadStates } from "../jcmd/thread-header.ts";
import { classNameOf, filedThread } from "./filed-thread.ts";
import type { LineReader } from "./line-reader.ts";
import type { StackInterner } from "./stack-interner.ts";
import { type ThreadBudget, ThreadList } from "./thread-list.ts";

interface FiledDumpStart {
  readonly processId: number;
  readonly takenAt: string;
}

interface Draft {
  readonly javaId: number;
  readonly name: string;
  readonly isVirtual: boolean;
  readonly state: (typeof threadStates)[number] | undefined;
  readonly frames: StackFrame[];
  readonly locks: DumpedLock[];
}

/** What `Thread.dump_to_file` writes as text (JDK 21 and later): virtual threads too. */
export class FiledDump implements LineReader {
  readonly isComplete = false;
  readonly #start: FiledDumpStart;
  readonly #stacks: StackInterner;
  readonly #threads: ThreadList;
  #vm: string | undefined;
  #draft: Draft | undefined;
  #unknownLines = 0;

  constructor(start: FiledDumpStart, { stacks, budget }: { stacks: StackInterner; budget: ThreadBudget }) {
    this.#start = start;
    this.#stacks = stacks;
    this.#threads = new ThreadList(budget);
  }

  add(line: string): void {
    if (line === "") return;
    const header = /^#(\d+) "(.*)"( virtual)?(?: ([A-Z_]+))?(?: \d{4}-\d\d-\d\dT\S+)?$/.exec(line);
    if (header) this.#startThread(header);
    else if (!this.#draft && this.#vm === undefined) this.#vm = line;
    else if (!this.#addToThread(line.trim())) this.#unknownLines++;
  }

  end(): ThreadDumpSnapshot {
    this.#endThread();
    const { takenAt, processId } = this.#start;
    return {
      takenAt,
      takenAtSeconds: Date.parse(takenAt) / 1000,
      vm: this.#vm,
      processId,
      threads: this.#threads.threads,
      folded: this.#threads.folded,
      reportedDeadlocks: [],
      expectedThreads: undefined,
      unknownLines: this.#unknownLines,
    };
  }

  #startThread([, id, name = "", virtual, state]: RegExpExecArray): void {
    this.#endThread();
    this.#draft = {
      javaId: Number(id),
      name,
      isVirtual: virtual !== undefined,
      state: threadStates.find((known) => known === state),
      frames: [],
      locks: [],
    };
  }

  #endThread(): void {
    if (this.#draft) this.#threads.add(filedThread(this.#draft, this.#stacks));
    this.#draft = undefined;
  }

  /** `at java.base/java.lang.Object.wait0(Native Method)`, before JDK 25 without `at`; `- locked <java.lang.Object@1e674466>` */
  #addToThread(text: string): boolean {
    const draft = this.#draft;
    if (!draft) return false;
    if (text.startsWith("- ")) return addLock(draft, text.slice(2));
    const frame = stackElementOf(text.startsWith("at ") ? text.slice(3) : text);
    if (frame) draft.frames.push(frame);
    return frame !== undefined;
  }
}

const relations: readonly (readonly [string, DumpedLock["relation"]])[] = [
  ["parking to wait for <", "parking"],
  ["waiting to lock <", "waiting to lock"],
  ["waiting on <", "waiting on"],
  ["locked <", "locked"],
];

function addLock({ frames, locks }: Draft, text: string): boolean {
  const [words, relation] = relations.find(([each]) => text.startsWith(each)) ?? [];
  if (words === undefined || relation === undefined) return false;
  const end = text.indexOf(">", words.length);
  const id = text.slice(words.length, end < 0 ? undefined : end);
  locks.push({ relation, id, className: classNameOf(id), depth: Math.max(0, frames.length - 1) });
  return true;
}
