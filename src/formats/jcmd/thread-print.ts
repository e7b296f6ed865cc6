import { type Deadlock, DeadlockSection } from "./deadlock.ts";
import { countAfter } from "./quantity.ts";
import { expectReplyOf, linesOf } from "./reply.ts";
import { type StackFrame, stackFrameOf } from "./stack-frame.ts";
import { type ThreadHeader, type ThreadState, threadHeaderOf, threadStates } from "./thread-header.ts";

export type { Deadlock } from "./deadlock.ts";
export type { StackFrame } from "./stack-frame.ts";
export type { ThreadState } from "./thread-header.ts";

/** What a thread has, or waits for, in one of its frames. */
export interface FrameLock {
  /** `locked`, `waiting to lock`, `parking to wait for`: the JVM's own words. */
  readonly relation: LockRelation;
  /** `0x00000000fc0df5e0`; undefined where there is no such object any more. */
  readonly address: string | undefined;
  readonly className: string | undefined;
}

const lockRelations = [
  "parking to wait for",
  "waiting on the Class initialization monitor for",
  "waiting on",
  "waiting to re-lock in wait()",
  "waiting to lock",
  "locked",
  "eliminated",
] as const;
type LockRelation = (typeof lockRelations)[number];

export interface DumpedFrame extends StackFrame {
  readonly locks: readonly FrameLock[];
}

/** A thread of a dump. */
export interface DumpedThread extends ThreadHeader {
  /** Undefined of the JVM's own threads, and of one that carries a virtual thread. */
  readonly state: ThreadState | undefined;
  /** `sleeping`, `parking`, `on object monitor` */
  readonly stateDetail: string | undefined;
  readonly frames: readonly DumpedFrame[];
  /** Locks of `java.util.concurrent` that it owns; empty unless asked for with `-l`. */
  readonly ownedSynchronizers: readonly Omit<FrameLock, "relation">[];
  /** The virtual thread that runs on it, and its frames (JDK 21 and later). */
  readonly mounted: { readonly javaId: number; readonly frames: readonly DumpedFrame[] } | undefined;
}

/** What `Thread.print` or `jstack` prints. */
export interface ThreadDump {
  /** In the JVM's own time zone, which it does not tell: `2026-11-25 03:44:35`. */
  readonly takenAt: string | undefined;
  /** `OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode, sharing)` */
  readonly vm: string | undefined;
  /** Threads that may run Java code: those with a priority. */
  readonly javaThreads: readonly DumpedThread[];
  /** The JVM's own: of the collector, `VM Thread`. */
  readonly vmThreads: readonly DumpedThread[];
  readonly deadlocks: readonly Deadlock[];
  readonly jniGlobalRefs: number | undefined;
  readonly jniWeakRefs: number | undefined;
  /** Lines that are none of a dump's: something is misread, or a name holds a line feed. */
  readonly unknownLines: number;
}

/** The reply to `Thread.print`, with or without `-l` and `-e`, JDK 8 to 25. */
export function parseThreadPrint(text: string): ThreadDump {
  const lines = linesOf(text);
  expectReplyOf("Thread.print", lines);
  const deadlocksAt = lines.indexOf("Found one Java-level deadlock:");
  const head = deadlocksAt < 0 ? lines : lines.slice(0, deadlocksAt);
  const { threads, unknownLines } = threadsOf(head);
  const refs = head.find((line) => line.startsWith("JNI global ref")) ?? "";
  const vm = head.find((line) => line.startsWith("Full thread dump "));
  return {
    takenAt: head.slice(0, 3).find((line) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(line)),
    vm: vm?.slice("Full thread dump ".length).replace(/:$/, ""),
    javaThreads: threads.filter(isJava),
    vmThreads: threads.filter((thread) => !isJava(thread)),
    deadlocks: deadlocksOf(lines.slice(head.length)),
    jniGlobalRefs: countAfter(refs, "refs: ") ?? countAfter(refs, "references: "),
    jniWeakRefs: countAfter(refs, "weak refs: "),
    unknownLines,
  };
}

function isJava({ priority, javaId }: ThreadHeader): boolean {
  return priority !== undefined || javaId !== undefined;
}

type Draft<T> = { -readonly [field in keyof T]: T[field] };

