import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatCount, formatNumberOf } from "../src/model/format-number.ts";
import type { ThreadDumpEvidence, ThreadOfDump } from "../src/model/thread-dump.ts";
import { type Activity, activityOf, activityWords } from "./dump-activity.ts";
import { frameKey, shortFrame, topOwnFrame } from "./dump-frames.ts";
import { type NameOptions, openName, threadLabel } from "./dump-labels.ts";
import { lockGraphOf } from "./dump-locks.ts";
import { secondsSince, type ThreadTrack, tracksOf } from "./dump-series.ts";
import { isIdle, waitOf } from "./dump-waits.ts";
import { countsOf, dumpDocs, formatDuration, listOf, stackEvidence, textEvidence } from "./dump-wording.ts";
import { exhaustedThreads } from "./thread-pools.ts";
import { threadLimits } from "./thresholds-threads.ts";

/** Threads that stand in the same place in every dump although they have work. */
export const threadStuck: Analyzer<"threadDumps"> = {
  name: "thread-stuck",
  description: "threads that do not move between dumps while they are at work",
  needs: ["threadDumps"],
  analyze({ threadDumps }, options) {
    const { dumps } = threadDumps;
    if (dumps.length < threadLimits.stuck.dumps) return { findings: [], sections: [] };
    return { findings: stuckOf(threadDumps).flatMap((each) => findingOf(each, options)), sections: [] };
  },
};

interface Stuck {
  readonly members: readonly ThreadOfDump[];
  readonly activity: Activity;
  /** The fewest dumps that any of them has not moved in. */
  readonly dumps: number;
  readonly allDumps: number;
  readonly seconds: number | undefined;
  /** They used the processor between the dumps: they came back to the same place. */
  readonly isRepeated: boolean;
}

/** Those behind a holder that the dump names are told of with it, and so are holders, and pools that are exhausted. */
function stuckOf({ dumps }: ThreadDumpEvidence): readonly Stuck[] {
  const last = dumps.at(-1)!;
  const { waits, waitersOf } = lockGraphOf(last);
  const exhausted = exhaustedThreads(last);
  const isTold = ({ last: thread }: ThreadTrack, index: number) =>
    exhausted.has(thread) || (waits.get(index)?.holder ?? -1) >= 0 || (waitersOf.get(index)?.length ?? 0) > 1;
  const stuck = tracksOf(dumps).filter((track, index) => isStuck(track) && !isTold(track, index));
  const groups = Map.groupBy(
    stuck,
    ({ last: { frames, pool } }) => `${pool} ${frameKey(topOwnFrame(frames))} ${frameKey(frames[0])}`,
  );
  const biggest = [...groups.values()].sort((a, b) => b.length - a.length).slice(0, threadLimits.findings);
  return biggest.map((tracks) => {
    const unmoved = tracks.reduce((least, track) => Math.min(least, track.unmovedDumps), dumps.length);
    return {
      members: tracks.map((track) => track.last),
      activity: activityOf(tracks[0]!.last),
      dumps: unmoved,
      allDumps: dumps.length,
      seconds: secondsSince(dumps, dumps.length - unmoved),
      isRepeated: tracks.some(({ cpu }) => (cpu?.cpuSeconds ?? 0) >= threadLimits.stuck.cpuSeconds),
    };
  });
}

/** One that used the processor moved, although each dump found it in the same line. */
function isStuck({ unmovedDumps, cpu, last }: ThreadTrack): boolean {
  if (unmovedDumps < threadLimits.stuck.dumps || isIdle(last) || last.isVirtual) return false;
  const usedShare = cpu === undefined ? 0 : cpu.cpuSeconds / cpu.wallSeconds;
  return usedShare < threadLimits.hotShare && activityOf(last) !== "running";
}

function findingOf(stuck: Stuck, options: NameOptions): readonly Finding[] {
  const { members, activity, seconds, isRepeated } = stuck;
  const limits = threadLimits.stuck;
  if (seconds !== undefined && seconds < limits.seconds) return [];
  const [first] = members;
  const frame = topOwnFrame(first!.frames);
  return [
    {
      rule: "threads/stuck",
      key: `threads/stuck:${first!.pool}:${frameKey(frame)}:${activity}`,
      severity: !isRepeated && (isSuspicious(activity) || members.length >= limits.threads) ? "warning" : "info",
      score: Math.min(90, 30 + members.length),
      title: `${titleOf(stuck, options)}${frame ? ` in ${shortFrame(frame)}` : ""}`,
      impact: { value: members.length, unit: "count" },
      evidence: evidenceOf(stuck, options),
      advice: isRepeated
        ? "It is at work, and most of it is this call: make the call rarer, bigger or faster, or give it to more threads."
        : adviceOf(activity),
      docs: dumpDocs,
    },
  ];
}

function titleOf({ members, activity, dumps, seconds, isRepeated }: Stuck, options: NameOptions): string {
  const [first] = members;
  const words = waitOf(first!)?.words;
  const span = seconds === undefined ? `in ${dumps} dumps` : `for ${formatDuration(seconds)} (${dumps} dumps)`;
  const moved = (verb: string) =>
    isRepeated ? `came back to one place in all ${dumps} dumps` : `${verb} not moved ${span}`;
  if (members.length === 1) {
    return `Thread \`${threadLabel(first!, options)}\` ${moved("has")}: it ${singular(words, activity)}`;
  }
  const doing = words ?? activityWords[activity].replace(/^(\w+?)s\b/, "$1");
  return `${formatNumberOf(members.length, "thread")} of \`${openName(first!.pool)}\` ${moved("have")}: they ${doing}`;
}

function evidenceOf({ members, dumps, allDumps }: Stuck, options: NameOptions): readonly FindingEvidence[] {
  const names = members.map((thread) => threadLabel(thread, options));
  const states = countsOf(members.map(({ state }) => state)).map(([state, count]) => `${state} ×${formatCount(count)}`);
  return [
    ...(members.length > 1 ? [textEvidence("threads", listOf(names, 4), "sections.threadDump")] : []),
    ...stackEvidence(members[0]!.frames, "sections.threadDump"),
    textEvidence("states", listOf(states, 3), `the last ${dumps} of ${allDumps} dumps`),
  ];
}

function singular(words: string | undefined, activity: Activity): string {
  return words === undefined ? activityWords[activity] : words.replace(/^(\w+)\b/, (verb) => `${verb}s`);
}

/** A disk or a lock is expected to answer within seconds. */
function isSuspicious(activity: Activity): boolean {
  return ["fsync", "file read", "file write", "file system", "monitor", "lock", "name lookup", "connect"].includes(
    activity,
  );
}

function adviceOf(activity: Activity): string {
  if (activity === "fsync" || activity.startsWith("file")) {
    return "Look at the disk or network file system under it: a call that takes this long is stuck in the kernel (iostat, dmesg, NFS server).";
  }
  if (activity.startsWith("socket") || activity === "connect" || activity === "name lookup") {
    return "Give the call a timeout; then find out why the other side does not answer.";
  }
  if (activity === "monitor" || activity === "lock")
    return "Find who has the lock: take dumps with -l, and see sections.lockTree.";
  return "Find out what would wake it and why that does not come; a timeout would tell.";
}
