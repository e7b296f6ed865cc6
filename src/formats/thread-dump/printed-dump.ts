import type { ReportedWaiter, ThreadDumpSnapshot } from "../../model/thread-dump.ts";
import { DeadlockSection } from "../jcmd/deadlock.ts";
import { ThreadLines } from "../jcmd/thread-lines.ts";
import type { LineReader } from "./line-reader.ts";
import { threadsOfPrinted } from "./printed-thread.ts";
import { spokenLine } from "./spoken-line.ts";
import type { StackInterner } from "./stack-interner.ts";
import { type ThreadBudget, ThreadList } from "./thread-list.ts";

/** So many lines in a row that are no dump's end one that has no end of its own. */
const longestForeignPart = 2_000;
const mostDeadlocks = 1_000;

interface PrintedDumpStart {
  readonly takenAt: string | undefined;
  readonly vm: string | undefined;
}

/** One dump as the JVM prints it: threads, deadlocks, and the heap where a signal asked for it. */
export class PrintedDump implements LineReader {
  readonly #start: PrintedDumpStart;
  readonly #threads: ThreadList;
  readonly #lines: ThreadLines;
  readonly #deadlocks: DeadlockSection[] = [];
  /** The rest is what is said in it already: stacks of a deadlock; and, in a log, the lines of others. */
  #part: "threads" | "deadlock" | "rest" | "end" = "threads";
  #expectedThreads: number | undefined;
  #unknownLines = 0;
  #foreignLines = 0;
  /** A line of someone else came between; the stack that follows may be of an exception. */
  #isForeign = false;

  constructor(start: PrintedDumpStart, { stacks, budget }: { stacks: StackInterner; budget: ThreadBudget }) {
    this.#start = start;
    this.#threads = new ThreadList(budget);
    this.#lines = new ThreadLines((thread) => {
      for (const each of threadsOfPrinted(thread, stacks)) this.#threads.add(each);
    });
  }

  get isComplete(): boolean {
    return this.#part === "end";
  }

  add(line: string): void {
    if (/^Found (?:one|a|\d+) Java-level deadlocks?:/.test(line)) this.#startDeadlock();
    else if (/^Found \d+ deadlocks?\.$|^Heap\s*$/.test(line)) this.#finish();
    else if (this.#part === "threads") this.#addThreadLine(line);
    else if (line.startsWith("Java stack information for ")) this.#part = "rest";
    else if (this.#part === "deadlock") this.#deadlocks.at(-1)?.add(line);
    else this.#countForeign(/^$|^=+$|^"|^\s/.test(line));
  }

  end(): ThreadDumpSnapshot {
    this.#lines.end();
    return {
      ...this.#start,
      takenAtSeconds: secondsOf(this.#start.takenAt),
      processId: undefined,
      threads: this.#threads.threads,
      folded: this.#threads.folded,
      reportedDeadlocks: this.#deadlocks.map(waitersOf),
      expectedThreads: this.#expectedThreads,
      unknownLines: this.#unknownLines,
    };
  }

  #startDeadlock(): void {
    this.#lines.end();
    this.#part = "deadlock";
    if (this.#deadlocks.length < mostDeadlocks) this.#deadlocks.push(new DeadlockSection());
  }

  #finish(): void {
    this.#lines.end();
    this.#part = "end";
  }

  #addThreadLine(line: string): void {
    const length = /^_java_thread_list=\S+ length=(\d+)/.exec(line)?.[1];
    if (length !== undefined) this.#expectedThreads = Number(length);
    const spoken = spokenLine(line);
    if (this.#isForeign && spoken.startsWith("\t")) return;
    if (spoken.startsWith("JNI global ref")) {
      this.#lines.end();
      this.#part = "rest";
      return;
    }
    const isKnown = this.#lines.add(spoken) || isNoise(spoken);
    this.#isForeign = !isKnown;
    if (!isKnown) this.#unknownLines++;
    this.#countForeign(isKnown);
  }

  #countForeign(isKnown: boolean): void {
    this.#foreignLines = isKnown ? 0 : this.#foreignLines + 1;
    if (this.#foreignLines > longestForeignPart) this.#finish();
  }
}

/** What the tools around a dump say. */
function isNoise(line: string): boolean {
  return /^(?:```.*|\d+:|Attaching to process ID .*|Debugger attached .*|\w+ compiler detected\.|JVM version is .*|Deadlock Detection:|No deadlocks found\.|Locked ownable synchronizers:|\s*JavaThread state: .*|\s+(?:Compiling:|No compile task).*)$/.test(
    line,
  );
}

function waitersOf({ deadlock }: DeadlockSection): readonly ReportedWaiter[] {
  return deadlock.threads.map(({ name, waitsFor, heldBy }) => ({
    name,
    lock: waitsFor && { id: waitsFor.address, className: waitsFor.className },
    heldBy,
  }));
}

function secondsOf(takenAt: string | undefined): number | undefined {
  const millis = takenAt === undefined ? Number.NaN : Date.parse(`${takenAt.replace(" ", "T")}Z`);
  return Number.isNaN(millis) ? undefined : millis / 1000;
}
