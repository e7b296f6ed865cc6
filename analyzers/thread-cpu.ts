import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatPercent } from "../src/model/format-number.ts";
import type { ThreadDumpEvidence, ThreadOfDump } from "../src/model/thread-dump.ts";
import { activityOf } from "./dump-activity.ts";
import { frameKey, isOwnFrame, methodLabel, shortFrame, topOwnFrame } from "./dump-frames.ts";
import { type NameOptions, threadLabel } from "./dump-labels.ts";
import { type ThreadTrack, tracksOf } from "./dump-series.ts";
import { isHousekeeping } from "./dump-waits.ts";
import { dumpDocs, formatDuration, stackEvidence, textEvidence } from "./dump-wording.ts";
import { threadLimits } from "./thresholds-threads.ts";

/** Which threads use the processors: between dumps, or since their start where there is one dump only. */
export const threadCpu: Analyzer<"threadDumps"> = {
  name: "thread-cpu",
  description: "threads by processor time between dumps; those that run in a circle",
  needs: ["threadDumps"],
  analyze({ threadDumps }, options) {
    const { dumps } = threadDumps;
    const findings = dumps.length > 1 ? betweenDumps(threadDumps, options) : sinceStart(threadDumps, options);
    return { findings, sections: [] };
  },
};

function betweenDumps({ dumps }: ThreadDumpEvidence, options: NameOptions): readonly Finding[] {
  const tracks = tracksOf(dumps).filter(({ cpu }) => cpu !== undefined);
  const hot = tracks
    .filter((track) => !isHousekeeping(track.last) && (shareOf(track) >= threadLimits.hotShare || isLoop(track)))
    .sort((a, b) => shareOf(b) - shareOf(a))
    .slice(0, 10);
  return [
    ...hot.map((track) => (isLoop(track) ? loopFinding(track, options) : hotFinding(track, options))),
    ...collectorFinding(tracks),
  ];
}

function shareOf({ cpu }: ThreadTrack): number {
  return cpu === undefined ? 0 : cpu.cpuSeconds / cpu.wallSeconds;
}

/** All dumps found it running in one and the same method of the program. */
function isLoop(track: ThreadTrack): boolean {
  const seen = track.seen.flatMap((thread) => thread ?? []);
  if (seen.length < threadLimits.stuck.dumps || shareOf(track) < threadLimits.loopShare) return false;
  const places = new Set(seen.map(({ frames }) => frameKey(frames.find(isOwnFrame) ?? frames[0])));
  return places.size === 1 && seen.every((thread) => activityOf(thread) === "running");
}

function loopFinding(track: ThreadTrack, options: NameOptions): Finding {
  const { last, cpu, seen } = track;
  const frame = topOwnFrame(last.frames);
  return {
    rule: "threads/busy-loop",
    key: `threads/busy-loop:${last.pool}:${frameKey(frame)}`,
    severity: "warning",
    score: 70,
    title: `Thread \`${threadLabel(last, options)}\` ran${frame ? ` in ${methodLabel(frame)}` : ""} in all ${seen.filter((thread) => thread).length} dumps, with ${formatPercent(Math.min(1, shareOf(track)))} of a processor for ${formatDuration(cpu!.wallSeconds)}: a busy loop, or one long computation`,
    impact: { value: cpu!.cpuSeconds, unit: "seconds" },
    evidence: [
      { label: "CPU", value: cpu!.cpuSeconds, unit: "seconds", source: "cpu= of the first and the last dump" },
      ...stackEvidence(last.frames, "sections.threadDump"),
    ],
    advice:
      "If it waits for something, let it block and not ask again and again; if it computes, see whether its data lets it end (a corrupted map, a regular expression that backtracks).",
    docs: dumpDocs,
  };
}