interface DraftThread extends Draft<Omit<DumpedThread, "frames" | "ownedSynchronizers" | "mounted">> {
  readonly frames: DraftFrame[];
  readonly ownedSynchronizers: Omit<FrameLock, "relation">[];
  mounted: { readonly javaId: number; readonly frames: DraftFrame[] } | undefined;
}

interface DraftFrame extends StackFrame {
  readonly locks: FrameLock[];
}

function threadsOf(lines: readonly string[]): {
  readonly threads: readonly DumpedThread[];
  readonly unknownLines: number;
} {
  const threads: DraftThread[] = [];
  let unknownLines = 0;
  for (const line of lines) {
    const header = threadHeaderOf(line);
    const thread = threads.at(-1);
    if (header) {
      const rest = { state: undefined, stateDetail: undefined, mounted: undefined, frames: [], ownedSynchronizers: [] };
      threads.push({ ...header, ...rest });
    } else if (thread ? !addTo(thread, line) : !isPreamble(line)) {
      unknownLines++;
    }
  }
  return { threads, unknownLines };
}

/** What stands before the first thread. */
function isPreamble(line: string): boolean {
  return /^$|^\d{4}-\d\d-\d\d |^Full thread dump |^Threads class SMR info:|^_java_thread_list=|^0x|^}/.test(line);
}

/** Whether the line is one that belongs to a thread, or is of no interest. */
function addTo(thread: DraftThread, line: string): boolean {
  if (line.startsWith("\tat ")) return addFrame(thread, line.slice(4));
  if (line.startsWith("\t- ")) return addLock(thread, line.slice(3));
  if (line.startsWith(statePrefix)) return addState(thread, line.slice(statePrefix.length));
  if (line.startsWith(mountedPrefix)) {
    thread.mounted = { javaId: Number.parseInt(line.slice(mountedPrefix.length), 10), frames: [] };
    return true;
  }
  return /^$|^ {3}\S|^\t\.\.\.|^JNI global ref/.test(line);
}

const statePrefix = "   java.lang.Thread.State: ";
const mountedPrefix = "   Mounted virtual thread #";

/** `TIMED_WAITING (sleeping)` */
function addState(thread: DraftThread, text: string): boolean {
  const parts = /^([A-Z_]+)(?: \(([^)]*)\))?$/.exec(text);
  thread.state = threadStates.find((state) => state === parts?.[1]);
  thread.stateDetail = parts?.[2];
  return thread.state !== undefined;
}

function addFrame(thread: DraftThread, text: string): boolean {
  const frame = stackFrameOf(text);
  if (frame) (thread.mounted ?? thread).frames.push({ ...frame, locks: [] });
  return frame !== undefined;
}

/** Below a frame, `locked <0x…> (a java.lang.Object)`; below `Locked ownable synchronizers:`, the same without a word, or `None`. */
function addLock(thread: DraftThread, text: string): boolean {
  if (text === "None") return true;
  if (text.startsWith("<")) {
    thread.ownedSynchronizers.push(objectOf(text));
    return true;
  }
  const relation = lockRelations.find((words) => text.startsWith(words));
  const frame = (thread.mounted ?? thread).frames.at(-1);
  if (!relation || !frame) return false;
  const rest = text.slice(relation.length).trimStart();
  const isClass = relation === "waiting on the Class initialization monitor for";
  frame.locks.push({ relation, ...(isClass ? { address: undefined, className: rest } : objectOf(rest)) });
  return true;
}

/** `<0x…> (a java.lang.Object)`, `<owner is scalar replaced> (a …)`, `<no object reference available>` */
function objectOf(text: string): Omit<FrameLock, "relation"> {
  const end = text.indexOf(">");
  const address = /^<(0x[0-9a-f]+)$/.exec(text.slice(0, Math.max(0, end)))?.[1];
  const className = text.startsWith(" (a ", end + 1) && text.endsWith(")") ? text.slice(end + 5, -1) : undefined;
  return { address, className };
}

function deadlocksOf(lines: readonly string[]): readonly Deadlock[] {
  const sections: DeadlockSection[] = [];
  let isInside = false;
  for (const line of lines) {
    if (line === "Found one Java-level deadlock:") {
      sections.push(new DeadlockSection());
      isInside = true;
    } else if (line.startsWith("Java stack information for ")) {
      isInside = false;
    } else if (isInside) {
      sections.at(-1)!.add(line);
    }
  }
  return sections.map(({ deadlock }) => deadlock);
}
