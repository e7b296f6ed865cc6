import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { type EventRows, eventsOf, rowsOf } from "./event-rows.ts";
import { collectionsOf, pausesOf } from "./gc-collections.ts";
import { headroomFacts } from "./gc-headroom.ts";
import { type Interval, secondsIn } from "./intervals.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { callPath, groupedBy } from "./recorded-stacks.ts";
import { formatPoint, formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.gc.stall;

/** Threads that had to wait for memory because a concurrent collector was not fast enough. */
export const gcAllocationStall: Analyzer<"recording"> = {
  name: "gc-allocation-stall",
  description: "threads that waited for memory because a concurrent collector could not keep up",
  needs: ["recording"],
  analyze: ({ recording }) => {
    const stalls = eventsOf(recording, "jdk.ZAllocationStall");
    return { findings: stalls.rows > 0 ? stalledThreads(recording, stalls) : failedCycles(recording), sections: [] };
  },
};

const advice =
  "Raise -Xmx so that the collector has room to work in; if the live set is small, allocate less (see the allocation profile) or give it CPU: more -XX:ConcGCThreads where cores are idle.";

/** ZGC: each event is one thread that waited. Waits overlap, so the time in which any thread waited is their union. */
function stalledThreads(recording: RecordingEvidence, stalls: EventRows): Finding[] {
  const rows = rowsOf(stalls);
  const waits = rows.map((row) => ({ start: stalls.start(row), end: stalls.start(row) + stalls.duration(row) }));
  const [longest = 0] = [...rows].sort((a, b) => stalls.duration(b) - stalls.duration(a));
  const stalledSeconds = secondsIn(waits);
  const ratio = stalledSeconds / recording.durationSeconds;
  const judged = worseOf(ratio, stalls.duration(longest));
  if (judged === undefined) return [];
  const count = stalls.rows + stalls.omittedRows;
  const threads = groupedBy(
    rows,
    (row) => stalls.text("eventThread", row),
    (row) => stalls.duration(row),
  );
  const sites = groupedBy(
    rows,
    (row) => callPath(recording, stalls.stack(row)),
    (row) => stalls.duration(row),
  );
  return [
    findingOf({
      rule: "gc/allocation-stall",
      ...judged,
      title: `${formatNumberOf(count, "allocation")} had to wait for the collector, up to ${formatSpan(stalls.duration(longest))}: for ${formatPercent(ratio)} of the time some thread stood still`,
      impact: { value: stalledSeconds, unit: "seconds" },
      evidence: [
        fact("time in which some thread waited", stalledSeconds, "seconds", "jdk.ZAllocationStall"),
        fact("waits of all threads together", sumOf(waits) + stalls.omittedSeconds, "seconds", "jdk.ZAllocationStall"),
        fact("longest at", formatPoint(stalls.start(longest)), "text", "jdk.ZAllocationStall"),
        ...threads.slice(0, 3).map((thread) => waitFact(`thread ${thread.key}`, thread)),
        ...sites.slice(0, 3).map((site) => waitFact(site.key, site)),
        ...headroomFacts(recording),
      ],
      advice,
    }),
  ];
}

function waitFact(label: string, { count, weight }: { count: number; weight: number }): FindingEvidence {
  return fact(label, `${formatSpan(weight)} in ${formatNumberOf(count, "wait")}`, "text", "jdk.ZAllocationStall");
}

function sumOf(waits: readonly Interval[]): number {
  return waits.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Without such events: Shenandoah's degenerated cycles, and ZGC's collections that a stall began. */
function failedCycles(recording: RecordingEvidence): Finding[] {
  const degenerated = pausesOf(recording).filter(({ name }) => /degenerated/i.test(name));
  const stalled = collectionsOf(recording).filter(({ cause }) => cause === "Allocation Stall");
  const count = degenerated.length + stalled.length;
  const spans = [...degenerated, ...stalled].map(({ start, seconds }) => ({ start, end: start + seconds }));
  const seconds = secondsIn(spans);
  const judged = worseOf(
    seconds / recording.durationSeconds,
    Math.max(0, ...spans.map(({ start, end }) => end - start)),
  );
  if (count === 0 || judged === undefined) return [];
  return [
    findingOf({
      rule: "gc/allocation-stall",
      ...judged,
      title: `${formatNumberOf(count, "concurrent cycle")} came too late: the program stood still or waited for memory meanwhile, up to ${formatSpan(seconds)}`,
      impact: { value: seconds, unit: "seconds" },
      evidence: [
        fact("degenerated collections", degenerated.length, "count", "jdk.GCPhasePause"),
        fact("collections because of a stall", stalled.length, "count", "jdk.GarbageCollection"),
        ...headroomFacts(recording),
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
