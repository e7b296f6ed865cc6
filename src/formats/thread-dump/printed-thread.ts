import type { DumpedLock, ThreadOfDump } from "../../model/thread-dump.ts";
import { poolOf } from "../../model/thread-pool.ts";
import type { DumpedFrame, DumpedThread, FrameLock, LockRelation } from "../jcmd/thread-lines.ts";
import type { StackInterner } from "./stack-interner.ts";
import { stateOfActivity, stateOfStack } from "./stack-state.ts";

/** A thread as `jstack` prints it, and the virtual thread that it carries as one of its own. */
export function threadsOfPrinted(thread: DumpedThread, stacks: StackInterner): readonly ThreadOfDump[] {
  const frames = stacks.stackOf(thread.frames);
  const isInternal = isInternalThread(thread);
  const { mounted } = thread;
  const printed: ThreadOfDump = {
    name: thread.name,
    pool: isInternal && thread.name === "" ? "(unnamed)" : poolOf(thread.name),
    identity: identityOf(thread),
    javaId: thread.javaId,
    osId: thread.nativeId,
    isDaemon: thread.isDaemon,
    isVirtual: false,
    isInternal,
    state:
      thread.state ?? (mounted ? "WAITING" : undefined) ?? stateOfActivity(thread.activity) ?? stateOfStack(frames),
    stateDetail: thread.stateDetail,
    cpuSeconds: thread.cpuSeconds,
    elapsedSeconds: thread.elapsedSeconds,
    frames,
    locks: locksOf(thread.frames),
    ownedSynchronizers: thread.ownedSynchronizers.map(({ address, className }) => ({ id: address, className })),
    blockedById: undefined,
    carrierId: undefined,
  };
  return mounted ? [printed, virtualOf(mounted, printed, stacks)] : [printed];
}

/** Its name is not printed, and before JDK 24 its frames are not either. */
function virtualOf(
  { javaId, frames }: NonNullable<DumpedThread["mounted"]>,
  carrier: ThreadOfDump,
  stacks: StackInterner,
): ThreadOfDump {
  const stack = stacks.stackOf(frames);
  return {
    ...carrier,
    name: "",
    pool: poolOf(""),
    identity: carrier.identity && `virtual #${javaId}`,
    javaId,
    osId: undefined,
    isVirtual: true,
    state: stateOfStack(stack),
    stateDetail: undefined,
    cpuSeconds: undefined,
    elapsedSeconds: undefined,
    frames: stack,
    locks: locksOf(frames),
    ownedSynchronizers: [],
    carrierId: carrier.javaId,
  };
}

/** The address of the JVM's own structure differs from JVM to JVM, and with the id from thread to thread. */
function identityOf({ address, javaId, nativeId }: DumpedThread): string | undefined {
  if (/^0x0*$/.test(address)) return undefined;
  return `${address} ${javaId ?? nativeId}`;
}

/** JDK 7 and earlier give Java threads no number and some threads of the JVM a priority. */
function isInternalThread({ javaId, priority, state, frames, name }: DumpedThread): boolean {
  if (javaId !== undefined || state !== undefined || frames.length > 0) return false;
  return priority === undefined || /^(?:GC task|VM |Concurrent Mark-Sweep|Gang worker|Surrogate|Suspend)/.test(name);
}

const relations: Readonly<Record<LockRelation, DumpedLock["relation"] | undefined>> = {
  locked: "locked",
  eliminated: undefined,
  "waiting to lock": "waiting to lock",
  "waiting to re-lock in wait()": "waiting to lock",
  "waiting on": "waiting on",
  "parking to wait for": "parking",
  "waiting on the Class initialization monitor for": "class initialization",
};

function locksOf(frames: readonly DumpedFrame[]): readonly DumpedLock[] {
  return frames.flatMap(({ locks }, depth) => locks.flatMap((lock) => lockOf(lock, depth) ?? []));
}

function lockOf({ relation, address, className }: FrameLock, depth: number): DumpedLock | undefined {
  const known = relations[relation];
  if (known === undefined) return undefined;
  return { relation: known, id: known === "class initialization" ? className : address, className, depth };
}
