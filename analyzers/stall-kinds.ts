import type { StackTable } from "../src/model/profile.ts";
import { frameNamesOf } from "../src/stacks/stack-totals.ts";

/** Why a thread stood still. From `sleep` on it may well have had nothing better to do. */
export const stallKinds = [
  "fsync",
  "file-read",
  "file-write",
  "socket-read",
  "socket-write",
  "monitor",
  "lock",
  "queue",
  "alloc-stall",
  "sleep",
  "wait",
  "idle",
] as const;
export type StallKind = (typeof stallKinds)[number];

/** As a verdict words it. */
export const stallWords: Readonly<Record<StallKind, string>> = {
  fsync: "fsync",
  "file-read": "reading files",
  "file-write": "writing files",
  "socket-read": "waiting for the network",
  "socket-write": "sending to the network",
  monitor: "waiting for a monitor",
  lock: "waiting for a lock",
  queue: "waiting for room in a queue",
  "alloc-stall": "waiting for memory",
  sleep: "sleeping",
  wait: "waiting for other threads",
  idle: "idle",
};

/** Types of events that stalls are read from, by what they are. */
export const stallEvents: Readonly<Record<StallKind, readonly string[]>> = {
  fsync: ["jdk.FileForce"],
  "file-read": ["jdk.FileRead"],
  "file-write": ["jdk.FileWrite"],
  "socket-read": ["jdk.SocketRead"],
  "socket-write": ["jdk.SocketWrite"],
  monitor: ["jdk.JavaMonitorEnter"],
  lock: ["jdk.ThreadPark"],
  queue: ["jdk.ThreadPark"],
  "alloc-stall": ["jdk.ZAllocationStall"],
  sleep: ["jdk.ThreadSleep"],
  wait: ["jdk.ThreadPark"],
  idle: ["jdk.ThreadPark", "jdk.JavaMonitorWait", "jdk.SocketRead"],
};

/** Whether work stood still, and not only a thread. */
export function isStall(kind: number): boolean {
  return kind < stallKinds.indexOf("sleep");
}

/** Frames near the leaf that tell what a parked thread waits for; beyond them are its callers. */
const framesThatTell = 24;

const lockClass = /(Lock\$(Nonfair|Fair)?Sync|StampedLock)$/;
const lockFrame = /^java\.util\.concurrent\.locks\.StampedLock\.acquire/;
const idleFrame =
  /^java\.util\.concurrent\.(ThreadPoolExecutor\.getTask|ForkJoinPool\.(awaitWork|awaitQuiescence|runWorker)|ScheduledThreadPoolExecutor\$DelayedWorkQueue\.|DelayQueue\.|\w*(Queue|Deque)(\$\w+)?\.(take\w*|poll\w*|xfer|transfer|await\w*))/;
const queueFrame =
  /^java\.util\.concurrent\.((\w*(Blocking|Transfer|Synchronous)\w*|ArrayBlockingQueue)\.(put\w*|offer\w*)|Semaphore\.acquire)/;
const waitFrame =
  /^(java\.util\.concurrent\.(FutureTask\.(get|awaitDone)|CompletableFuture\.(get|join|waitingGet|timedGet)|CountDownLatch\.await|CyclicBarrier\.|Semaphore\.tryAcquire|Phaser\.|Exchanger\.|ForkJoinTask\.)|java\.lang\.(Thread|VirtualThread)\.join)/;

/** By stack of `jdk.ThreadPark`: idle workers wait for work, producers for room, callers for a result, others for a lock. */
export function parkKindOf(stacks: StackTable, stack: number, parkedClass: string): StallKind {
  if (lockClass.test(parkedClass)) return "lock";
  const names = stack < 0 ? [] : frameNamesOf(stacks, stack).slice(0, framesThatTell);
  for (const name of names) {
    if (lockFrame.test(name)) return "lock";
    if (queueFrame.test(name)) return "queue";
    if (idleFrame.test(name)) return "idle";
    if (waitFrame.test(name)) return "wait";
  }
  return "idle";
}
