import { type StackFrame, stackFrameOf } from "./stack-frame.ts";
import { type ThreadHeader, type ThreadState, threadHeaderOf, threadStates } from "./thread-header.ts";

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
export type LockRelation = (typeof lockRelations)[number];

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
  /** The virtual thread that runs on it, and its frames (JDK 24 and later; before, only its id). */
  readonly mounted: { readonly javaId: number; readonly frames: readonly DumpedFrame[] } | undefined;
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

const statePrefix = "   java.lang.Thread.State: ";
const carryingPrefix = "   Carrying virtual thread #";
const mountedPrefix = "   Mounted virtual thread #";

/** Reads the part of a dump that lists the threads, line by line, and gives each thread when it is complete. */
export class ThreadLines {
  readonly #emit: (thread: DumpedThread) => void;
  #thread: DraftThread | undefined;
  /** Frames of the virtual thread follow, not those of its carrier. */
  #isMounted = false;

  constructor(emit: (thread: DumpedThread) => void) {
    this.#emit = emit;
  }

  /** Whether the line is one of a dump's. */
  add(line: string): boolean {
    const header = threadHeaderOf(line);
    if (header) {
      this.end();
      this.#thread = { ...header, ...emptyThread() };
      return true;
    }
    return this.#thread ? this.#addTo(this.#thread, line) : isPreamble(line);
  }

  /** Gives the last thread. */
  end(): void {
    if (this.#thread) this.#emit(this.#thread);
    this.#thread = undefined;
    this.#isMounted = false;
  }

  /** Whether the line is one that belongs to a thread, or is of no interest. */
  #addTo(thread: DraftThread, line: string): boolean {
    const frames = this.#isMounted && thread.mounted ? thread.mounted.frames : thread.frames;
    if (line.startsWith("\tat ")) return addFrame(frames, line.slice(4));
    if (line.startsWith("\t- ")) return addLock(thread, frames, line.slice(3));
    if (line.startsWith(statePrefix)) return addState(thread, line.slice(statePrefix.length));
    if (line.startsWith(carryingPrefix)) return addMounted(thread, line.slice(carryingPrefix.length));
    if (line.startsWith(mountedPrefix)) {
      this.#isMounted = true;
      return addMounted(thread, line.slice(mountedPrefix.length));
    }
    return /^$|^ {3}\S|^\t\.\.\.|^JNI global ref/.test(line);
  }
}

function emptyThread() {
  return { state: undefined, stateDetail: undefined, mounted: undefined, frames: [], ownedSynchronizers: [] };
}

/** What stands before the first thread. */
function isPreamble(line: string): boolean {
  return /^$|^\d{4}-\d\d-\d\d |^Full thread dump |^Threads class SMR info:|^_java_thread_list=|^0x|^}/.test(line);
}

/** `TIMED_WAITING (sleeping)` */
function addState(thread: DraftThread, text: string): boolean {
  const parts = /^([A-Z_]+)(?: \(([^)]*)\))?$/.exec(text);
  thread.state = threadStates.find((state) => state === parts?.[1]);
  thread.stateDetail = parts?.[2];
  return thread.state !== undefined;
}

function addMounted(thread: DraftThread, text: string): boolean {
  const javaId = Number.parseInt(text, 10);
  if (thread.mounted === undefined && !Number.isNaN(javaId)) thread.mounted = { javaId, frames: [] };
  return true;
}

function addFrame(frames: DraftFrame[], text: string): boolean {
  const frame = stackFrameOf(text);
  if (frame) frames.push({ ...frame, locks: [] });
  return frame !== undefined;
}

/** Below a frame, `locked <0x…> (a java.lang.Object)`; below `Locked ownable synchronizers:`, the same without a word, or `None`. */
function addLock(thread: DraftThread, frames: DraftFrame[], text: string): boolean {
  if (text === "None") return true;
  if (text.startsWith("<")) {
    thread.ownedSynchronizers.push(objectOf(text));
    return true;
  }
  const relation = lockRelations.find((words) => text.startsWith(words));
  const frame = frames.at(-1);
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
