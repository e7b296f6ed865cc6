import type { DumpedLock, ThreadDumpSnapshot, ThreadOfDump } from "../src/model/thread-dump.ts";

/** A thread that waits for a lock. */
export interface LockWait {
  readonly lock: DumpedLock;
  /** Thread that has it; −1 where the dump does not tell. */
  readonly holder: number;
}

/** Who waits for whom in one dump; threads are indexes into its `threads`. */
export interface LockGraph {
  readonly dump: ThreadDumpSnapshot;
  /** By thread. */
  readonly waits: ReadonlyMap<number, LockWait>;
  /** Threads that wait for what a thread has, by that thread. */
  readonly waitersOf: ReadonlyMap<number, readonly number[]>;
  /** Threads in a circle: each waits for the next, the last for the first. */
  readonly circles: readonly (readonly number[])[];
}

/** From the locks that frames have and want, the owners of `java.util.concurrent` locks, and initialisers of classes. */
export function lockGraphOf(dump: ThreadDumpSnapshot): LockGraph {
  const waits = waitsOf(dump);
  const waitersOf = new Map<number, number[]>();
  for (const [waiter, { holder }] of waits) {
    if (holder < 0) continue;
    const waiters = waitersOf.get(holder) ?? [];
    waitersOf.set(holder, waiters);
    waiters.push(waiter);
  }
  return { dump, waits, waitersOf, circles: circlesOf(waits) };
}

function waitsOf({ threads }: ThreadDumpSnapshot): ReadonlyMap<number, LockWait> {
  const owners = ownersOf(threads);
  const byId = new Map(
    threads.flatMap(({ javaId }, index) => (javaId === undefined ? [] : [[javaId, index] as const])),
  );
  const waits = new Map<number, LockWait>();
  for (const [index, thread] of threads.entries()) {
    const lock = wantedOf(thread);
    if (!lock) continue;
    const told = thread.blockedById === undefined ? undefined : byId.get(thread.blockedById);
    const holder = told ?? owners.get(ownerKey(lock)) ?? -1;
    if (holder !== index) waits.set(index, { lock, holder });
  }
  return waits;
}

/** One that waits to be notified has no owner to wait for; one that parks may. */
function wantedOf({ locks, state }: ThreadOfDump): DumpedLock | undefined {
  const lock = locks.find(({ relation }) => relation !== "locked" && relation !== "waiting on");
  if (lock) return lock;
  return state === "BLOCKED" ? locks.find(({ relation }) => relation === "waiting on") : undefined;
}

function ownerKey({ relation, id }: DumpedLock): string {
  return relation === "class initialization" ? `${id}.<clinit>` : (id ?? "");
}

function ownersOf(threads: readonly ThreadOfDump[]): ReadonlyMap<string, number> {
  const owners = new Map<string, number>();
  for (const [index, thread] of threads.entries()) {
    for (const id of heldBy(thread)) owners.set(id, index);
    for (const { name } of thread.frames) {
      if (name.endsWith(".<clinit>") && !owners.has(name)) owners.set(name, index);
    }
  }
  return owners;
}

/** A monitor in which the thread waits, or which it waits for, is printed as locked below; it does not have it then. */
function heldBy({ locks, ownedSynchronizers }: ThreadOfDump): readonly string[] {
  const wanted = new Set(locks.flatMap(({ relation, id }) => (relation === "locked" ? [] : [id])));
  const monitors = locks.filter(({ relation, id }) => relation === "locked" && !wanted.has(id));
  return [...monitors, ...ownedSynchronizers].flatMap(({ id }) => id ?? []);
}

/** Every thread waits for one other at most, so each walk ends in a circle or at a thread that waits for none. */
function circlesOf(waits: ReadonlyMap<number, LockWait>): readonly (readonly number[])[] {
  const walkOf = new Map<number, number>();
  const circles: (readonly number[])[] = [];
  for (const start of waits.keys()) {
    let thread = start;
    while (!walkOf.has(thread) && waits.has(thread)) {
      walkOf.set(thread, start);
      thread = waits.get(thread)!.holder;
    }
    if (walkOf.get(thread) === start && waits.has(thread)) circles.push(circleFrom(waits, thread));
  }
  return circles;
}

function circleFrom(waits: ReadonlyMap<number, LockWait>, start: number): readonly number[] {
  const circle = [start];
  for (let next = waits.get(start)!.holder; next !== start; next = waits.get(next)!.holder) circle.push(next);
  return circle;
}

/** All that wait for the thread, directly or behind others, each once. */
export function behind({ waitersOf }: LockGraph, thread: number): readonly number[] {
  const seen = new Set([thread]);
  const found: number[] = [];
  for (const waiter of waitersOf.get(thread) ?? []) found.push(waiter);
  for (const waiter of found) seen.add(waiter);
  for (let at = 0; at < found.length; at++) {
    for (const waiter of waitersOf.get(found[at]!) ?? []) {
      if (seen.has(waiter)) continue;
      seen.add(waiter);
      found.push(waiter);
    }
  }
  return found;
}
