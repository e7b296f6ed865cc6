import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { Section } from "../src/model/section.ts";
import { callSitesOf } from "./call-sites.ts";
import { limitsEvidence } from "./capture-limits.ts";
import { clockSpan } from "./clock-span.ts";
import { cpuProfileOf } from "./cpu-profile.ts";
import { formatDuration, scoreOfThreads, told } from "./hot-wording.ts";
import { describePools } from "./pool-wording.ts";
import { type SlowWindow, slowWindowsOf } from "./slow-windows.ts";
import { StallLookup } from "./stall-lookup.ts";
import { stallsOf } from "./stalls.ts";
import { stopsOf } from "./stops.ts";
import { hotThresholds } from "./thresholds-hot.ts";
import { type TimelineSeries, timelineSeriesOf } from "./timeline-series.ts";
import { wholePercents } from "./whole-percents.ts";
import { type WindowCause, type WindowEvidence, type WindowVerdict, windowVerdictOf } from "./window-causes.ts";

const limits = hotThresholds.slowWindow;

/** A window with what its time went to. */
interface JudgedWindow {
  readonly window: SlowWindow;
  readonly verdict: WindowVerdict;
}

/** The worst moments of the recording, and what the time of the slowed threads went to: it adds up to all of it. */
export const timeline: Analyzer<"recording" | "profiles"> = {
  name: "timeline",
  description: "the slowest windows, with a verdict on what the time of the slowed threads went to",
  needs: ["recording", "profiles"],
  analyze({ recording, profiles }) {
    const stalls = stallsOf(recording);
    const stops = stopsOf(recording);
    const sites = callSitesOf(recording.stacks);
    const series = timelineSeriesOf(recording, profiles, { stalls, stops });
    const lookup = new StallLookup(recording, stalls, sites);
    const evidence = { recording, profiles, cpu: cpuProfileOf(profiles), stalls, stops, sites, lookup };
    const windows = slowWindowsOf(series)
      .map((window) => ({ window, verdict: windowVerdictOf(evidence, window) }))
      .filter(({ verdict }) => verdict.threads.length > 0 && verdict.causes.some(({ isLost }) => isLost));
    return {
      findings: windows
        .filter(isWorthTelling)
        .slice(0, 1)
        .map((judged) => findingOf(evidence, judged)),
      sections: [sectionOf(evidence, series, windows)],
    };
  },
};

function isWorthTelling({ window, verdict }: JudgedWindow): boolean {
  if (window.toSeconds - window.fromSeconds < limits.seconds) return false;
  return verdict.lostSeconds >= limits.lostSeconds && verdict.lostSeconds >= limits.lostShare * verdict.seconds;
}

function findingOf(evidence: WindowEvidence, { window, verdict }: JudgedWindow): Finding {
  const { recording } = evidence;
  const length = window.toSeconds - window.fromSeconds;
  const life = Math.max(...verdict.threads.map((thread) => evidence.stalls.lifeSeconds[thread]!));
  const isTransient = length <= limits.transientShare * life;
  const lostShare = verdict.lostSeconds / verdict.seconds;
  const isWarning = isTransient && lostShare >= limits.warningShare;
  const meanThreads = verdict.lostSeconds / length;
  const parts = partsOf(verdict);
  const [main] = parts.filter(({ cause }) => cause.isLost);
  const span = isTransient ? clockSpan(recording.startMillis, window) : "All along";
  return {
    rule: "timeline/slow-window",
    key: `timeline/slow-window:${main?.cause.what ?? ""}`,
    severity: isWarning ? "warning" : "info",
    score: Math.min(100, scoreOfThreads(meanThreads) + (isTransient ? 10 : 0)),
    title: `${span}: ${formatNumberOf(verdict.threads.length, "thread")} lost ${formatPercent(lostShare)} of their time: ${titleCauses(parts)}`,
    impact: { value: verdict.lostSeconds, unit: "seconds" },
    evidence: [
      ...parts.map(({ cause, percent }) => causeEvidence(cause, percent)),
      told("who", describePools(recording.threads, verdict.threads), "sections.timeline"),
      ...limitsEvidence(recording, ["jdk.ThreadPark", "jdk.JavaMonitorEnter", "jdk.FileRead"]),
    ],
    advice: adviceOf(main?.cause, isTransient),
    docs: "rules/timeline.md",
  };
}

