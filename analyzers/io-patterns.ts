import type { Finding, Severity } from "../src/model/finding.ts";
import { formatBytes, formatCount, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { captureLimitsOf, limitsEvidence } from "./capture-limits.ts";
import { shortFrameName, stableFrameName } from "./frame-names.ts";
import { formatDuration, formatRate, scoreOfThreads, told } from "./hot-wording.ts";
import { describePools } from "./pool-wording.ts";
import type { StallFigures, StallGroup } from "./stall-groups.ts";
import { type StallKind, stallEvents } from "./stall-kinds.ts";
import type { Stalls } from "./stalls.ts";
import { hotThresholds } from "./thresholds-hot.ts";

const { fsync: syncLimits, small: smallLimits } = hotThresholds.io;

/** `io/fsync-storm`: so many syncs that what they cost is the service's speed. */
export function syncStorms(recording: RecordingEvidence, groups: readonly StallGroup[]): readonly Finding[] {
  return groups
    .filter(({ kind }) => kind === "fsync")
    .flatMap((group) => {
      const severity = stormSeverity(group.figures, rateOf(recording, group.figures));
      return severity === undefined ? [] : [stormOf(recording, group, severity)];
    })
    .slice(0, hotThresholds.rows.findings);
}

function rateOf(recording: RecordingEvidence, { count }: StallFigures): number {
  return count / Math.max(recording.durationSeconds, 1e-9);
}

function stormSeverity({ share, threads }: StallFigures, perSecond: number): Severity | undefined {
  const isBackground = threads.length === 1;
  if (perSecond < syncLimits.perSecond) return undefined;
  if (isBackground) {
    if (share < syncLimits.warningShare) return undefined;
    return share >= syncLimits.backgroundShare ? "warning" : "info";
  }
  if (share >= syncLimits.criticalShare) return "critical";
  return share >= syncLimits.warningShare || perSecond >= syncLimits.stormPerSecond ? "warning" : "info";
}

function stormOf(recording: RecordingEvidence, group: StallGroup, severity: Severity): Finding {
  const { subject, site, figures } = group;
  const place = shortFrameName(site);
  return {
    rule: "io/fsync-storm",
    key: `io/fsync-storm:${subject}:${stableFrameName(site)}`,
    severity,
    score: scoreOfThreads(figures.meanThreads),
    title: `\`${place}\` syncs ${subject || "files"} ${formatRate(rateOf(recording, figures))}: ${formatPercent(figures.share)} of the time of ${formatNumberOf(figures.threads.length, "thread")}`,
    impact: { value: figures.totalSeconds, unit: "seconds" },
    evidence: [
      told(
        "syncs",
        `${formatCount(figures.count)}, ${formatDuration(figures.totalSeconds)} in all; p50 ${formatDuration(figures.p50Seconds)}, p99 ${formatDuration(figures.p99Seconds)}, longest ${formatDuration(figures.maxSeconds)}`,
        "sections.io",
      ),
      told("who", describePools(recording.threads, figures.threads), "sections.io"),
      ...limitsEvidence(recording, stallEvents.fsync),
    ],
    advice:
      figures.threads.length === 1
        ? `Let \`${place}\` wait a few milliseconds and sync what has come in meanwhile in one go.`
        : `Commit in groups: let one thread sync for all that wait in \`${place}\`, so that the number of syncs does not grow with the number of records.`,
    docs: "rules/io.md",
  };
}

/** `io/small`: so little per read or write that the calls themselves are the cost; where each is synced, that is. */
export function smallTransfers(
  recording: RecordingEvidence,
  stalls: Stalls,
  groups: readonly StallGroup[],
): readonly Finding[] {
  const synced = new Set(
    groups
      .filter(
        ({ kind, figures }) => kind === "fsync" && stormSeverity(figures, rateOf(recording, figures)) !== undefined,
      )
      .map(({ subject }) => subject),
  );
  return groups
    .filter(({ kind }) => kind === "file-read" || kind === "file-write")
    .filter(({ subject }) => !synced.has(subject))
    .flatMap((group) => {
      const bytes = bytesPerOperation(stalls, group.rows);
      const perSecond = operationsPerSecond(recording, group);
      const isSmall = bytes !== undefined && bytes <= smallLimits.bytes;
      const isMany = group.figures.count >= smallLimits.operations && perSecond >= smallLimits.perSecond;
      return isSmall && isMany ? [smallTransfer(recording, group, { bytes, perSecond })] : [];
    })
    .slice(0, hotThresholds.rows.findings);
}

function bytesPerOperation(stalls: Stalls, rows: readonly number[]): number | undefined {
  let bytes = 0;
  let operations = 0;
  for (const row of rows) {
    if (!(stalls.bytes[row]! >= 0)) continue;
    bytes += stalls.bytes[row]!;
    operations++;
  }
  return operations === 0 ? undefined : bytes / operations;
}

/** What the table had no room for is of the same kind more often than not: it is shared out by what was kept. */
function operationsPerSecond(recording: RecordingEvidence, { kind, figures }: StallGroup): number {
  const [event = ""] = stallEvents[kind];
  const table = recording.tables.get(event);
  const kept = table === undefined || table.rows === 0 ? 1 : (table.rows + table.omittedRows) / table.rows;
  return rateOf(recording, figures) * kept;
}

function smallTransfer(
  recording: RecordingEvidence,
  { kind, subject, site, figures }: StallGroup,
  { bytes, perSecond }: { readonly bytes: number; readonly perSecond: number },
): Finding {
  const place = shortFrameName(site);
  const verb = kind === "file-read" ? "reads" : "writes";
  const isLowerBound = isPartial(recording, kind);
  return {
    rule: "io/small",
    key: `io/small:${kind}:${subject}:${stableFrameName(site)}`,
    severity: perSecond >= smallLimits.warningPerSecond ? "warning" : "info",
    score: scoreOfThreads(figures.meanThreads + perSecond / 100_000),
    title: `\`${place}\` ${verb} ${subject || "files"} ${formatBytes(Math.round(bytes))} at a time, ${isLowerBound ? "at least " : ""}${formatRate(perSecond)}`,
    impact: { value: figures.totalSeconds, unit: "seconds" },
    evidence: [
      told(
        verb,
        `${formatCount(figures.count)} of ${formatBytes(Math.round(bytes))} on average, p50 ${formatDuration(figures.p50Seconds)}, ${formatDuration(figures.totalSeconds)} in all`,
        "sections.io",
      ),
      told("who", describePools(recording.threads, figures.threads), "sections.io"),
      ...limitsEvidence(recording, stallEvents[kind]),
    ],
    advice: `Put a buffer of 8 KiB or more between \`${place}\` and the file (BufferedInputStream, BufferedOutputStream, one ByteBuffer per block), or map it.`,
    docs: "rules/io.md",
  };
}

function isPartial(recording: RecordingEvidence, kind: StallKind): boolean {
  return stallEvents[kind].some((event) => {
    const { thresholdSeconds, throttle } = captureLimitsOf(recording, event);
    return throttle !== undefined || (thresholdSeconds ?? 0) > 0;
  });
}
