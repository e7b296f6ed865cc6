import type { Finding, Severity } from "../src/model/finding.ts";
import { formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { limitsEvidence } from "./capture-limits.ts";
import { shortFrameName, stableFrameName } from "./frame-names.ts";
import { formatDuration, scoreOfThreads, told } from "./hot-wording.ts";
import { describePools } from "./pool-wording.ts";
import { folderOf, type StallFigures, type StallGroup } from "./stall-groups.ts";
import { type StallKind, stallEvents } from "./stall-kinds.ts";
import { hotThresholds } from "./thresholds-hot.ts";

const limits = hotThresholds.io;

const fileKinds: readonly StallKind[] = ["file-read", "file-write", "fsync"];

/** `io/slow-file`: reads, writes and syncs that take long, per path. */
export function slowFiles(recording: RecordingEvidence, groups: readonly StallGroup[]): readonly Finding[] {
  return groups
    .filter(({ kind }) => fileKinds.includes(kind))
    .flatMap((group) => {
      const severity = group.kind === "fsync" ? syncSeverity(group.figures) : transferSeverity(group.figures);
      return severity === undefined ? [] : [slowFile(recording, group, severity)];
    })
    .slice(0, hotThresholds.rows.findings);
}

function transferSeverity(figures: StallFigures): Severity | undefined {
  const { share, totalSeconds, maxSeconds, p99Seconds, count } = figures;
  if (maxSeconds >= limits.longestWarningSeconds) return "warning";
  if (share >= limits.warningShare && totalSeconds >= limits.warningTotalSeconds && count >= limits.events) {
    return "warning";
  }
  if (maxSeconds >= limits.longestInfoSeconds) return "info";
  return count >= limits.tailEvents && p99Seconds >= limits.infoSeconds ? "info" : undefined;
}

function syncSeverity({ count, p50Seconds, p99Seconds, maxSeconds }: StallFigures): Severity | undefined {
  if (maxSeconds >= limits.longestWarningSeconds) return "warning";
  if (count < limits.events) return undefined;
  if (p50Seconds >= limits.fsync.slowWarningSeconds) return "warning";
  return count >= limits.tailEvents && p99Seconds >= limits.fsync.slowSeconds ? "info" : undefined;
}

const operations: Partial<Record<StallKind, { readonly verb: string; readonly noun: string }>> = {
  "file-read": { verb: "Reading", noun: "read" },
  "file-write": { verb: "Writing", noun: "write" },
  fsync: { verb: "Syncing", noun: "sync" },
};

function slowFile(recording: RecordingEvidence, group: StallGroup, severity: Severity): Finding {
  const { kind, subject, site, figures } = group;
  const { verb, noun } = operations[kind]!;
  const place = shortFrameName(site);
  return {
    rule: "io/slow-file",
    key: `io/slow-file:${kind}:${subject}:${stableFrameName(site)}`,
    severity,
    score: scoreOfThreads(figures.meanThreads),
    title: `${verb} ${subject || "files"} took ${formatDuration(figures.p99Seconds)} at p99 and ${formatDuration(figures.maxSeconds)} at most, in \`${place}\``,
    impact: { value: figures.totalSeconds, unit: "seconds" },
    evidence: [
      told(`${noun}s`, latencySentence(figures, noun), "sections.io"),
      told("who", describePools(recording.threads, figures.threads), "sections.io"),
      ...limitsEvidence(recording, stallEvents[kind]),
    ],
    advice: `Look at the device below ${folderOf(subject) || "that path"} at that time (utilisation, queue, throttling of the volume); if it is well, do these ${noun}s away from \`${place}\`, or fewer and bigger ones.`,
    docs: "rules/io.md",
  };
}

function latencySentence(figures: StallFigures, noun: string): string {
  const { count, totalSeconds, p50Seconds, p99Seconds, share } = figures;
  return `${formatNumberOf(count, noun)}, ${formatDuration(totalSeconds)} in all, ${formatPercent(share)} of the time of their threads; p50 ${formatDuration(p50Seconds)}, p99 ${formatDuration(p99Seconds)}`;
}

/** `io/slow-socket`: peers that let threads wait; a server's wait for its next request is not among them. */
export function slowSockets(recording: RecordingEvidence, groups: readonly StallGroup[]): readonly Finding[] {
  return groups
    .filter(({ kind }) => kind === "socket-read" || kind === "socket-write")
    .flatMap((group) => {
      const severity = socketSeverity(recording, group);
      return severity === undefined ? [] : [slowSocket(recording, group, severity)];
    })
    .slice(0, hotThresholds.rows.findings);
}

function socketSeverity(recording: RecordingEvidence, { kind, figures }: StallGroup): Severity | undefined {
  const { count, share, totalSeconds, maxSeconds, p99Seconds } = figures;
  if (count < limits.events) return undefined;
  if (kind === "socket-read" && isListening(recording, figures)) return undefined;
  if (share >= limits.warningShare && totalSeconds >= limits.warningTotalSeconds) return "warning";
  if (p99Seconds >= limits.socketWarningSeconds) return "warning";
  return maxSeconds >= limits.socketInfoSeconds ? "info" : undefined;
}

/** A thread that does hardly anything but wait for one peer listens for what may come: a stream, a subscription. */
function isListening({ durationSeconds }: RecordingEvidence, figures: StallFigures): boolean {
  return figures.share > 0.9 && figures.p50Seconds > 0.05 * durationSeconds;
}

function slowSocket(recording: RecordingEvidence, group: StallGroup, severity: Severity): Finding {
  const { kind, subject, site, figures } = group;
  const place = shortFrameName(site);
  const isRead = kind === "socket-read";
  const peer = subject || "a peer";
  return {
    rule: "io/slow-socket",
    key: `io/slow-socket:${kind}:${subject}:${stableFrameName(site)}`,
    severity,
    score: scoreOfThreads(figures.meanThreads),
    title: isRead
      ? `${peer} let \`${place}\` wait ${formatDuration(figures.p50Seconds)} per answer, ${formatPercent(figures.share)} of the time of ${formatNumberOf(figures.threads.length, "thread")}`
      : `Sending to ${peer} blocked \`${place}\` for ${formatDuration(figures.p99Seconds)} at p99`,
    impact: { value: figures.totalSeconds, unit: "seconds" },
    evidence: [
      told(isRead ? "reads" : "writes", latencySentence(figures, isRead ? "read" : "write"), "sections.io"),
      told("who", describePools(recording.threads, figures.threads), "sections.io"),
      ...limitsEvidence(recording, stallEvents[kind]),
    ],
    advice: isRead
      ? `Find out what ${peer} does in that time; meanwhile give the call a deadline, and let \`${place}\` ask in parallel or in batches.`
      : `The peer does not read as fast as this sends: look at ${peer} and at the network between, and bound what may be outstanding.`,
    docs: "rules/io.md",
  };
}
