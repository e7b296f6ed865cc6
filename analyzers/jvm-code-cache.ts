import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatBytes, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf, valuesOf } from "./event-rows.ts";
import { kindOfCause } from "./gc-causes.ts";
import { collectionsOf } from "./gc-collections.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { flagNumber, flagsOf } from "./recorded-flags.ts";
import { groupedBy } from "./recorded-stacks.ts";
import { formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.codeCache;

/** Room for compiled code: full, nearly full, or swept in search of room. */
export const jvmCodeCache: Analyzer<"recording"> = {
  name: "jvm-code-cache",
  description: "whether compiled code has room: a full code cache, one that is nearly full, and sweeping",
  needs: ["recording"],
  analyze: ({ recording }) => {
    const full = fullCache(recording);
    return { findings: full.length > 0 ? full : [...nearlyFull(recording), ...collections(recording)], sections: [] };
  },
};

function fullCache(recording: RecordingEvidence): Finding[] {
  const events = eventsOf(recording, "jdk.CodeCacheFull");
  const statistics = eventsOf(recording, "jdk.CodeCacheStatistics");
  const fullCount = Math.max(0, ...valuesOf(statistics, "fullCount"), ...valuesOf(events, "fullCount"));
  if (events.rows === 0 && fullCount === 0) return [];
  const reserved = reservedOf(recording);
  const part = events.text("codeBlobType", 0);
  const times = events.rows > 0 ? formatNumberOf(events.rows + events.omittedRows, "time") : "before the recording";
  return [
    findingOf({
      rule: "jvm/code-cache",
      severity: events.rows > 0 ? "critical" : "warning",
      score: events.rows > 0 ? 85 : 60,
      title: `The code cache${reserved === undefined ? "" : ` of ${formatBytes(reserved)}`} was full, ${times}: methods stay interpreted or lose their compiled code`,
      impact: { value: reserved ?? 0, unit: "bytes" },
      evidence: [
        ...(part === undefined ? [] : [fact("part", part, "text", "jdk.CodeCacheFull")]),
        fact("full, since the JVM's start", fullCount, "count", "jdk.CodeCacheStatistics"),
        ...sweepFacts(recording),
      ],
      advice: adviceFor(reserved),
    }),
  ];
}

/** Used share of the fullest part, at the end of the recording. */
function nearlyFull(recording: RecordingEvidence): Finding[] {
  const statistics = eventsOf(recording, "jdk.CodeCacheStatistics");
  const parts = new Map<string, { readonly used: number; readonly size: number }>();
  for (const row of rowsOf(statistics)) {
    const size = statistics.number("reservedTopAddress", row) - statistics.number("startAddress", row);
    const used = size - statistics.number("unallocatedCapacity", row);
    const name = statistics.text("codeBlobType", row);
    if (name !== undefined && size > 0 && used >= 0) parts.set(name, { used, size });
  }
  const [fullest] = [...parts]
    .filter(([name]) => !/non-nmethods/.test(name))
    .map(([name, { used, size }]) => ({ name, used, size, ratio: used / size }))
    .sort((a, b) => b.ratio - a.ratio);
  const judged = fullest && judge(fullest.ratio, limits.used);
  if (fullest === undefined || judged === undefined) return [];
  return [
    findingOf({
      rule: "jvm/code-cache",
      ...judged,
      title: `${fullest.name} is ${formatPercent(fullest.ratio)} full: ${formatBytes(fullest.used)} of ${formatBytes(fullest.size)}`,
      impact: { value: fullest.used, unit: "bytes" },
      evidence: [
        ...[...parts].map(([name, { used, size }]) =>
          fact(name, `${formatBytes(used)} of ${formatBytes(size)}`, "text", "jdk.CodeCacheStatistics"),
        ),
        ...sweepFacts(recording),
      ],
      advice: adviceFor(reservedOf(recording)),
    }),
  ];
}

/** Since JDK 20, code is found that can go by collecting the heap. */
function collections(recording: RecordingEvidence): Finding[] {
  const caused = collectionsOf(recording).filter(({ cause }) => kindOfCause(cause) === "codeCache");
  const judged = judge(caused.length, limits.collections);
  if (judged === undefined) return [];
  const seconds = caused.reduce((sum, { pauseSeconds }) => sum + pauseSeconds, 0);
  return [
    findingOf({
      rule: "jvm/code-cache",
      key: "jvm/code-cache#collections",
      ...judged,
      title: `${formatNumberOf(caused.length, "collection")} to make room in the code cache: ${formatSpan(seconds)} of pauses`,
      impact: { value: seconds, unit: "seconds" },
      evidence: groupedBy(caused, ({ cause }) => cause).map(({ key, count }) =>
        fact(key, count, "count", "jdk.GarbageCollection"),
      ),
      advice: adviceFor(reservedOf(recording)),
    }),
  ];
}

function reservedOf(recording: RecordingEvidence): number | undefined {
  const configured = eventsOf(recording, "jdk.CodeCacheConfiguration").number("reservedSize", 0);
  return configured > 0 ? configured : flagNumber(flagsOf(recording), "ReservedCodeCacheSize");
}

/** What was thrown out to make room: by the sweeper until JDK 19, by restarts of the compiler. */
function sweepFacts(recording: RecordingEvidence): FindingEvidence[] {
  const reclaimed = valuesOf(eventsOf(recording, "jdk.CodeSweeperStatistics"), "methodReclaimedCount");
  const restarts = recording.eventCounts.get("jdk.JITRestart") ?? 0;
  const grown = (reclaimed.at(-1) ?? 0) - (reclaimed[0] ?? 0);
  return [
    ...(grown > 0 ? [fact("methods thrown out by the sweeper", grown, "count", "jdk.CodeSweeperStatistics")] : []),
    ...(restarts > 0 ? [fact("restarts of the compiler", restarts, "count", "jdk.JITRestart")] : []),
  ];
}

function adviceFor(reserved: number | undefined): string {
  const wanted = reserved === undefined ? "twice as much" : `${Math.max(64, Math.ceil((reserved * 2) / 2 ** 20))}m`;
  return `Set -XX:ReservedCodeCacheSize=${wanted}; if code keeps growing, classes are being generated without end: see jvm/class-loading.`;
}
