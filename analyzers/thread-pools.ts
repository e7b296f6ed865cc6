import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatCount } from "../src/model/format-number.ts";
import type { Section } from "../src/model/section.ts";
import type { ThreadDumpSnapshot, ThreadOfDump } from "../src/model/thread-dump.ts";
import type { Activity } from "./dump-activity.ts";
import { frameKey, methodLabel, shortFrame, topOwnFrame } from "./dump-frames.ts";
import { openName } from "./dump-labels.ts";
import { isHousekeeping, isIdle, waitOf } from "./dump-waits.ts";
import { countsOf, dumpDocs, stackEvidence, textEvidence } from "./dump-wording.ts";
import { threadLimits } from "./thresholds-threads.ts";

/** Threads by pool, and pools that have no thread left because all wait for the same thing. */
export const threadPools: Analyzer<"threadDumps"> = {
  name: "thread-pools",
  description: "pools by state; those whose threads all wait in one place",
  needs: ["threadDumps"],
  analyze({ threadDumps: { dumps } }, options) {
    const pools = dumps.map(poolsOf);
    const last = dumps.at(-1);
    const full = (pools.at(-1) ?? []).flatMap((pool) => {
      const crowd = crowdOf(pool);
      if (!crowd) return [];
      const seen = pools.filter((each) =>
        each.some((other) => other.name === pool.name && crowdOf(other)?.key === crowd.key),
      );
      return [findingOf(crowd, { dumps: seen.length, all: dumps.length })];
    });
    return {
      findings: full.slice(0, threadLimits.findings),
      sections: last ? [sectionOf(last, pools.at(-1)!, options)] : [],
    };
  },
};

interface Pool {
  readonly name: string;
  readonly members: readonly ThreadOfDump[];
}

/** Platform threads that run the program. */
function poolsOf({ threads }: ThreadDumpSnapshot): readonly Pool[] {
  const members = threads.filter((thread) => !isHousekeeping(thread) && !thread.isVirtual);
  return [...Map.groupBy(members, ({ pool }) => pool)].map(([name, each]) => ({ name, members: each }));
}

interface Crowd {
  readonly pool: Pool;
  readonly key: string;
  readonly words: string;
  readonly members: readonly ThreadOfDump[];
}

/** The threads of a pool that wait in one place, if they are nearly all of it and the rest is busy too. */
function crowdOf(pool: Pool): Crowd | undefined {
  const limits = threadLimits.pool;
  if (pool.members.length < limits.threads || pool.members.some(isIdle)) return undefined;
  const waits = pool.members.map((thread) => {
    const wait = waitOf(thread);
    return (
      wait && !isForLock(wait.activity) && { thread, words: wait.words, key: `${wait.words} ${frameKey(wait.frame)}` }
    );
  });
  const groups = Map.groupBy(
    waits.flatMap((wait) => wait || []),
    ({ key }) => key,
  );
  const biggest = [...groups.values()].find(({ length }) => length >= limits.share * pool.members.length);
  const [first] = biggest ?? [];
  if (!biggest || !first) return undefined;
  return { pool, key: first.key, words: first.words, members: biggest.map(({ thread }) => thread) };
}

/** Threads behind a lock are told of with its holder. */
function isForLock(activity: Activity): boolean {
  return activity === "monitor" || activity === "lock" || activity === "class initialization";
}

/** Threads that a finding about their pool tells of. */
export function exhaustedThreads(dump: ThreadDumpSnapshot): ReadonlySet<ThreadOfDump> {
  return new Set(poolsOf(dump).flatMap((pool) => crowdOf(pool)?.members ?? []));
}

