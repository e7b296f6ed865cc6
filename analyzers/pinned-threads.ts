import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, Severity } from "../src/model/finding.ts";
import { formatCount, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { EventTable, RecordingEvidence } from "../src/model/recording.ts";
import { callSitesOf, siteNameOf } from "./call-sites.ts";
import { limitsEvidence } from "./capture-limits.ts";
import { indexesOf, tableOf, textsOf, timesOf } from "./event-columns.ts";
import { shortFrameName, stableFrameName } from "./frame-names.ts";
import { formatDuration, scoreOfThreads, told } from "./hot-wording.ts";
import { quantile } from "./stall-groups.ts";
import { hotThresholds } from "./thresholds-hot.ts";

const limits = hotThresholds.threads;

/** Virtual threads that keep their carrier while they block. */
export const pinnedThreads: Analyzer<"recording"> = {
  name: "pinned-threads",
  description: "virtual threads that block while pinned to their carrier, with reason and site",
  needs: ["recording"],
  analyze({ recording }) {
    const table = tableOf(recording, "jdk.VirtualThreadPinned");
    if (table === undefined) return { findings: [], sections: [] };
    const findings = pinsOf(recording, table).flatMap((pin) => findingOf(recording, pin));
    return { findings: findings.slice(0, hotThresholds.rows.findings), sections: [] };
  },
};

interface Pin {
  readonly site: string;
  /** As the JVM says it, since JDK 24. */
  readonly reason: string | undefined;
  readonly operation: string | undefined;
  /** Sorted. */
  readonly durations: Float64Array;
  readonly carriers: number;
}

function pinsOf(recording: RecordingEvidence, table: EventTable): readonly Pin[] {
  const sites = callSitesOf(recording.stacks);
  const stack = indexesOf(table, "stackTrace", "stack");
  const { duration } = timesOf(table);
  const textAt = (field: string) => {
    const values = indexesOf(table, field, "text");
    const texts = textsOf(table, field);
    return (row: number) => texts[values[row]!];
  };
  const reasonAt = textAt("pinnedReason");
  const operationAt = textAt("blockingOperation");
  const carrier = indexesOf(table, "carrierThread", "thread");
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  const groups = Map.groupBy(rows, (row) => siteNameOf(recording.stacks, sites, stack[row]!));
  return [...groups]
    .map(([site, members]) => ({
      site,
      reason: reasonAt(members[0]!),
      operation: operationAt(members[0]!),
      durations: Float64Array.from(members, (row) => duration[row]!).sort(),
      carriers: new Set(members.map((row) => carrier[row]!).filter((thread) => thread >= 0)).size,
    }))
    .sort((a, b) => totalOf(b) - totalOf(a) || (a.site < b.site ? -1 : 1));
}

function totalOf({ durations }: Pin): number {
  return durations.reduce((sum, seconds) => sum + seconds, 0);
}

function severityOf(pin: Pin, threads: number): Severity | undefined {
  if (pin.durations.length < limits.pinnedEvents || threads < limits.pinnedInfoThreads) return undefined;
  if (threads >= limits.pinnedCriticalThreads) return "critical";
  return threads >= limits.pinnedWarningThreads ? "warning" : "info";
}

function findingOf(recording: RecordingEvidence, pin: Pin): readonly Finding[] {
  const total = totalOf(pin);
  const threads = total / Math.max(recording.durationSeconds, 1e-9);
  const severity = severityOf(pin, threads);
  if (severity === undefined) return [];
  const place = shortFrameName(pin.site);
  const { durations, reason, operation, carriers } = pin;
  const why = [reason, operation].filter((text) => text !== undefined && text !== "").join("; ");
  return [
    {
      rule: "threads/pinned",
      key: `threads/pinned:${stableFrameName(pin.site)}`,
      severity,
      score: Math.min(100, scoreOfThreads(threads) + 25),
      title: `Virtual threads block ${formatNumberOf(durations.length, "time")} while pinned to their carrier in \`${place}\`, ${formatDuration(total)} in all`,
      impact: { value: total, unit: "seconds" },
      evidence: [
        told(
          "pinned for",
          `p50 ${formatDuration(quantile(durations, 0.5))}, p99 ${formatDuration(quantile(durations, 0.99))}, longest ${formatDuration(durations.at(-1)!)}`,
          "jdk.VirtualThreadPinned",
        ),
        ...(why === "" ? [] : [told("because", why, "jdk.VirtualThreadPinned")]),
        told(
          "carriers",
          `${carriers === 0 ? "" : `${formatCount(carriers)} seen, `}${formatPercent(Math.min(1, threads))} of one carrier was lost on average`,
          "jdk.VirtualThreadPinned",
        ),
        ...limitsEvidence(recording, ["jdk.VirtualThreadPinned"]),
      ],
      advice: /native|VM call|<clinit>/i.test(`${why} ${pin.site}`)
        ? `Take the blocking call out of native code and static initialisers below \`${place}\`, or run it in a pool of platform threads.`
        : `Replace \`synchronized\` around the blocking call in \`${place}\` by a ReentrantLock, or run on JDK 24 or newer, where monitors do not pin.`,
      docs: "rules/threads.md",
    },
  ];
}
