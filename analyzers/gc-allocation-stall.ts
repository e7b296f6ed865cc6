import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatDuration, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import { headroomFacts } from "./gc-headroom.ts";
import { type GcHistory, type GcRule, type GcStalls, ofRecordings, type Weighed } from "./gc-history.ts";
import { secondsIn } from "./intervals.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { formatPoint } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.gc.stall;

/** Threads that had to wait for memory because a concurrent collector was not fast enough. */
export const gcAllocationStallRule: GcRule = {
  name: "gc-allocation-stall",
  description: "threads that waited for memory because a concurrent collector could not keep up",
  findings: (history) => {
    const { stalls } = history;
    return stalls === undefined ? failedCycles(history) : stalledThreads(history, stalls);
  },
};
export const gcAllocationStall = ofRecordings(gcAllocationStallRule);

const advice =
  "Raise -Xmx so that the collector has room to work in; if the live set is small, allocate less (see the allocation profile) or give it CPU: more -XX:ConcGCThreads where cores are idle.";

/** ZGC: each event is one thread that waited. Waits overlap, so the time in which any thread waited is their union. */
function stalledThreads(history: GcHistory, stalls: GcStalls): Finding[] {
  const { waits, count, byThread, bySite } = stalls;
  const source = history.sources.stalls;
  const longest = waits.reduce((most, wait) => (wait.end - wait.start > most.end - most.start ? wait : most));
  const longestSeconds = longest.end - longest.start;
  const stalledSeconds = secondsIn(waits);
  const ratio = stalledSeconds / history.durationSeconds;
  const judged = worseOf(ratio, longestSeconds);
  if (judged === undefined) return [];
  return [
    findingOf({
      rule: "gc/allocation-stall",
      ...judged,
      title: `${formatNumberOf(count, "allocation")} had to wait for the collector, up to ${formatDuration(longestSeconds)}: for ${formatPercent(ratio)} of the time some thread stood still`,
      impact: { value: stalledSeconds, unit: "seconds" },
      evidence: [
        fact("time in which some thread waited", stalledSeconds, "seconds", source),
        fact("waits of all threads together", stalls.totalSeconds, "seconds", source),
        fact("longest at", formatPoint(longest.start), "text", source),
        ...byThread.slice(0, 3).map((thread) => waitFact(`thread ${thread.key}`, thread, source)),
        ...bySite.slice(0, 3).map((site) => waitFact(site.key, site, source)),
        ...headroomFacts(history),
      ],
      advice,
    }),
  ];
}

function waitFact(label: string, { count, weight }: Weighed, source: string): FindingEvidence {
  return fact(label, `${formatDuration(weight)} in ${formatNumberOf(count, "wait")}`, "text", source);
}

/** Without such events: Shenandoah's degenerated cycles, and ZGC's collections that a stall began. */
function failedCycles(history: GcHistory): Finding[] {
  const degenerated = history.pauses.filter(({ name }) => /degenerated/i.test(name));
  const stalled = history.collections.filter(({ cause }) => cause === "Allocation Stall");
  const count = degenerated.length + stalled.length;
  const spans = [...degenerated, ...stalled].map(({ start, seconds }) => ({ start, end: start + seconds }));
  const seconds = secondsIn(spans);
  const judged = worseOf(seconds / history.durationSeconds, Math.max(0, ...spans.map(({ start, end }) => end - start)));
  if (count === 0 || judged === undefined) return [];
  return [
    findingOf({
      rule: "gc/allocation-stall",
      ...judged,
      title: `${formatNumberOf(count, "concurrent cycle")} came too late: the program stood still or waited for memory for ${formatDuration(seconds)} altogether`,
      impact: { value: seconds, unit: "seconds" },
      evidence: [
        fact("degenerated collections", degenerated.length, "count", history.sources.pauses),
        fact("collections because of a stall", stalled.length, "count", history.sources.collections),
        ...headroomFacts(history),
      ],
      advice,
    }),
  ];
}

/** By the share of time, or by the longest wait, whichever is worse. */
function worseOf(ratio: number, longestSeconds: number) {
  const judgements = [judge(ratio, limits.ratio), judge(longestSeconds, limits.longest)];
  return judgements.filter((one) => one !== undefined).sort((a, b) => b.score - a.score)[0];
}
