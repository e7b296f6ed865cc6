import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence, Severity } from "../src/model/finding.ts";
import { formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import type { Section } from "../src/model/section.ts";
import { callSitesOf } from "./call-sites.ts";
import { limitsEvidence } from "./capture-limits.ts";
import { outerNameOf, stableNameOf } from "./class-names.ts";
import { shortFrameName, stableFrameName } from "./frame-names.ts";
import { formatDuration, scoreOfThreads, told } from "./hot-wording.ts";
import { holderOf, type LockHolder } from "./lock-holders.ts";
import { describePools } from "./pool-wording.ts";
import { type StallFigures, type StallGroup, stallGroupsOf } from "./stall-groups.ts";
import { stallEvents } from "./stall-kinds.ts";
import { StallLookup } from "./stall-lookup.ts";
import { stallsOf } from "./stalls.ts";
import { hotThresholds } from "./thresholds-hot.ts";

/** Monitors and `java.util.concurrent` locks that threads queue for; workers that wait for work are not among them. */
export const locks: Analyzer<"recording"> = {
  name: "locks",
  description: "locks that threads queue for, who had them and what they did meanwhile",
  needs: ["recording"],
  analyze({ recording }, options) {
    const stalls = stallsOf(recording);
    const sites = callSitesOf(recording.stacks);
    const groups = stallGroupsOf(recording, stalls, sites, ["monitor", "lock"]);
    const lookup = new StallLookup(recording, stalls, sites);
    const accused = groups.filter(({ figures }) => severityOf(figures) !== undefined);
    return {
      findings: accused
        .slice(0, hotThresholds.rows.findings)
        .map((group) => findingOf(recording, group, holderOf(recording, stalls, { lookup, group }))),
      sections: groups.length === 0 ? [] : [sectionOf(groups, options.top)],
    };
  },
};

function severityOf({ count, meanThreads, share }: StallFigures): Severity | undefined {
  const limits = hotThresholds.lock;
  if (count < limits.events || meanThreads < limits.infoThreads || share < limits.infoShare) return undefined;
  if (meanThreads >= limits.criticalThreads && share >= limits.criticalShare) return "critical";
  if (meanThreads >= limits.warningThreads && share >= limits.warningShare) return "warning";
  return "info";
}

/** Whether there is nearly always a queue, and it is one of several threads. */
function isConvoy({ coverage, peakThreads, meanThreads }: StallFigures): boolean {
  const { convoyCoverage, convoyThreads, convoyMeanThreads } = hotThresholds.lock;
  return coverage >= convoyCoverage && peakThreads >= convoyThreads && meanThreads >= convoyMeanThreads;
}

function findingOf(recording: RecordingEvidence, group: StallGroup, holder: LockHolder): Finding {
  const { figures, kind, subject, site } = group;
  const rule = isConvoy(figures) ? "lock/convoy" : "lock/contended";
  const lock = lockNameOf(group);
  const place = shortFrameName(site);
  const waiting = formatNumberOf(figures.threads.length, "thread");
  const title =
    rule === "lock/convoy"
      ? `${waiting} queue for ${lock} in \`${place}\`: ${formatPercent(figures.share)} of their time, up to ${figures.peakThreads} at once`
      : `${waiting} lost ${formatPercent(figures.share)} of their time waiting for ${lock} in \`${place}\``;
  return {
    rule,
    key: `${rule}:${stableNameOf(subject)}:${stableFrameName(site)}`,
    severity: severityOf(figures)!,
    score: scoreOfThreads(figures.meanThreads),
    title,
    impact: { value: figures.totalSeconds, unit: "seconds" },
    evidence: [
      told("waited", waitSentence(figures), "sections.locks"),
      told("who", describePools(recording.threads, figures.threads), "sections.locks"),
      ...holderEvidence(holder),
      ...limitsEvidence(recording, stallEvents[kind]),
    ],
    advice: adviceOf(place, holder),
    docs: "rules/lock.md",
  };
}

function waitSentence({ count, totalSeconds, p50Seconds, p99Seconds, maxSeconds }: StallFigures): string {
  return `${formatNumberOf(count, "time")}, ${formatDuration(totalSeconds)} in all; half of them ${formatDuration(p50Seconds)} or more, p99 ${formatDuration(p99Seconds)}, longest ${formatDuration(maxSeconds)}`;
}

function holderEvidence({ pool, share, doing, isTold }: LockHolder): readonly FindingEvidence[] {
  if (pool === undefined) return [];
  const source = isTold ? "previousOwner" : "stackTrace";
  if (doing === undefined) return [told("held by", `\`${pool}\` before ${formatPercent(share)} of the waits`, source)];
  const how = isTold ? "" : ", by its stacks: the JVM does not say who has such a lock";
  return [told("held by", `\`${pool}\`, ${doing} during ${formatPercent(share)} of the waiting${how}`, source)];
}

function adviceOf(place: string, { doing }: LockHolder): string {
  if (doing !== undefined) {
    return `Move that out of the lock: do the blocking work before \`${place}\` takes it or after, and hold it only to publish the result.`;
  }
  return `Hold the lock for less: take slow work out of it, split it (one per shard or key), or replace it in \`${place}\` by a concurrent structure.`;
}

function lockNameOf({ kind, subject }: StallGroup): string {
  const className = subject === "" ? "a lock" : `\`${outerNameOf(subject)}\``;
  return kind === "monitor"
    ? `the monitor of ${className}`
    : subject.includes("$")
      ? `a \`${ownerOf(subject)}\``
      : className;
}

/** `ReentrantLock` of `java.util.concurrent.locks.ReentrantLock$NonfairSync`. */
function ownerOf(className: string): string {
  return outerNameOf(className).replace(/\$(Nonfair|Fair)?Sync$/, "");
}

function sectionOf(groups: readonly StallGroup[], top: number): Section {
  return {
    name: "locks",
    title: "Locks",
    data: groups.slice(0, hotThresholds.rows.groups).map(({ kind, subject, site, figures }) => ({
      kind,
      className: subject,
      site,
      waits: figures.count,
      totalSeconds: figures.totalSeconds,
      p50Seconds: figures.p50Seconds,
      p99Seconds: figures.p99Seconds,
      maxSeconds: figures.maxSeconds,
      threads: figures.threads.length,
      peakThreads: figures.peakThreads,
      share: figures.share,
    })),
    tables: [
      {
        title: "Waits for locks, by class and site",
        columns: [
          { title: "lock", kind: "className" },
          { title: "site", kind: "text" },
          { title: "waits", kind: "count" },
          { title: "total", kind: "seconds" },
          { title: "p99", kind: "text" },
          { title: "threads", kind: "count" },
          { title: "at once", kind: "count" },
        ],
        rows: groups
          .slice(0, top)
          .map(({ subject, site, figures }) => [
            outerNameOf(subject),
            shortFrameName(site),
            figures.count,
            figures.totalSeconds,
            formatDuration(figures.p99Seconds),
            figures.threads.length,
            figures.peakThreads,
          ]),
        omittedRows: Math.max(0, groups.length - top),
      },
    ],
    blocks: [],
    shownByDefault: false,
  };
}
