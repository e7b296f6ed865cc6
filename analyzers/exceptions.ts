import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence, Severity } from "../src/model/finding.ts";
import { formatCount, formatPercent } from "../src/model/format-number.ts";
import type { ProfileSet } from "../src/model/profile.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { callSitesOf, siteNameOf } from "./call-sites.ts";
import { limitsEvidence } from "./capture-limits.ts";
import { outerNameOf, stableNameOf } from "./class-names.ts";
import { costKinds } from "./cost-kinds.ts";
import { cpuProfileOf } from "./cpu-profile.ts";
import { numbersOf, tableOf, timesOf } from "./event-columns.ts";
import { shortFrameName, stableFrameName } from "./frame-names.ts";
import { formatRate, told } from "./hot-wording.ts";
import { siteTotalsOf } from "./site-totals.ts";
import { hotThresholds } from "./thresholds-hot.ts";

const limits = hotThresholds.exceptions;

/** How often exceptions and errors are thrown, of which class and where. Their messages are not shown. */
export const exceptions: Analyzer<"recording" | "profiles"> = {
  name: "exceptions",
  description: "exceptions as control flow and errors, by class and site",
  needs: ["recording", "profiles"],
  analyze({ recording, profiles }) {
    return {
      findings: [...exceptionFindings(recording, profiles), ...errorFindings(recording, profiles)],
      sections: [],
    };
  },
};

/** Throwables of one class at one site. */
interface Thrown {
  readonly className: string;
  readonly site: string;
  readonly count: number;
}

/** From the events of one type, which are a profile: each with its class and stack. */
function thrownOf({ profiles }: ProfileSet, event: string): readonly Thrown[] {
  const profile = profiles.find((each) => each.event === event);
  if (profile === undefined) return [];
  const { stacks, sampleStack, sampleCount, sampleLabel, labels = [] } = profile;
  const sites = callSitesOf(stacks);
  const counts = new Map<string, { className: string; site: string; count: number }>();
  for (let sample = 0; sample < sampleStack.length; sample++) {
    const className = labels[sampleLabel?.[sample] ?? -1] ?? "unknown";
    if (harmless.test(className)) continue;
    const site = siteNameOf(stacks, sites, sampleStack[sample]!);
    const entry = counts.get(`${className}\n${site}`) ?? { className, site, count: 0 };
    counts.set(`${className}\n${site}`, entry);
    entry.count += sampleCount[sample]!;
  }
  return [...counts.values()].sort(
    (a, b) => b.count - a.count || (`${a.className}${a.site}` < `${b.className}${b.site}` ? -1 : 1),
  );
}

