import type { Finding } from "../src/model/finding.ts";
import { formatDuration, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import { headroomFacts } from "./gc-headroom.ts";
import type { GcHistory, GcRule } from "./gc-history.ts";
import { secondsIn } from "./intervals.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { gcLogThresholds } from "./thresholds-gclog.ts";

const limits = gcLogThresholds.cycles;

/** How much of the time a collector that works beside the program is at work. */
export const gcCyclesRule: GcRule = {
  name: "gclog-cycles",
  description: "share of the time in which concurrent cycles run, and whether they begin too early or too late",
  findings: (history) => [...alwaysAtWork(history), ...tooLate(history)],
};

function cyclesOf({ collections, collector }: GcHistory) {
  const isCycle = collector === "G1" ? /^Concurrent (?:Mark )?[Cc]ycle$/ : /^(?:Concurrent cycle|\w+ Collection)$/;
  return collections.filter(({ name }) => isCycle.test(name));
}

function alwaysAtWork(history: GcHistory): Finding[] {
  const { durationSeconds, collector } = history;
  if (!/^(?:G1|ZGC|Shenandoah|CMS)$/.test(collector ?? "")) return [];
  const cycles = cyclesOf(history);
  if (cycles.length < limits.leastCycles || durationSeconds < limits.leastSeconds) return [];
  const busy = secondsIn(cycles.map(({ start, seconds }) => ({ start, end: start + seconds })));
  const judged = judge(busy / durationSeconds, limits.share);
  if (judged === undefined) return [];
  const longest = cycles.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  return [
    findingOf({
      rule: "gc/cycle-share",
      ...judged,
      title: `${collector} is at work for ${formatPercent(busy / durationSeconds)} of the time, in ${formatNumberOf(cycles.length, "cycle")}: no reserve for a peak`,
      impact: { value: busy, unit: "seconds" },
      evidence: [
        fact("at work", busy, "seconds", history.sources.collections),
        fact("longest cycle", longest, "seconds", history.sources.collections),
        fact("a cycle each", formatDuration(durationSeconds / cycles.length), "text", history.sources.collections),
        ...headroomFacts(history),
      ],
      advice:
        collector === "G1"
          ? "The live set lies above where cycles begin: raise -Xmx, or if it is well below, -XX:InitiatingHeapOccupancyPercent; big objects begin cycles too (gc/humongous)."
          : "Raise -Xmx so that there is more to allocate between cycles, allocate less, or give the collector CPU (-XX:ConcGCThreads) where cores are idle.",
    }),
  ];
}

/** G1: the heap was full before the cycle that was to prevent it had ended. */
function tooLate(history: GcHistory): Finding[] {
  if (history.collector !== "G1") return [];
  const cycles = cyclesOf(history);
  const full = history.collections.filter(
    ({ isFull, cause }) => isFull && /G1 Compaction|G1 Evacuation|Allocation/.test(cause),
  );
  const during = full.filter(({ start }) => {
    return cycles.some((cycle) => start >= cycle.start && start <= cycle.start + cycle.seconds + 0.001);
  });
  if (during.length === 0) return [];
  const seconds = during.reduce((sum, { pauseSeconds }) => sum + pauseSeconds, 0);
  return [
    findingOf({
      rule: "gc/cycle-late",
      severity: "warning",
      score: Math.min(74, 55 + during.length),
      title: `${formatNumberOf(during.length, "full collection")} came while a concurrent cycle was at work: cycles begin too late`,
      impact: { value: seconds, unit: "seconds" },
      evidence: [
        fact("full collections of a full heap", full.length, "count", history.sources.collections),
        fact("cycles", cycles.length, "count", history.sources.collections),
        ...headroomFacts(history),
      ],
      advice:
        "Lower -XX:InitiatingHeapOccupancyPercent (with -XX:-G1UseAdaptiveIHOP if the JVM raises it again), or raise -XX:G1ReservePercent or -Xmx.",
    }),
  ];
}