function hotFinding(track: ThreadTrack, options: NameOptions): Finding {
  const { last, cpu, seen } = track;
  const frame = topOwnFrame(last.frames);
  const places = [...new Set(seen.flatMap((thread) => (thread ? [topPlace(thread)] : [])))];
  return {
    rule: "threads/hot-thread",
    key: `threads/hot-thread:${last.pool}`,
    severity: "info",
    score: Math.min(60, Math.round(50 * shareOf(track))),
    title: `Thread \`${threadLabel(last, options)}\` used ${formatPercent(Math.min(1, shareOf(track)))} of a processor for ${formatDuration(cpu!.wallSeconds)}${frame ? `, last in ${shortFrame(frame)}` : ""}`,
    impact: { value: cpu!.cpuSeconds, unit: "seconds" },
    evidence: [
      textEvidence("in", places.slice(0, 4).join(", "), "its stack in each dump"),
      ...stackEvidence(last.frames, "sections.threadDump"),
    ],
    advice: "Record a CPU profile to see where its time goes: dumps are too few for that.",
    docs: dumpDocs,
  };
}

function topPlace({ frames }: ThreadOfDump): string {
  const frame = topOwnFrame(frames);
  return frame ? shortFrame(frame) : "no frames";
}

/** Of one dump, what it says of the time since each thread's start. */
function sinceStart({ dumps }: ThreadDumpEvidence, options: NameOptions): readonly Finding[] {
  const threads = (dumps[0]?.threads ?? []).filter(
    ({ isInternal, cpuSeconds = 0, elapsedSeconds = 0 }) =>
      !isInternal &&
      elapsedSeconds >= threadLimits.hotSinceStartSeconds &&
      cpuSeconds >= threadLimits.hotSinceStartShare * elapsedSeconds,
  );
  return threads.slice(0, 10).map((thread) => {
    const frame = topOwnFrame(thread.frames);
    const share = Math.min(1, (thread.cpuSeconds ?? 0) / (thread.elapsedSeconds ?? 1));
    return {
      rule: "threads/hot-thread",
      key: `threads/hot-thread:${thread.pool}`,
      severity: "info",
      score: Math.round(50 * share),
      title: `Thread \`${threadLabel(thread, options)}\` has used ${formatPercent(share)} of a processor since it started ${formatDuration(thread.elapsedSeconds ?? 0)} ago${frame ? `, now in ${shortFrame(frame)}` : ""}`,
      impact: { value: thread.cpuSeconds ?? 0, unit: "seconds" },
      evidence: stackEvidence(thread.frames, "sections.threadDump"),
      advice: "Take three dumps some seconds apart: they tell whether it always stands in the same place.",
      docs: dumpDocs,
    };
  });
}

/** The collector's threads, where they use more than the program does. */
function collectorFinding(tracks: readonly ThreadTrack[]): readonly Finding[] {
  const sum = (list: readonly ThreadTrack[]) => list.reduce((seconds, { cpu }) => seconds + (cpu?.cpuSeconds ?? 0), 0);
  const collector = sum(tracks.filter(({ last }) => last.isInternal && isCollector(last.name)));
  const wallSeconds = tracks.reduce((most, { cpu }) => Math.max(most, cpu?.wallSeconds ?? 0), 0);
  const all = sum(tracks);
  const limits = threadLimits;
  if (all === 0 || collector < limits.collectorShare * all || collector < limits.collectorProcessors * wallSeconds)
    return [];
  return [
    {
      rule: "threads/hot-thread",
      key: "threads/hot-thread:collector",
      severity: "warning",
      score: Math.round(80 * (collector / all)),
      title: `The garbage collector's threads used ${formatPercent(collector / all)} of the processor time for ${formatDuration(wallSeconds)}`,
      impact: { value: collector, unit: "seconds" },
      evidence: [
        { label: "collector", value: collector, unit: "seconds", source: "cpu= of the first and the last dump" },
        { label: "all threads", value: all, unit: "seconds", source: "cpu= of the first and the last dump" },
      ],
      advice:
        "The heap is too small for what is in it, or fills faster than it is collected: look at a GC log or a heap dump.",
      docs: dumpDocs,
    },
  ];
}

function isCollector(name: string): boolean {
  return /^(?:GC Thread|GC task thread|G1 |Z(?:Worker|Driver|Director|Stat|Unmapper|Uncommitter)|Shenandoah|ParGC|Gang worker|Concurrent Mark-Sweep)/.test(
    name,
  );
}