function exceptionFindings(recording: RecordingEvidence, profiles: ProfileSet): readonly Finding[] {
  const perSecond = throwablesPerSecond(recording);
  const cost = costOf(profiles);
  const severity = severityOf(perSecond, cost);
  if (severity === undefined) return [];
  const thrown = thrownOf(profiles, thrownEvent);
  const [first] = thrown;
  const site = first === undefined ? "" : shortFrameName(first.site);
  const who = first === undefined ? "" : `, most \`${outerNameOf(first.className)}\` in \`${site}\``;
  return [
    {
      rule: "cpu/exceptions",
      key: `cpu/exceptions${first === undefined ? "" : `:${stableNameOf(first.className)}:${stableFrameName(first.site)}`}`,
      severity,
      score: Math.round(100 * Math.max(cost, Math.min(1, perSecond / (2 * limits.warningPerSecond)))),
      title: `${formatRate(perSecond)} exceptions are thrown${who}`,
      impact: { value: perSecond, unit: "count" },
      evidence: [...thrownEvidence(thrown), ...costEvidence(cost), ...limitsEvidence(recording, [thrownEvent])],
      advice: `Do not throw where nothing is wrong${site === "" ? "" : ` in \`${site}\``}: test before parsing or looking up, return an empty value, or use an exception without stack trace.`,
      docs: "rules/cpu.md",
    },
  ];
}

const thrownEvent = "jdk.JavaExceptionThrow";

function thrownEvidence(thrown: readonly Thrown[]): readonly FindingEvidence[] {
  if (thrown.length === 0) {
    const how = "the recording only counts them; enable jdk.JavaExceptionThrow to see class and site";
    return [told("who", how, "jdk.ExceptionStatistics")];
  }
  const all = thrown.reduce((sum, { count }) => sum + count, 0);
  return thrown
    .slice(0, 3)
    .map(({ className, site, count }) =>
      told(
        outerNameOf(className),
        `${formatPercent(count / all)} of those seen, in ${shortFrameName(site)}`,
        thrownEvent,
      ),
    );
}

function costEvidence(cost: number): readonly FindingEvidence[] {
  if (cost === 0) return [];
  return [
    told("cost", `${formatPercent(cost)} of the processor time fills in their stack traces`, "sections.profiles"),
  ];
}

function severityOf(perSecond: number, cost: number): Severity | undefined {
  if (perSecond >= limits.warningPerSecond) return "warning";
  if (perSecond >= limits.costlyPerSecond && cost >= limits.costlyShare) return "warning";
  return perSecond >= limits.infoPerSecond ? "info" : undefined;
}

/** From the JVM's own counter where it was recorded, else from the events. */
function throwablesPerSecond(recording: RecordingEvidence): number {
  const statistics = tableOf(recording, "jdk.ExceptionStatistics");
  if (statistics !== undefined && statistics.rows > 1) {
    const { start } = timesOf(statistics);
    const throwables = numbersOf(statistics, "throwables");
    const seconds = start.at(-1)! - start[0]!;
    const count = throwables.at(-1)! - throwables[0]!;
    if (seconds > 0 && count >= 0) return count / seconds;
  }
  const events = recording.eventCounts.get("jdk.JavaExceptionThrow") ?? 0;
  return events / Math.max(recording.durationSeconds, 1e-9);
}

/** Share of processor time that goes into stack traces of throwables. */
function costOf(profiles: ProfileSet): number {
  const profile = cpuProfileOf(profiles);
  if (profile === undefined) return 0;
  const { sites, weight } = siteTotalsOf(profile, profiles.threads);
  const filling = sites.filter(({ costKind }) => costKinds[costKind]?.key === "exceptions");
  return weight > 0 ? filling.reduce((sum, site) => sum + site.weight, 0) / weight : 0;
}

/** The JDK looks for methods by catching these: they are thrown in a healthy service. */
const harmless = /^java\.lang\.(NoSuch(Method|Field)Error|IncompatibleClassChangeError|LinkageError)$/;
const fatal = /^java\.lang\.(OutOfMemoryError|StackOverflowError|InternalError)$/;

function errorFindings(recording: RecordingEvidence, profiles: ProfileSet): readonly Finding[] {
  const thrown = thrownOf(profiles, "jdk.JavaErrorThrow");
  const worst = thrown.find(({ className }) => fatal.test(className)) ?? thrown[0];
  if (worst === undefined) return [];
  const all = thrown.reduce((sum, { count }) => sum + count, 0);
  const perMinute = (60 * all) / Math.max(recording.durationSeconds, 60);
  const isFatal = fatal.test(worst.className);
  if (!isFatal && perMinute < limits.errorsInfoPerMinute) return [];
  const name = outerNameOf(worst.className);
  const isOutOfMemory = worst.className === "java.lang.OutOfMemoryError";
  return [
    {
      rule: "cpu/errors",
      key: `cpu/errors:${stableNameOf(worst.className)}:${stableFrameName(worst.site)}`,
      severity: isOutOfMemory ? "critical" : isFatal || perMinute >= limits.errorsWarningPerMinute ? "warning" : "info",
      score: isOutOfMemory ? 90 : Math.min(80, Math.round(perMinute)),
      title: `${formatCount(worst.count)} \`${name}\` thrown in \`${shortFrameName(worst.site)}\``,
      impact: { value: all, unit: "count" },
      evidence: thrown
        .slice(0, 4)
        .map(({ className, site, count }) =>
          told(outerNameOf(className), `${formatCount(count)} in ${shortFrameName(site)}`, "jdk.JavaErrorThrow"),
        ),
      advice: isOutOfMemory
        ? "Take a heap dump at the next one (`-XX:+HeapDumpOnOutOfMemoryError`) and let `jprof analyze` read it."
        : `Errors are no part of a healthy run: read the log of \`${shortFrameName(worst.site)}\` for the first of them.`,
      docs: "rules/cpu.md",
    },
  ];
}
