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

/** What of the growth is known. */
interface Explanation {
  readonly bytes: number;
  /** `native memory tracking`, `heap and direct buffers` */
  readonly by: string;
  readonly isTracked: boolean;
  /** The process is not bigger than what was taken before: pages are touched for the first time. */
  readonly isFirstTouch: boolean;
}

function findingsOf(recording: RecordingEvidence): Finding[] {
  const resident = seriesOf(recording, "jdk.ResidentSetSize", "size");
  const slope = significantSlope(resident, limits.leastSeconds);
  const seconds = (resident.seconds.at(-1) ?? 0) - (resident.seconds[0] ?? 0);
  const grown = (slope ?? 0) * seconds;
  const last = resident.values.at(-1) ?? 0;
  if (slope === undefined || grown < limits.rssGrowthBytes || grown < last * limits.rssGrowthShare) return [];
  const explanation = explanationOf(recording, last);
  const isExplained = explanation.isFirstTouch || explanation.bytes >= grown * limits.explainedShare;
  const finding = findingOf({
    rule: "jvm/native-memory-growth",
    severity: "warning",
    score: Math.round(Math.min(74, 50 + 8 * Math.log2(grown / limits.rssGrowthBytes))),
    title: `The process grows by ${formatBytes(slope * 60)} a minute, to ${formatBytes(last)}${wordsOf(explanation, grown)}`,
    impact: { value: grown, unit: "bytes" },
    evidence: [
      fact(
        "resident memory grown",
        grown,
        "bytes",
        `Theil–Sen slope over jdk.ResidentSetSize of ${formatSpan(seconds)}`,
      ),
      fact(
        `growth of ${explanation.by}`,
        explanation.bytes,
        "bytes",
        explanation.isTracked ? "jdk.NativeMemoryUsageTotal" : "jdk.GCHeapSummary, jdk.DirectBufferStatistics",
      ),
      ...grownCategories(recording),
    ],
    advice: adviceFor(explanation, grown),
  });
  return [isExplained ? atMost("info", finding) : finding];
}

/** By native memory tracking where it is on; else the heap and the direct buffers at least. */
function explanationOf(recording: RecordingEvidence, residentBytes: number): Explanation {
  const tracked = seriesOf(recording, "jdk.NativeMemoryUsageTotal", "committed").values;
  if (tracked.length > 0) {
    const isFirstTouch = residentBytes <= tracked.at(-1)!;
    return { bytes: grownBy(tracked), by: "what native memory tracking counts", isTracked: true, isFirstTouch };
  }
  const heap = seriesOf(recording, "jdk.GCHeapSummary", "heapSpace.committedSize").values;
  const direct = seriesOf(recording, "jdk.DirectBufferStatistics", "memoryUsed").values;
  const isFirstTouch = residentBytes <= (heap.at(-1) ?? 0);
  // What was never used before takes no memory, whatever was committed.
  const used = seriesOf(recording, "jdk.GCHeapSummary", "heapUsed").values;
  const heapBytes = Math.max(grownBy(heap), Math.max(0, ...used) - (used[0] ?? 0));
  return { bytes: heapBytes + grownBy(direct), by: "heap and direct buffers", isTracked: false, isFirstTouch };
}

function grownBy(values: readonly number[]): number {
  return Math.max(0, (values.at(-1) ?? 0) - (values[0] ?? 0));
}

function wordsOf({ bytes, by, isFirstTouch }: Explanation, grown: number): string {
  if (isFirstTouch) return ", as memory that it had taken before is used for the first time";
  return `; ${by} account${by.startsWith("what") ? "s" : ""} for ${formatPercent(Math.min(1, bytes / grown))} of that`;
}

function adviceFor({ bytes, isTracked, isFirstTouch }: Explanation, grown: number): string {
  if (isFirstTouch)
    return "Wait until the heap was used once (or set -XX:+AlwaysPreTouch), and record again: only growth beyond it is a leak.";
  if (bytes >= grown * limits.explainedShare && !isTracked)
    return "See gc/live-set-growing and jvm/direct-buffers: what grows is theirs, and has limits (-Xmx, -XX:MaxDirectMemorySize).";
  if (!isTracked)
    return "Start the JVM with -XX:NativeMemoryTracking=summary and record again: it tells whether the JVM or a native library grows.";
  if (bytes > grown / 2)
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
