import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.memory;

/** Direct buffers against their limit. */
export const jvmDirectBuffers: Analyzer<"recording"> = {
  name: "jvm-direct-buffers",
  description: "memory of direct buffers against its limit, and its growth",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: findingsOf(recording), sections: [] }),
};

function findingsOf(recording: RecordingEvidence): Finding[] {
  const events = eventsOf(recording, "jdk.DirectBufferStatistics");
  const last = events.rows - 1;
  const used = events.number("memoryUsed", last);
  const limit = events.number("maxCapacity", last);
  const growth = growthOf(recording);
  const untilFull = growth === undefined ? undefined : (limit - used) / growth;
  const judgements = [judge(used / limit, limits.directOfMax), judgeGrowth(untilFull)];
  const [judged] = judgements.filter((one) => one !== undefined).sort((a, b) => b.score - a.score);
  if (judged === undefined) return [];
  return [
    findingOf({
      rule: "jvm/direct-buffers",
      ...judged,
      title: `Direct buffers hold ${formatBytes(used)}, ${formatPercent(used / limit)} of their limit${untilFull === undefined ? "" : `, and grow: full in ${formatSpan(untilFull)}`}`,
      impact: { value: used, unit: "bytes" },
      evidence: [
        fact("limit (-XX:MaxDirectMemorySize, else -Xmx)", limit, "bytes", "jdk.DirectBufferStatistics"),
        fact("buffers", events.number("count", last), "count", "jdk.DirectBufferStatistics"),
        fact("at the start", events.number("memoryUsed", 0), "bytes", "jdk.DirectBufferStatistics"),
      ],
      advice:
        "Take a heap dump: heap/direct-memory tells who owns the buffers. They are freed only when their objects are collected: pool them, or bound the pool, before raising -XX:MaxDirectMemorySize.",
    }),
  ];
}

/** What grows now may be filling a pool: only that it will be full soon is worth a warning. */
function judgeGrowth(secondsUntilFull: number | undefined) {
  if (secondsUntilFull === undefined) return undefined;
  const isSoon = secondsUntilFull < jvmThresholds.gc.liveSet.hoursToFull.critical * 3600;
  return isSoon ? { severity: "warning" as const, score: 60 } : { severity: "info" as const, score: 40 };
}

/** Bytes a second, when each of the later counts is above the one before: there are few of them. */
function growthOf(recording: RecordingEvidence): number | undefined {
  const events = eventsOf(recording, "jdk.DirectBufferStatistics");
  const later = rowsOf(events).slice(Math.floor(events.rows / 4));
  const values = later.map((row) => events.number("memoryUsed", row));
  const isRising = values.every((value, index) => index === 0 || value > values[index - 1]!);
  const grown = (values.at(-1) ?? 0) - (values[0] ?? 0);
  if (later.length < 4 || !isRising || grown < limits.directGrowthBytes) return undefined;
  return grown / (events.start(later.at(-1)!) - events.start(later[0]!));
}
