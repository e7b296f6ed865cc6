import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatBytes, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { significantSlope, type TimedValues } from "../src/model/robust-trend.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";
import { atMost, fact, findingOf } from "./judgement.ts";
import { formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";
import { warmUpEnd } from "./warm-up.ts";

const limits = jvmThresholds.memory;

/** Growth of the process, and how much of it the JVM itself accounts for. */
export const jvmNativeMemory: Analyzer<"recording"> = {
  name: "jvm-native-memory",
  description: "growth of the process's resident memory, and the part that the JVM's native memory tracking explains",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: findingsOf(recording), sections: [] }),
};

function findingsOf(recording: RecordingEvidence): Finding[] {
  const resident = seriesOf(recording, "jdk.ResidentSetSize", "size");
  const slope = significantSlope(resident, limits.leastSeconds);
  const seconds = (resident.seconds.at(-1) ?? 0) - (resident.seconds[0] ?? 0);
  const grown = (slope ?? 0) * seconds;
  const last = resident.values.at(-1) ?? 0;
  if (slope === undefined || grown < limits.rssGrowthBytes || grown < last * limits.rssGrowthShare) return [];
  const tracked = seriesOf(recording, "jdk.NativeMemoryUsageTotal", "committed");
  const explained = differenceOf(tracked);
  // Pages that were committed before are touched for the first time: the process grows, but not beyond what it has taken.
  const isWithinCommitted = last <= (tracked.values.at(-1) ?? heapCommitted(recording));
  const finding = findingOf({
    rule: "jvm/native-memory-growth",
    severity: "warning",
    score: Math.round(Math.min(74, 50 + 8 * Math.log2(grown / limits.rssGrowthBytes))),
    title: `The process grows by ${formatBytes(slope * 60)} a minute, to ${formatBytes(last)}${explainedWords(explained, grown, isWithinCommitted)}`,
    impact: { value: grown, unit: "bytes" },
    evidence: [
      fact(
        "resident memory grown",
        grown,
        "bytes",
        `Theil–Sen slope over jdk.ResidentSetSize of ${formatSpan(seconds)}`,
      ),
      ...(explained === undefined
        ? []
        : [fact("growth that the JVM tracks", explained, "bytes", "jdk.NativeMemoryUsageTotal")]),
      ...grownCategories(recording),
    ],
    advice: adviceFor(explained, grown, isWithinCommitted),
  });
  return [isWithinCommitted ? atMost("info", finding) : finding];
}

function explainedWords(explained: number | undefined, grown: number, isWithinCommitted: boolean): string {
  if (isWithinCommitted) return ", as memory that it had reserved before is used for the first time";
  if (explained === undefined) return "";
  return `; the JVM accounts for ${formatPercent(Math.min(1, Math.max(0, explained / grown)))} of that`;
}

function adviceFor(explained: number | undefined, grown: number, isWithinCommitted: boolean): string {
  if (isWithinCommitted)
    return "Wait until the heap was used once (or set -XX:+AlwaysPreTouch), and record again: only growth beyond it is a leak.";
  if (explained === undefined)
    return "Start the JVM with -XX:NativeMemoryTracking=summary and record again: it tells whether the JVM or a native library grows.";
  if (explained > grown / 2)
    return "See which of the JVM's categories grows above: Class means class loading, Thread means threads, Other means direct buffers, Internal or GC the JVM's own.";
  return "Native code outside of the JVM grows: record with async-profiler's nativemem event, or jemalloc profiling, to see who allocates; malloc's arenas (MALLOC_ARENA_MAX) may keep freed memory too.";
}

function seriesOf(
  recording: RecordingEvidence,
  type: string,
  field: string,
): TimedValues & { seconds: number[]; values: number[] } {
  const events = eventsOf(recording, type);
  const from = warmUpEnd(recording, jvmThresholds.gc.liveSet);
  const rows = rowsOf(events).filter((row) => events.start(row) >= from && events.number(field, row) > 0);
  return { seconds: rows.map((row) => events.start(row)), values: rows.map((row) => events.number(field, row)) };
}

function differenceOf({ values }: { readonly values: readonly number[] }): number | undefined {
  const [first, last] = [values[0], values.at(-1)];
  return first === undefined || last === undefined ? undefined : last - first;
}

function heapCommitted(recording: RecordingEvidence): number {
  const summary = eventsOf(recording, "jdk.GCHeapSummary");
  return summary.number("heapSpace.committedSize", summary.rows - 1) || 0;
}

/** Categories of native memory tracking that grew most. */
function grownCategories(recording: RecordingEvidence): FindingEvidence[] {
  const events = eventsOf(recording, "jdk.NativeMemoryUsage");
  const from = warmUpEnd(recording, jvmThresholds.gc.liveSet);
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  for (const row of rowsOf(events)) {
    const category = events.text("type", row);
    if (category === undefined || events.start(row) < from) continue;
    const committed = events.number("committed", row);
    if (!first.has(category)) first.set(category, committed);
    last.set(category, committed);
  }
  return [...last]
    .map(([category, committed]) => ({ category, grown: committed - first.get(category)! }))
    .filter(({ grown }) => grown >= 2 ** 20)
    .sort((a, b) => b.grown - a.grown)
    .slice(0, 4)
    .map(({ category, grown }) => fact(`${category} grown`, grown, "bytes", "jdk.NativeMemoryUsage"));
}
