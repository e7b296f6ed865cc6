import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence, Severity } from "../src/model/finding.ts";
import { formatCount, formatPercent } from "../src/model/format-number.ts";
import type { Profile, ProfileSet } from "../src/model/profile.ts";
import { costKinds } from "./cost-kinds.ts";
import { busyThreads, cpuProfileOf, shareInterval } from "./cpu-profile.ts";
import { shortFrameName, stableFrameName } from "./frame-names.ts";
import { hotPathFindings } from "./hot-path.ts";
import { scoreOfThreads, told } from "./hot-wording.ts";
import { pathTo, type SiteTotal, type SiteTotals, siteTotalsOf } from "./site-totals.ts";
import { hotThresholds } from "./thresholds-hot.ts";

const limits = hotThresholds.cpu;

/** Methods and paths that processor time goes to, and the libraries that they spend it in. */
export const hotMethods: Analyzer<"profiles"> = {
  name: "hot-methods",
  description: "methods and paths that take the processors' time; regular expressions, logging, exceptions by name",
  needs: ["profiles"],
  analyze({ profiles }) {
    const profile = cpuProfileOf(profiles);
    if (profile === undefined) return { findings: [], sections: [] };
    const totals = siteTotalsOf(profile, profiles.threads);
    const findings = totals.sites.flatMap((site) => hotMethod(profile, profiles, totals, site));
    const told = findings.slice(0, hotThresholds.rows.findings);
    return { findings: [...told, ...hotPathFindings(profile, profiles, told)], sections: [] };
  },
};

function hotMethod(profile: Profile, set: ProfileSet, totals: SiteTotals, site: SiteTotal): readonly Finding[] {
  const threads = busyThreads(profile, site, set.durationSeconds);
  const share = site.weight / Math.max(totals.weight, 1e-12);
  const { low } = shareInterval(site.count, totals.count);
  const severity = severityOf(site, Math.min(low, share), threads);
  if (severity === undefined) return [];
  const kind = costKinds[site.costKind];
  const place = shortFrameName(site.name);
  const onAverage = threads === undefined ? "" : `, ${formatCount(threads, threads < 9.95 ? 1 : 0)} threads on average`;
  return [
    {
      rule: "cpu/hot-method",
      key: `cpu/hot-method:${stableFrameName(site.name)}${kind === undefined ? "" : `:${kind.key}`}`,
      severity,
      score: scoreOfThreads(threads ?? share),
      title:
        kind === undefined
          ? `\`${place}\` takes ${formatPercent(share)} of the processor time${onAverage}`
          : `\`${place}\` spends ${formatPercent(share)} of the processor time in ${kind.what}${onAverage}`,
      impact: { value: share, unit: "ratio" },
      evidence: evidenceOf(profile, totals, site),
      advice: adviceOf(place, site),
      docs: "rules/cpu.md",
    },
  ];
}

function severityOf(site: SiteTotal, share: number, threads: number | undefined): Severity | undefined {
  if (site.count < limits.samples || share < limits.infoShare) return undefined;
  if (threads !== undefined && threads < limits.kneeThreads) return undefined;
  const warningShare = site.costKind === 0 ? limits.warningShare : limits.namedWarningShare;
  return threads !== undefined && threads >= limits.warningThreads && share >= warningShare ? "warning" : "info";
}

function evidenceOf(profile: Profile, totals: SiteTotals, site: SiteTotal): readonly FindingEvidence[] {
  const { low, high } = shareInterval(site.count, totals.count);
  const source = profile.event;
  return [
    told(
      "samples",
      `${formatCount(site.count)} of ${formatCount(totals.count)}, so ${formatPercent(low)} to ${formatPercent(high)}`,
      source,
    ),
    ...whereEvidence(site, source),
    told("by way of", pathTo(profile, site.heaviestStack, site.name, 5).map(shortFrameName).join(" → "), source),
    told("who", poolSentence(site), source),
  ];
}

/** The line where the site itself runs, or what it called. */
function whereEvidence(site: SiteTotal, source: string): readonly FindingEvidence[] {
  const [line] = site.lines;
  if (line !== undefined && line.weight >= 0.2 * site.weight) {
    return [told("line", `${line.name} with ${formatPercent(line.weight / site.weight)} of it`, source)];
  }
  const [leaf] = site.leaves;
  if (leaf === undefined || leaf.name === site.name) return [];
  return [
    told("most in", `\`${shortFrameName(leaf.name)}\`, ${formatPercent(leaf.weight / site.weight)} of it`, source),
  ];
}

function poolSentence({ pools, weight }: SiteTotal): string {
  const shown = pools.slice(0, 3).map(({ name, weight: part }) => `\`${name}\` ${formatPercent(part / weight)}`);
  return shown.length === 0 ? "unknown threads" : shown.join(", ");
}

function adviceOf(place: string, site: SiteTotal): string {
  const kind = costKinds[site.costKind];
  if (kind !== undefined) return `${kind.advice}; the calls are in \`${place}\`.`;
  const [line] = site.lines;
  const where = line === undefined ? `\`${place}\`` : `\`${place}\`, line ${line.name} first`;
  return `Look at ${where}: do it less often (cache, batch, skip), or by a cheaper algorithm. \`jprof export FILE --format html\` shows who calls it.`;
}
