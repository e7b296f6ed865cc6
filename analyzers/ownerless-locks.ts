import type { Finding } from "../src/model/finding.ts";
import { formatCount } from "../src/model/format-number.ts";
import type { ThreadOfDump } from "../src/model/thread-dump.ts";
import { isLockClass } from "./dump-activity.ts";
import { frameKey, shortFrame, topOwnFrame } from "./dump-frames.ts";
import { lockLabel, openName } from "./dump-labels.ts";
import type { LockGraph } from "./dump-locks.ts";
import { countsOf, dumpDocs, listOf, textEvidence } from "./dump-wording.ts";
import { threadLimits } from "./thresholds-threads.ts";

interface Crowd {
  readonly key: string;
  readonly className: string | undefined;
  readonly isMonitor: boolean;
  readonly waiters: readonly ThreadOfDump[];
  readonly dumps: number;
}

/** Many threads that wait for one lock of which the dump does not tell the owner. */
export function ownerlessLocks(graphs: readonly LockGraph[]): readonly Finding[] {
  const crowds = new Map<string, Crowd>();
  for (const crowd of graphs.flatMap(crowdsOf)) {
    const before = crowds.get(crowd.key);
    const bigger = before && before.waiters.length > crowd.waiters.length ? before : crowd;
    crowds.set(crowd.key, { ...bigger, dumps: (before?.dumps ?? 0) + 1 });
  }
  return [...crowds.values()]
    .sort((a, b) => b.waiters.length - a.waiters.length)
    .slice(0, threadLimits.findings)
    .map((crowd) => findingOf(crowd, graphs.length));
}

function crowdsOf({ dump, waits }: LockGraph): readonly Crowd[] {
  const byLock = new Map<string, number[]>();
  for (const [waiter, { lock, holder }] of waits) {
    if (holder >= 0 || lock.id === undefined) continue;
    if (lock.relation === "parking" && !isLockClass(lock.className)) continue;
    const waiters = byLock.get(lock.id) ?? [];
    byLock.set(lock.id, waiters);
    waiters.push(waiter);
  }
  return [...byLock.values()]
    .filter(({ length }) => length >= threadLimits.blocked.waiters)
    .map((indexes) => {
      const { lock } = waits.get(indexes[0]!)!;
      const waiters = indexes.map((index) => dump.threads[index]!);
      const key = `${lockLabel(lock.className)}:${frameKey(topOwnFrame(waiters[0]!.frames))}`;
      return { key, className: lock.className, isMonitor: lock.relation !== "parking", waiters, dumps: 1 };
    });
}

function findingOf({ key, className, isMonitor, waiters, dumps }: Crowd, all: number): Finding {
  const places = countsOf(
    waiters.map(({ frames }) => {
      const frame = topOwnFrame(frames);
      return frame ? shortFrame(frame) : "no frames";
    }),
  );
  const pools = countsOf(waiters.map(({ pool }) => pool));
  return {
    rule: "threads/blocked-behind",
    key: `threads/blocked-behind:${key}`,
    severity: "warning",
    score: Math.min(100, waiters.length),
    title: `${formatCount(waiters.length)} threads wait for ${isMonitor ? "the monitor of one " : "one "}\`${lockLabel(className)}\` in ${places[0]?.[0]}; the dump does not tell who has it`,
    impact: { value: waiters.length, unit: "count" },
    evidence: [
      textEvidence(
        "waiting",
        listOf(
          pools.map(([pool, count]) => `${formatCount(count)} of ${openName(pool)}`),
          3,
        ),
        "sections.stacks",
      ),
      ...(places.length > 1
        ? [
            textEvidence(
              "where",
              listOf(
                places.map(([place, count]) => `${place} ×${formatCount(count)}`),
                3,
              ),
              "sections.stacks",
            ),
          ]
        : []),
      ...(all > 1 ? [textEvidence("seen", `in ${dumps} of ${all} dumps`, "the series")] : []),
    ],
    advice: isMonitor
      ? "Take two more dumps some seconds apart: the monitor was being handed over, or native code has it."
      : "Take the dump with `jcmd <pid> Thread.print -l` or `jstack -l`: only then the JVM lists owners of such locks; one that is held for reading has none.",
    docs: dumpDocs,
  };
}