interface Part {
  readonly cause: WindowCause;
  readonly percent: number;
}

/** The largest causes and the rest as one, in whole percent that add up to 100. */
function partsOf({ causes, seconds }: WindowVerdict): readonly Part[] {
  const shown = causes.slice(0, limits.causes);
  const rest = causes.slice(limits.causes).reduce((sum, cause) => sum + cause.seconds, 0);
  const other: WindowCause = { what: "all else", seconds: rest, behindLockSeconds: 0, isLost: false };
  const listed = rest > 0 ? [...shown, other] : shown;
  const percents = wholePercents(listed.map((cause) => cause.seconds / seconds));
  return listed.map((cause, index) => ({ cause, percent: percents[index]! })).filter(({ percent }) => percent > 0);
}

function titleCauses(parts: readonly Part[]): string {
  return parts
    .filter(({ cause, percent }) => cause.isLost && percent >= 2)
    .slice(0, 3)
    .map(({ cause, percent }) => `${percent} % ${cause.what}`)
    .join(", ");
}

function causeEvidence({ what, seconds, behindLockSeconds }: WindowCause, percent: number): FindingEvidence {
  const behind =
    behindLockSeconds > 0.05 * seconds
      ? `, ${formatPercent(behindLockSeconds / seconds)} of it waiting for the lock of the one who did it`
      : "";
  return told(`${percent} %`, `${what}, ${formatDuration(seconds)}${behind}`, "sections.timeline");
}

function adviceOf(main: WindowCause | undefined, isTransient: boolean): string {
  const when = isTransient ? "then" : "all along";
  if (main === undefined) return "See the other findings.";
  if (main.behindLockSeconds > 0.3 * main.seconds) {
    return `Take that work out of the lock that the others wait for, or make it short: it held them up ${when}.`;
  }
  if (main.what.startsWith("garbage collection")) {
    return "Look at the collector: what it was called for, and whether the heap was nearly full.";
  }
  return `Start with the first of these: it is what most of the time went to ${when}. The findings of its own rule say what to do.`;
}

function sectionOf(evidence: WindowEvidence, series: TimelineSeries, windows: readonly JudgedWindow[]): Section {
  const { startMillis } = evidence.recording;
  return {
    name: "timeline",
    title: "Timeline",
    data: {
      binSeconds: series.binSeconds,
      startTime: new Date(startMillis).toISOString(),
      series: seriesJson(series),
      windows: windows.map(({ window, verdict }) => ({
        fromSeconds: window.fromSeconds,
        toSeconds: window.toSeconds,
        threads: verdict.threads.length,
        seconds: verdict.seconds,
        lostSeconds: verdict.lostSeconds,
        causes: verdict.causes.map((cause) => ({ ...cause, share: cause.seconds / verdict.seconds })),
      })),
    },
    tables: windows.map(({ window, verdict }) => ({
      title: `${clockSpan(startMillis, window)}: the time of ${formatNumberOf(verdict.threads.length, "slowed thread")}`,
      columns: [
        { title: "share", kind: "ratio" as const },
        { title: "time", kind: "seconds" as const },
        { title: "went to", kind: "text" as const },
      ],
      rows: verdict.causes
        .slice(0, 2 * limits.causes)
        .map(({ what, seconds }) => [seconds / verdict.seconds, seconds, what.replaceAll("`", "")]),
      omittedRows: Math.max(0, verdict.causes.length - 2 * limits.causes),
    })),
    blocks: [],
    shownByDefault: false,
  };
}

/** By cause, one number per bin; causes that never occur are left out. */
function seriesJson({ stalled, collection, safepoint, running, throttled }: TimelineSeries): unknown {
  const all = { running, gc: collection, safepoint, throttled, ...stalled };
  return Object.fromEntries(
    Object.entries(all)
      .filter(([, values]) => values.some((value) => value > 0))
      .map(([name, values]) => [name, Array.from(values, (value) => Number(value.toFixed(6)))]),
  );
}
