import type { DumpedLock, DumpedState, ThreadOfDump } from "../../model/thread-dump.ts";
import { poolOf } from "../../model/thread-pool.ts";
import type { StackFrame } from "../jcmd/stack-frame.ts";
import type { JsonThread } from "../jcmd/thread-dump-json.ts";
import type { StackInterner } from "./stack-interner.ts";
import { stateOfStack } from "./stack-state.ts";

/** What the two forms of `Thread.dump_to_file` have of a thread. */
export interface FiledThread {
  readonly javaId: number;
  readonly name: string;
  /** Undefined before JDK 25, where the stack tells it. */
  readonly isVirtual: boolean | undefined;
  readonly state: DumpedState | undefined;
  readonly frames: readonly StackFrame[];
  readonly locks: readonly DumpedLock[];
  readonly blockedById?: number | undefined;
  readonly carrierId?: number | undefined;
}

export function filedThread(thread: FiledThread, stacks: StackInterner): ThreadOfDump {
  const { javaId, name, locks } = thread;
  const frames = stacks.stackOf(thread.frames);
  return {
    name,
    pool: poolOf(name),
    identity: `#${javaId}`,
    javaId,
    osId: undefined,
    isDaemon: undefined,
    isVirtual: thread.isVirtual === true || isVirtualStack(thread.frames),
    isInternal: false,
    state: thread.state ?? stateOfStack(frames),
    stateDetail: undefined,
    cpuSeconds: undefined,
    elapsedSeconds: undefined,
    frames,
    locks,
    ownedSynchronizers: [],
    blockedById: thread.blockedById,
    carrierId: thread.carrierId,
  };
}

function isVirtualStack(frames: readonly StackFrame[]): boolean {
  return frames.at(-1)?.method === "java.lang.VirtualThread.run";
}

/** A thread of the JSON form. */
export function jsonThread(thread: JsonThread, stacks: StackInterner): ThreadOfDump {
  const { blockedOn, waitingOn, parkBlocker, ownedMonitors } = thread;
  const wanted: readonly (readonly [DumpedLock["relation"], string | undefined])[] = [
    ["waiting to lock", blockedOn],
    ["waiting on", waitingOn],
    ["parking", parkBlocker],
  ];
  const locks = [
    ...wanted.flatMap(([relation, id]) => (id === undefined ? [] : [lockOf(relation, id, 0)])),
    ...ownedMonitors.flatMap(({ object, depth }) => (object === undefined ? [] : [lockOf("locked", object, depth)])),
  ];
  return filedThread({ ...thread, locks, blockedById: thread.parkBlockerOwnerId }, stacks);
}

function lockOf(relation: DumpedLock["relation"], id: string, depth: number): DumpedLock {
  return { relation, id, className: classNameOf(id), depth };
}

/** Of `java.lang.Object@1e674466`. */
export function classNameOf(identity: string): string {
  const at = identity.lastIndexOf("@");
  return at < 0 ? identity : identity.slice(0, at);
}
