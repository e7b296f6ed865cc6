import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import type { Section, Table } from "../src/model/section.ts";
import type { ThreadDumpEvidence, ThreadDumpSnapshot, ThreadOfDump } from "../src/model/thread-dump.ts";
import { dumpedStates } from "../src/model/thread-dump.ts";
import { activityOf } from "./dump-activity.ts";
import { longFrame, methodLabel, topOwnFrame } from "./dump-frames.ts";
import { openName, threadLabel } from "./dump-labels.ts";
import { lockGraphOf } from "./dump-locks.ts";
import { secondsSince, type ThreadTrack, tracksOf } from "./dump-series.ts";
import { isIdle } from "./dump-waits.ts";
import { carriersOf, isPinned } from "./thread-virtual.ts";
import { threadLimits } from "./thresholds-threads.ts";

/** Every dump in numbers, and the threads of the last one. */
export const threadOverview: Analyzer<"threadDumps"> = {
  name: "thread-overview",
  description: "dumps by state, and the threads of the last one by processor time",
  needs: ["threadDumps"],
  analyze({ threadDumps }, options) {
    return { findings: [], sections: [sectionOf(threadDumps, options)] };
  },
};

function sectionOf({ dumps, file }: ThreadDumpEvidence, options: AnalysisOptions): Section {
  const tracks = [...tracksOf(dumps)].sort((a, b) => cpuOf(b) - cpuOf(a));
  const last = dumps.at(-1);
  const graph = last && lockGraphOf(last);
  const index = new Map((last?.threads ?? []).map((thread, at) => [thread, at]));
  return {
    name: "threadDump",
    title: "Threads",
    data: {
      dumps: dumps.slice(-threadLimits.rows.stacks).map((dump) => dumpJson(dump)),
      losses: file.losses.map(({ reason }) => reason),
      threads: tracks.slice(0, threadLimits.rows.threads).map((track) => ({
        ...threadJson(track, options),
        waitsFor: graph?.waits.get(index.get(track.last) ?? -1)?.lock.className ?? null,
      })),
      omittedThreads: Math.max(0, tracks.length - threadLimits.rows.threads),
    },
    tables: [dumpsTable(dumps, options), cpuTable(tracks, dumps, options)].flatMap((table) => table ?? []),
    blocks: [],
    shownByDefault: dumps.length > 1,
  };
}

/** Since the first dump where there are several, else since its start. */
function cpuOf({ cpu, last }: ThreadTrack): number {
  return cpu?.cpuSeconds ?? last.cpuSeconds ?? -1;
}

function stateCounts({ threads, folded }: ThreadDumpSnapshot): Readonly<Record<string, number>> {
  const counts = Object.fromEntries(dumpedStates.map((state) => [state, 0]));
  for (const { state } of threads.filter(({ isInternal, isVirtual }) => !isInternal && !isVirtual)) counts[state]! += 1;
  for (const { state, count } of folded.filter(({ isVirtual }) => !isVirtual)) counts[state]! += count;
  return counts;
}

function virtualCount({ threads, folded }: ThreadDumpSnapshot): number {
  return folded.reduce(
    (sum, { isVirtual, count }) => sum + (isVirtual ? count : 0),
    threads.filter(({ isVirtual }) => isVirtual).length,
  );
}

function dumpJson(dump: ThreadDumpSnapshot) {
  const { takenAt, vm, threads } = dump;
  const states = stateCounts(dump);
  return {
    takenAt: takenAt ?? null,
    vm: vm ?? null,
    threads: Object.values(states).reduce((sum, count) => sum + count, 0),
    states,
    virtualThreads: virtualCount(dump),
    mountedVirtualThreads: threads.filter(({ isVirtual, carrierId }) => isVirtual && carrierId !== undefined).length,
    pinnedVirtualThreads: threads.filter(isPinned).length,
    carriers: carriersOf(dump),
    internalThreads: threads.filter(({ isInternal }) => isInternal).length,
    unknownLines: dump.unknownLines,
  };
}

function threadJson({ last, cpu, unmovedDumps }: ThreadTrack, options: AnalysisOptions) {
  return {
    name: threadLabel(last, options),
    pool: openName(last.pool),
    javaId: last.javaId ?? null,
    osId: last.osId ?? null,
    state: last.state,
    activity: activityOf(last),
    isVirtual: last.isVirtual,
    isIdle: isIdle(last),
    cpuSeconds: last.cpuSeconds ?? null,
    elapsedSeconds: last.elapsedSeconds ?? null,
    seriesCpuSeconds: cpu?.cpuSeconds ?? null,
    unmovedDumps,
    stack: last.frames.slice(0, threadLimits.rows.frames).map(longFrame),
  };
}

function dumpsTable(dumps: readonly ThreadDumpSnapshot[], options: AnalysisOptions): Table | undefined {
  if (dumps.length < 2) return undefined;
  const shown = dumps.slice(-Math.max(3, options.top));
  return {
    title: "Dumps",
    columns: [
      { title: "taken at", kind: "text" },
      { title: "after", kind: "seconds" },
      { title: "threads", kind: "count" },
      { title: "runnable", kind: "count" },
      { title: "blocked", kind: "count" },
      { title: "waiting", kind: "count" },
      { title: "virtual", kind: "count" },
    ],
    rows: shown.map((dump) => {
      const { RUNNABLE = 0, BLOCKED = 0, WAITING = 0, TIMED_WAITING = 0, ...rest } = stateCounts(dump);
      const others = Object.values(rest).reduce((sum, count) => sum + count, 0);
      const total = RUNNABLE + BLOCKED + WAITING + TIMED_WAITING + others;
      const after = secondsSince([dumps[0]!, dump], 0) ?? null;
      return [dump.takenAt ?? "?", after, total, RUNNABLE, BLOCKED, WAITING + TIMED_WAITING, virtualCount(dump)];
    }),
    omittedRows: dumps.length - shown.length,
  };
}

function cpuTable(
  tracks: readonly ThreadTrack[],
  dumps: readonly ThreadDumpSnapshot[],
  options: AnalysisOptions,
): Table | undefined {
  const known = tracks.filter((track) => cpuOf(track) >= leastShownSeconds);
  if (known.length === 0) return undefined;
  const isSeries = dumps.length > 1;
  return {
    title: isSeries ? "Processor time between the first and the last dump" : "Processor time since each thread's start",
    columns: [
      { title: "thread", kind: "text" },
      { title: "CPU", kind: "seconds" },
      { title: "of one processor", kind: "ratio" },
      { title: "state", kind: "text" },
      { title: "at", kind: "text" },
    ],
    rows: known.slice(0, options.top).map((track) => {
      const { last, cpu } = track;
      const wall = cpu?.wallSeconds ?? last.elapsedSeconds;
      return [
        threadLabel(last, options),
        cpuOf(track),
        wall ? Math.min(1, cpuOf(track) / wall) : null,
        last.state,
        placeOf(last),
      ];
    }),
    omittedRows: Math.max(0, known.length - options.top),
  };
}

/** Less is not worth a row. */
const leastShownSeconds = 0.01;

function placeOf({ frames }: ThreadOfDump): string {
  const frame = topOwnFrame(frames);
  return frame ? methodLabel(frame) : "";
}
