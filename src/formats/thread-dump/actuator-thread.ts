import type { DumpedLock, ThreadOfDump } from "../../model/thread-dump.ts";
import { poolOf } from "../../model/thread-pool.ts";
import type { StackFrame } from "../jcmd/stack-frame.ts";
import { threadStates } from "../jcmd/thread-header.ts";
import { classNameOf } from "./filed-thread.ts";
import type { StackInterner } from "./stack-interner.ts";
import { stateOfStack } from "./stack-state.ts";

type Json = Readonly<Record<string, unknown>>;
type Lock = Omit<DumpedLock, "relation" | "depth">;

/** A `ThreadInfo` of the JVM's MXBean, as Spring Boot's Actuator writes it: locks have owners, threads no processor time. */
export function actuatorThread(value: unknown, stacks: StackInterner): ThreadOfDump | undefined {
  const thread = recordOf(value);
  const javaId = numberOf(thread.threadId);
  if (javaId === undefined) return undefined;
  const name = textOf(thread.threadName) ?? "";
  const frames = stacks.stackOf(listOf(thread.stackTrace).map(frameOf));
  const state = threadStates.find((known) => known === thread.threadState) ?? stateOfStack(frames);
  const ownerId = numberOf(thread.lockOwnerId);
  return {
    name,
    pool: poolOf(name),
    identity: `#${javaId}`,
    javaId,
    osId: undefined,
    isDaemon: typeof thread.daemon === "boolean" ? thread.daemon : undefined,
    isVirtual: false,
    isInternal: false,
    state,
    stateDetail: undefined,
    cpuSeconds: undefined,
    elapsedSeconds: undefined,
    frames,
    locks: [...wantedLock(thread, state, frames[0]?.name), ...listOf(thread.lockedMonitors).map(monitorOf)],
    ownedSynchronizers: listOf(thread.lockedSynchronizers).map((lock) => lockOf(recordOf(lock))),
    blockedById: ownerId !== undefined && ownerId > 0 ? ownerId : undefined,
    carrierId: undefined,
  };
}

function wantedLock(thread: Json, state: string, top: string | undefined): readonly DumpedLock[] {
  const name = textOf(thread.lockName);
  if (!name) return [];
  const isParking = top?.endsWith(".park") === true;
  const relation = state === "BLOCKED" ? "waiting to lock" : isParking ? "parking" : "waiting on";
  return [{ relation, id: name, className: classNameOf(name), depth: 0 }];
}

function monitorOf(value: unknown): DumpedLock {
  const monitor = recordOf(value);
  return { relation: "locked", ...lockOf(monitor), depth: Math.max(0, numberOf(monitor.lockedStackDepth) ?? 0) };
}

/** `lockName` has the hash in hexadecimal digits. */
function lockOf(lock: Json): Lock {
  const className = textOf(lock.className);
  const hash = numberOf(lock.identityHashCode);
  return { id: hash === undefined ? undefined : `${className}@${hash.toString(16)}`, className };
}

function frameOf(value: unknown): StackFrame {
  const { className, methodName, fileName, lineNumber, nativeMethod, moduleName } = recordOf(value);
  const line = numberOf(lineNumber);
  return {
    method: `${textOf(className) ?? "?"}.${textOf(methodName) ?? "?"}`,
    module: textOf(moduleName),
    file: textOf(fileName),
    line: line !== undefined && line > 0 ? line : undefined,
    isNative: nativeMethod === true,
  };
}

function recordOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