function findingOf(crowd: Crowd, { dumps, all }: { readonly dumps: number; readonly all: number }): Finding {
  const { pool, words, members } = crowd;
  const [first] = members;
  const frame = topOwnFrame(first!.frames);
  const share =
    members.length === pool.members.length
      ? `All ${formatCount(members.length)}`
      : `${formatCount(members.length)} of ${formatCount(pool.members.length)}`;
  return {
    rule: "threads/pool-exhausted",
    key: `threads/pool-exhausted:${pool.name}:${frameKey(frame)}`,
    severity: dumps >= threadLimits.pool.criticalDumps ? "critical" : "warning",
    score: Math.min(100, 40 + members.length),
    title: `${share} threads of \`${openName(pool.name)}\` ${words}${frame ? ` in ${shortFrame(frame)}` : ""}: none is left for work`,
    impact: { value: members.length, unit: "count" },
    evidence: [
      ...stackEvidence(first!.frames, "sections.stacks"),
      ...(all > 1 ? [textEvidence("seen", `in ${dumps} of ${all} dumps`, "the series")] : []),
    ],
    advice: adviceOf(words),
    docs: dumpDocs,
  };
}

function adviceOf(words: string): string {
  if (words.includes("connection of the pool")) {
    return "Look at who has the connections and does not give them back: a leak, slow queries, or a transaction that holds one while it calls elsewhere. More threads than connections only wait; give borrowing a timeout.";
  }
  if (words.includes("permit")) {
    return "Find who has the permits and does not give them back: a path without a release in finally, or work that takes too long while it has one.";
  }
  if (words.includes("result of another task")) {
    return "If those tasks run in this same pool, they can never start: run them in another one, or do not wait for them. Else see what the other pool does.";
  }
  if (/HTTP|database|socket/.test(words)) {
    return "Give these calls a timeout that is shorter than the callers' patience, and let fewer threads than the whole pool make them at once.";
  }
  if (/disk|file/.test(words))
    return "Look at the disk under these files: its latency and queue; more threads will not make it faster.";
  return "Find out what would wake them and why it does not come; work that arrives now waits until it does.";
}

function sectionOf(dump: ThreadDumpSnapshot, pools: readonly Pool[], options: AnalysisOptions): Section {
  const rows = pools.map(rowOf).sort((a, b) => b.busy - a.busy || b.threads - a.threads || (a.pool < b.pool ? -1 : 1));
  const virtual = dump.threads.filter(({ isVirtual }) => isVirtual).length;
  return {
    name: "threadPools",
    title: "Pools of threads",
    data: {
      pools: rows.slice(0, threadLimits.rows.pools),
      omittedPools: Math.max(0, rows.length - threadLimits.rows.pools),
    },
    tables: [
      {
        title: "Pools of threads, busy ones first",
        columns: [
          { title: "pool", kind: "text" },
          { title: "threads", kind: "count" },
          { title: "busy", kind: "count" },
          { title: "blocked", kind: "count" },
          { title: "CPU since start", kind: "seconds" },
          { title: "most at", kind: "text" },
        ],
        rows: rows
          .slice(0, options.top)
          .map(({ pool, threads, busy, states, cpuSeconds, mostAt }) => [
            pool,
            threads,
            busy,
            states.BLOCKED ?? 0,
            cpuSeconds,
            mostAt,
          ]),
        omittedRows: Math.max(0, rows.length - options.top),
        note: `busy: not waiting for work; without the JVM's own threads; of the last dump${virtual > 0 ? `; virtual threads (${formatCount(virtual)}) are in sections.threadDump` : ""}`,
      },
    ],
    blocks: [],
    shownByDefault: true,
  };
}

interface PoolRow {
  readonly pool: string;
  readonly threads: number;
  readonly busy: number;
  readonly states: Readonly<Record<string, number>>;
  readonly cpuSeconds: number | null;
  readonly mostAt: string;
}

function rowOf({ name, members }: Pool): PoolRow {
  const busy = members.filter((thread) => !isIdle(thread));
  const places = countsOf((busy.length > 0 ? busy : members).map(placeOf));
  const cpu = members.flatMap(({ cpuSeconds }) => cpuSeconds ?? []);
  return {
    pool: openName(name),
    threads: members.length,
    busy: busy.length,
    states: Object.fromEntries(countsOf(members.map(({ state }) => state))),
    cpuSeconds: cpu.length === 0 ? null : cpu.reduce((sum, seconds) => sum + seconds, 0),
    mostAt: `${busy.length === 0 ? "idle: " : ""}${places[0]?.[0] ?? ""}`,
  };
}

function placeOf({ frames }: ThreadOfDump): string {
  const frame = topOwnFrame(frames);
  return frame ? methodLabel(frame) : "no frames";
}
