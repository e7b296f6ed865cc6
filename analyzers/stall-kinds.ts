import type { StackTable } from "../src/model/profile.ts";

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

const lock = stallKinds.indexOf("lock");
const idle = stallKinds.indexOf("idle");

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

/** Whether a thread that is parked for an object of this class waits for a lock. */
export function isLockClass(parkedClass: string): boolean {
  return lockClass.test(parkedClass);
}

/**
 * By stack, what a thread that is parked there stands still for, as an index into `stallKinds`: idle workers wait for work, producers
 * for room, callers for a result, others for a lock. Callers precede callees, so one pass hands on what the nearest telling frame says.
 */
export function parkKindsOf({ frameNames, stackFrame, stackCaller }: StackTable): Uint8Array {
  const told = Int8Array.from(frameNames, toldByFrame);
  const kind = new Uint8Array(stackFrame.length).fill(idle);
  /** Frames that are left, above a stack, for which what its frames tell counts. */
  const reach = new Uint8Array(stackFrame.length);
  for (let stack = 0; stack < stackFrame.length; stack++) {
    const own = told[stackFrame[stack]!]!;
    const caller = stackCaller[stack]!;
    if (own >= 0) {
      kind[stack] = own;
      reach[stack] = framesThatTell - 1;
    } else if (caller >= 0 && reach[caller]! > 0) {
      kind[stack] = kind[caller]!;
      reach[stack] = reach[caller]! - 1;
    }
  }
  return kind;
}

/** Index into `stallKinds`, −1 when the frame tells nothing. */
function toldByFrame(name: string): number {
  if (!/^java\.(util\.concurrent|lang)\./.test(name)) return -1;
  if (lockFrame.test(name)) return lock;
  if (queueFrame.test(name)) return stallKinds.indexOf("queue");
  if (idleFrame.test(name)) return idle;
  return waitFrame.test(name) ? stallKinds.indexOf("wait") : -1;
}
