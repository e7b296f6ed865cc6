import type { DumpedLock, ThreadDumpSnapshot } from "../../model/thread-dump.ts";
import { type StackFrame, stackElementOf } from "../jcmd/stack-frame.ts";
import { type ThreadState, threadStates } from "../jcmd/thread-header.ts";
import { classNameOf, filedThread } from "./filed-thread.ts";
import type { LineReader } from "./line-reader.ts";
import type { StackInterner } from "./stack-interner.ts";
import { type ThreadBudget, ThreadList } from "./thread-list.ts";

/** So many lines in a row that are none of its end a dump. */
const longestForeignPart = 200;

interface Draft {
  readonly javaId: number;
  readonly name: string;
  readonly frames: StackFrame[];
  readonly monitors: DumpedLock[];
  readonly synchronizers: Omit<DumpedLock, "relation" | "depth">[];
  state: ThreadState | undefined;
  wanted: string | undefined;
  blockedById: number | undefined;
}

/**
 * What programs print of the JVM's ThreadMXBean: `ThreadInfo.toString()`, which has `"name" prio=5 Id=12 BLOCKED on a.B@1f owned by
 * "other" Id=13`; and the `/stacks` page of Hadoop and HBase, which has `Thread 12 (name):` and a line for each fact.
 */
export class ManagedDump implements LineReader {
  readonly #stacks: StackInterner;
  readonly #threads: ThreadList;
  readonly #ids = new Set<number>();
  #draft: Draft | undefined;
  #unknownLines = 0;
  #foreignLines = 0;
  #isComplete = false;

  constructor({ stacks, budget }: { readonly stacks: StackInterner; readonly budget: ThreadBudget }) {
    this.#stacks = stacks;
    this.#threads = new ThreadList(budget);
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Whether a line begins a dump of this form. */
  static isStart(line: string): boolean {
    return line.startsWith("Process Thread Dump: ") || infoHeader.test(line);
  }

  /** Whether the line is of a thread that is in the dump already: another one begins. */
  isRepeated(line: string): boolean {
    const id = (infoHeader.exec(line) ?? pageHeader.exec(line))?.groups?.id;
    return id !== undefined && this.#ids.has(Number(id));
  }

  add(line: string): void {
    const text = line.trimEnd();
    const header = infoHeader.exec(text) ?? pageHeader.exec(text);
    if (header) {
      this.#startThread(header.groups ?? {});
      return;
    }
    const isKnown =
      text === "" || preamble.test(text) || (this.#draft !== undefined && addTo(this.#draft, text.trim()));
    this.#foreignLines = isKnown ? 0 : this.#foreignLines + 1;
    if (!isKnown) this.#unknownLines++;
    if (this.#foreignLines > longestForeignPart) this.#isComplete = true;
  }

  end(): ThreadDumpSnapshot {
    this.#endThread();
    return {
      takenAt: undefined,
      takenAtSeconds: undefined,
      vm: undefined,
      processId: undefined,
      threads: this.#threads.threads,
      folded: this.#threads.folded,
      reportedDeadlocks: [],
      expectedThreads: undefined,
      unknownLines: this.#unknownLines - this.#foreignLines,
    };
  }

  #startThread({ id, name = "", state, lock, owner }: Readonly<Record<string, string | undefined>>): void {
    this.#endThread();
    const javaId = Number(id);
    this.#ids.add(javaId);
    this.#foreignLines = 0;
    this.#draft = {
      javaId,
      name,
      frames: [],
      monitors: [],
      synchronizers: [],
      state: threadStates.find((known) => known === state),
      wanted: lock,
      blockedById: owner === undefined ? undefined : Number(owner),
    };
  }

  #endThread(): void {
    if (this.#draft) {
      const { synchronizers, ...draft } = this.#draft;
      const thread = filedThread({ ...draft, isVirtual: undefined, locks: locksOf(this.#draft) }, this.#stacks);
      this.#threads.add({ ...thread, ownedSynchronizers: synchronizers });
    }
    this.#draft = undefined;
  }
}

const infoHeader =
  /^"(?<name>.*)" (?:daemon )?(?:prio=\d+ )?Id=(?<id>\d+) (?<state>[A-Z_]+)(?: on (?<lock>\S+))?(?: owned by ".*" Id=(?<owner>\d+))?(?: \(suspended\))?(?: \(in native\))?$/;
const pageHeader = /^Thread (?<id>\d+) \((?<name>.*)\):$/;
const preamble = /^(?:Process Thread Dump: .*|\d+ active threads)$/;

/** Facts of the page, in its words; what a lock is waited for is in the header of the other form. */
function addTo(draft: Draft, text: string): boolean {
  const fact = /^(State|Waiting on|Blocked on|Blocked by):? (\S+)/.exec(text);
  if (fact) return addFact(draft, fact[1] ?? "", fact[2] ?? "");
  if (text.startsWith("- ")) return addLock(draft, text.slice(2).trim());
  if (/^(?:(?:Blocked|Waited) (?:count|time): .*|Stack:|\.\.\.|Number of locked synchronizers = \d+)$/.test(text))
    return true;
  const frame = stackElementOf(text.startsWith("at ") ? text.slice(3) : text);
  if (frame) draft.frames.push(frame);
  return frame !== undefined;
}

function addFact(draft: Draft, word: string, value: string): boolean {
  if (word === "State") draft.state = threadStates.find((known) => known === value);
  else if (word === "Blocked by") draft.blockedById = Number.parseInt(value, 10);
  else draft.wanted = value;
  return true;
}

/** `locked a.B@1f`; `blocked on` and `waiting on` say again what the header does; without a word, a lock that it owns. */
function addLock({ frames, monitors, synchronizers }: Draft, text: string): boolean {
  const [first = "", second] = text.split(/\s+/);
  if (first === "locked" && second !== undefined) {
    monitors.push({
      relation: "locked",
      id: second,
      className: classNameOf(second),
      depth: Math.max(0, frames.length - 1),
    });
    return true;
  }
  if (/^(?:blocked|waiting) on /.test(text)) return true;
  if (second !== undefined || !first.includes("@")) return false;
  synchronizers.push({ id: first, className: classNameOf(first) });
  return true;
}

function locksOf({ wanted, state, frames, monitors }: Draft): readonly DumpedLock[] {
  if (wanted === undefined) return monitors;
  const isParking = frames[0]?.method.endsWith(".park") === true;
  const relation = state === "BLOCKED" ? "waiting to lock" : isParking ? "parking" : "waiting on";
  return [{ relation, id: wanted, className: classNameOf(wanted), depth: 0 }, ...monitors];
}
