import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatNumberOf } from "../src/model/format-number.ts";
import type { DumpedLock, ThreadDumpEvidence, ThreadDumpSnapshot } from "../src/model/thread-dump.ts";
import { poolOf } from "../src/model/thread-pool.ts";
import { isLockClass } from "./dump-activity.ts";
import { frameKey, shortFrame, topOwnFrame } from "./dump-frames.ts";
import { lockWords, type NameOptions, openName, threadLabel } from "./dump-labels.ts";
import { type LockGraph, lockGraphOf } from "./dump-locks.ts";
import { dumpDocs, listOf, textEvidence } from "./dump-wording.ts";

/** Threads that wait for each other for ever. */
export const threadDeadlocks: Analyzer<"threadDumps"> = {
  name: "thread-deadlocks",
  description: "deadlocks that the JVM reports, and those that only the stacks show",
  needs: ["threadDumps"],
  analyze({ threadDumps }, options) {
    return { findings: deadlocksOf(threadDumps).map((each) => findingOf(each, threadDumps, options)), sections: [] };
  },
};

/** A deadlock of the last dump. */
export interface DumpDeadlock {
  readonly members: readonly Member[];
  readonly isReported: boolean;
  /** Threads outside of it that wait for one that is in it. */
  readonly waiters: number;
  /** Of the class that they wait to be initialised, where that is what they wait for. */
  readonly isOfClasses: boolean;
}

interface Member {
  /** The thread in the dump; undefined where only the JVM's report names it. */
  readonly thread: ThreadDumpSnapshot["threads"][number] | undefined;
  readonly name: string;
  readonly lock: Pick<DumpedLock, "relation" | "className"> | undefined;
}

/** A deadlock does not go away, so the last dump has them all. */
export function deadlocksOf({ dumps }: ThreadDumpEvidence): readonly DumpDeadlock[] {
  const last = dumps.at(-1);
  if (!last) return [];
  const graph = lockGraphOf(last);
  const found = graph.circles.map((circle) => foundDeadlock(graph, circle));
  const known = new Set(found.map(namesKey));
  const reported = last.reportedDeadlocks
    .filter(({ length }) => length > 0)
    .map((waiters) => reportedDeadlock(last, waiters));
  return [...found, ...reported.filter((deadlock) => !known.has(namesKey(deadlock)))];
}

function namesKey({ members }: DumpDeadlock): string {
  return members
    .map(({ name }) => name)
    .sort()
    .join("\n");
}

function foundDeadlock(graph: LockGraph, circle: readonly number[]): DumpDeadlock {
  const { threads, reportedDeadlocks } = graph.dump;
  const members = circle.map((index) => ({
    thread: threads[index]!,
    name: threads[index]!.name,
    lock: graph.waits.get(index)?.lock,
  }));
  const names = new Set(members.map(({ name }) => name));
  return {
    members,
    isReported: reportedDeadlocks.some(
      (waiters) => waiters.length === names.size && waiters.every(({ name }) => names.has(name)),
    ),
    waiters: waitersAround(graph, circle),
    isOfClasses: circle.every((index) => graph.waits.get(index)?.lock.relation === "class initialization"),
  };
}

function waitersAround({ waitersOf }: LockGraph, circle: readonly number[]): number {
  const seen = new Set(circle);
  const queue = [...circle];
  for (let at = 0; at < queue.length; at++) {
    for (const waiter of waitersOf.get(queue[at]!) ?? []) {
      if (seen.has(waiter)) continue;
      seen.add(waiter);
      queue.push(waiter);
    }
  }
  return queue.length - circle.length;
}

function reportedDeadlock(
  { threads }: ThreadDumpSnapshot,
  waiters: ThreadDumpSnapshot["reportedDeadlocks"][number],
): DumpDeadlock {
  return {
    members: waiters.map(({ name, lock }) => ({
      thread: threads.find((thread) => thread.name === name),
      name,
      lock: lock && {
        relation: isLockClass(lock.className) ? ("parking" as const) : ("waiting to lock" as const),
        className: lock.className,
      },
    })),
    isReported: true,
    waiters: 0,
    isOfClasses: false,
  };
}

function findingOf(deadlock: DumpDeadlock, evidence: ThreadDumpEvidence, options: NameOptions): Finding {
  const { members, waiters } = deadlock;
  const labels = members.map((member) => `\`${labelOf(member, options)}\``);
  const behind =
    waiters > 0 ? `; ${formatNumberOf(waiters, "other thread")} wait${waiters === 1 ? "s" : ""} behind them` : "";
  return {
    rule: "threads/deadlock",
    key: `threads/deadlock:${keyOf(members)}`,
    severity: "critical",
    score: 100,
    title: `Deadlock: ${listOf(labels, 4)} wait for each other for ever${behind}`,
    impact: { value: members.length + waiters, unit: "count" },
    evidence: [
      ...memberEvidence(members, options),
      textEvidence("found", foundBy(deadlock), "owners and waiters"),
      ...sinceEvidence(deadlock, evidence),
    ],
    advice: deadlock.isOfClasses
      ? "Break the circle of static initialisers: one of these classes must not use the other while it is initialised. Only a restart frees the threads."
      : "Let all code take these locks in one order, or give up with tryLock and a timeout. Only a restart frees the threads.",
    docs: dumpDocs,
  };
}

/** A dump in a file has no place for the JVM's own report. */
function foundBy({ isReported, members }: DumpDeadlock): string {
  if (isReported) return "by the JVM, and in the stacks";
  const isPrinted = members.some(({ thread }) => thread?.osId !== undefined);
  return isPrinted ? "in the stacks; the JVM does not report it" : "in the stacks";
}

function memberEvidence(members: readonly Member[], options: NameOptions): readonly FindingEvidence[] {
  return members.slice(0, 8).map((member, index) => {
    const { thread, lock } = member;
    const next = members[(index + 1) % members.length]!;
    const frame = thread && topOwnFrame(thread.frames);
    const what = lock ? lockWords(lock) : "what";
    const text = `\`${labelOf(member, options)}\` waits for ${what}, which \`${labelOf(next, options)}\` has${frame ? `, at ${shortFrame(frame)}` : ""}`;
    return textEvidence(index === 0 ? "circle" : "", text, "sections.lockTree");
  });
}

/** In how many dumps of a series its threads stand as they do. */
function sinceEvidence({ members }: DumpDeadlock, { dumps }: ThreadDumpEvidence): readonly FindingEvidence[] {
  const [thread] = members.flatMap((member) => member.thread ?? []);
  if (dumps.length < 2 || thread?.identity === undefined) return [];
  const stands = dumps.filter(({ threads }) =>
    threads.some(({ identity, frames }) => identity === thread.identity && frames === thread.frames),
  ).length;
  return [textEvidence("seen", `in ${stands} of ${dumps.length} dumps`, "the series")];
}

function labelOf({ thread, name }: Member, options: NameOptions): string {
  if (thread) return threadLabel(thread, options);
  return options.showValues ? name : openName(name);
}

function keyOf(members: readonly Member[]): string {
  return members
    .map(({ name, thread }) => `${poolOf(name)}@${frameKey(thread && topOwnFrame(thread.frames))}`)
    .sort()
    .join("+");
}
