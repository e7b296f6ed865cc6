import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, Severity } from "../src/model/finding.ts";
import { formatCount } from "../src/model/format-number.ts";
import type { DumpedLock, ThreadDumpEvidence, ThreadOfDump } from "../src/model/thread-dump.ts";
import { activityOf, activityWords } from "./dump-activity.ts";
import { frameKey, shortFrame, topOwnFrame } from "./dump-frames.ts";
import { lockLabel, lockWords, type NameOptions, openName, threadLabel } from "./dump-labels.ts";
import { behind, type LockGraph, lockGraphOf } from "./dump-locks.ts";
import { countsOf, dumpDocs, listOf, stackEvidence, textEvidence } from "./dump-wording.ts";
import { lockTreeSection } from "./lock-tree.ts";
import { ownerlessLocks } from "./ownerless-locks.ts";
import { threadLimits } from "./thresholds-threads.ts";

/** Who holds up whom, and what the one at the root does meanwhile. */
export const threadBlocking: Analyzer<"threadDumps"> = {
  name: "thread-blocking",
  description: "threads behind a lock, with what its holder does meanwhile",
  needs: ["threadDumps"],
  analyze({ threadDumps }, options) {
    const graphs = threadDumps.dumps.map(lockGraphOf);
    const jams = jamsOf(graphs)
      .filter(isWorthTelling)
      .sort((a, b) => b.waiters.length - a.waiters.length)
      .slice(0, threadLimits.findings);
    const last = graphs.at(-1);
    return {
      findings: [...jams.map((jam) => findingOf(jam, threadDumps, options)), ...ownerlessLocks(graphs)],
      sections: last ? [lockTreeSection(last, options)] : [],
    };
  },
};

/** A holder with those behind it, in the dump where they are most. */
interface Jam {
  readonly key: string;
  readonly graph: LockGraph;
  readonly holder: ThreadOfDump;
  readonly waiters: readonly number[];
  readonly lock: DumpedLock;
  /** Dumps in which threads wait for such a holder there. */
  readonly dumps: number;
  /** It was one and the same thread, with one and the same stack, in all of them. */
  readonly isSameHolder: boolean;
}

function jamsOf(graphs: readonly LockGraph[]): readonly Jam[] {
  const jams = new Map<string, Jam>();
  for (const graph of graphs) {
    const inDump = new Map<string, Jam>();
    for (const root of rootsOf(graph)) {
      const jam = jamOf(graph, root);
      if (jam.waiters.length > (inDump.get(jam.key)?.waiters.length ?? 0)) inDump.set(jam.key, jam);
    }
    for (const jam of inDump.values()) jams.set(jam.key, merged(jams.get(jam.key), jam));
  }
  return [...jams.values()];
}

function merged(before: Jam | undefined, jam: Jam): Jam {
  if (!before) return jam;
  const bigger = jam.waiters.length >= before.waiters.length ? jam : before;
  const isSame = before.holder.identity === jam.holder.identity && before.holder.frames === jam.holder.frames;
  return { ...bigger, dumps: before.dumps + 1, isSameHolder: before.isSameHolder && isSame };
}

/** Holders that wait for no other holder themselves. */
function rootsOf({ waitersOf, waits }: LockGraph): readonly number[] {
  return [...waitersOf.keys()].filter((thread) => (waits.get(thread)?.holder ?? -1) < 0);
}

function jamOf(graph: LockGraph, root: number): Jam {
  const holder = graph.dump.threads[root]!;
  const waiters = behind(graph, root);
  const { lock } = graph.waits.get(graph.waitersOf.get(root)![0]!)!;
  const key = `${holder.pool}:${frameKey(topOwnFrame(holder.frames))}:${lockLabel(lock.className)}`;
  return { key, graph, holder, waiters, lock, dumps: 1, isSameHolder: true };
}

function isWorthTelling({ waiters, dumps, isSameHolder }: Jam): boolean {
  const limits = threadLimits.blocked;
  if (waiters.length >= limits.waiters) return true;
  return waiters.length >= limits.lastingWaiters && isSameHolder && dumps >= limits.lastingDumps;
}

function severityOf({ waiters, dumps, isSameHolder }: Jam): Severity {
  const limits = threadLimits.blocked;
  const isLasting = isSameHolder && dumps >= limits.lastingDumps;
  const isCritical =
    waiters.length >= limits.criticalWaitersAtOnce || (isLasting && waiters.length >= limits.criticalWaiters);
  return isCritical ? "critical" : "warning";
}

function findingOf(jam: Jam, { dumps }: ThreadDumpEvidence, options: NameOptions): Finding {
  const { holder, waiters, graph } = jam;
  const { threads } = graph.dump;
  const activity = activityOf(holder);
  const frame = topOwnFrame(holder.frames);
  const at = frame ? ` in ${shortFrame(frame)}` : "";
  const pools = countsOf(waiters.map((waiter) => threads[waiter]!.pool));
  const places = countsOf(waiters.map((waiter) => placeOf(threads[waiter]!)));
  return {
    rule: "threads/blocked-behind",
    key: `threads/blocked-behind:${jam.key}`,
    severity: severityOf(jam),
    score: Math.min(100, waiters.length),
    title: `${formatCount(waiters.length)} threads wait behind \`${threadLabel(holder, options)}\`, which has ${lockWords(jam.lock)} and ${activityWords[activity]}${at}`,
    impact: { value: waiters.length, unit: "count" },
    evidence: [
      textEvidence(
        "waiting",
        listOf(
          pools.map(([pool, count]) => `${formatCount(count)} of ${openName(pool)}`),
          3,
        ),
        "sections.lockTree",
      ),
      textEvidence(
        "where",
        listOf(
          places.map(([place, count]) => `${place} ×${formatCount(count)}`),
          2,
        ),
        "sections.lockTree",
      ),
      ...stackEvidence(holder.frames, "stack of the holder"),
      ...(dumps.length > 1 ? [textEvidence("seen", seenIn(jam, dumps.length), "the series")] : []),
    ],
    advice: adviceOf(activity, jam),
    docs: dumpDocs,
  };
}

function placeOf({ frames }: ThreadOfDump): string {
  const frame = topOwnFrame(frames);
  return frame ? shortFrame(frame) : "no frames";
}

function seenIn({ dumps, isSameHolder }: Jam, all: number): string {
  const who =
    dumps < 2 ? "" : isSameHolder ? ", the same thread has not moved" : ", by different threads or at different lines";
  return `in ${dumps} of ${all} dumps${who}`;
}

function adviceOf(activity: ReturnType<typeof activityOf>, { lock: { className }, isSameHolder, dumps }: Jam): string {
  const lock = lockLabel(className);
  if (activity === "running" || activity === "native code") {
    return dumps > 1 && !isSameHolder
      ? `Everyone passes through \`${lock}\`: make what it guards shorter, or split it so that not all threads need the same one.`
      : `Find out what the holder computes while it has \`${lock}\`, and do that before or after; take more dumps to see whether it moves on.`;
  }
  if (activity === "fsync" || activity.startsWith("file")) {
    return `Do the disk's work outside of \`${lock}\`: hand over a batch under the lock and write or sync it without; then look at how slow the disk is.`;
  }
  if (activity.startsWith("socket") || activity === "connect" || activity === "name lookup") {
    return `Do not talk to the network while holding \`${lock}\`; give the call a timeout, and take the lock for the result only.`;
  }
  return `The holder keeps \`${lock}\` while it waits for something else: let it wait without the lock.`;
}
