import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, Severity } from "../src/model/finding.ts";
import { formatBytes, formatPercent } from "../src/model/format-number.ts";
import type { Profile, ProfileSet } from "../src/model/profile.ts";
import { outerNameOf, stableNameOf } from "./class-names.ts";
import { costKinds } from "./cost-kinds.ts";
import { shortFrameName, stableFrameName } from "./frame-names.ts";
import { told } from "./hot-wording.ts";
import { confidenceSentences } from "./profile-confidence.ts";
import { pathTo, type SiteTotal, type SiteTotals, siteTotalsOf } from "./site-totals.ts";
import { hotThresholds } from "./thresholds-hot.ts";

const limits = hotThresholds.alloc;

/** Who allocates how much of what, and how much of it is boxes. */
export const allocation: Analyzer<"profiles"> = {
  name: "allocation",
  description: "sites that allocate most, by class, and boxed numbers",
  needs: ["profiles"],
  analyze({ profiles }) {
    const profile = allocationProfileOf(profiles);
    const seconds = profiles.durationSeconds ?? 0;
    if (profile === undefined || profile.unit !== "bytes" || seconds <= 0) return { findings: [], sections: [] };
    const totals = siteTotalsOf(profile, profiles.threads);
    if (totals.count < limits.samples) return { findings: [], sections: [] };
    const boxing = boxingFindings(profile, totals, seconds);
    const accused = new Set(boxing.map(({ site }) => site));
    const sites = totals.sites
      .filter(({ name }) => !accused.has(name))
      .flatMap((site) => siteFinding(profile, totals, { site, seconds }));
    return {
      findings: [...boxing.map(({ finding }) => finding), ...sites].slice(0, hotThresholds.rows.findings),
      sections: [],
    };
  },
};

/** The profile that stands for all allocation: sampled by the JVM, else the one with most in it. */
function allocationProfileOf({ profiles }: ProfileSet): Profile | undefined {
  const candidates = profiles.filter(({ kind, sampleStack }) => kind === "alloc" && sampleStack.length > 0);
  const rank = ({ event }: Profile) => (event === "jdk.ObjectAllocationSample" ? 0 : 1);
  const total = ({ sampleWeight }: Profile) => sampleWeight.reduce((sum, weight) => sum + weight, 0);
  return candidates.sort((a, b) => rank(a) - rank(b) || total(b) - total(a))[0];
}

function severityOf(share: number, bytesPerSecond: number): Severity | undefined {
  if (share < limits.siteShare || bytesPerSecond < limits.infoBytesPerSecond) return undefined;
  return share >= limits.warningShare && bytesPerSecond >= limits.warningBytesPerSecond ? "warning" : "info";
}

function siteFinding(
  profile: Profile,
  totals: SiteTotals,
  { site, seconds }: { readonly site: SiteTotal; readonly seconds: number },
): readonly Finding[] {
  const share = site.weight / totals.weight;
  const bytesPerSecond = site.weight / seconds;
  const severity = site.count < limits.samples ? undefined : severityOf(share, bytesPerSecond);
  if (severity === undefined) return [];
  const place = shortFrameName(site.name);
  const className = site.labels[0]?.name ?? "objects";
  return [
    {
      rule: "alloc/site",
      key: `alloc/site:${stableFrameName(site.name)}:${stableNameOf(className)}`,
      severity,
      score: scoreOfRate(bytesPerSecond),
      title: `\`${place}\` allocates ${formatBytes(bytesPerSecond)}/s, ${formatPercent(share)} of all, mostly \`${outerNameOf(className)}\``,
      impact: { value: bytesPerSecond, unit: "bytes" },
      evidence: [
        told("classes", classSentence(site), profile.event),
        ...libraryEvidence(site, profile),
        told(
          "by way of",
          pathTo(profile, site.heaviestStack, site.name, 5).map(shortFrameName).join(" → "),
          profile.event,
        ),
        told("all sites", `${formatBytes(totals.weight / seconds)}/s`, profile.event),
        ...limitEvidence(profile),
      ],
      advice: `Reuse what \`${place}\` makes anew each time (a buffer per thread, a pool, a cached result), or size it for what is needed.`,
      docs: "rules/alloc.md",
    },
  ];
}

/** What library code allocates for the site, where that has a name. */
function libraryEvidence({ costKind }: SiteTotal, { event }: Profile) {
  const kind = costKinds[costKind];
  return kind === undefined ? [] : [told("in", kind.what, event)];
}

/** 512 MiB/s is 50. */
function scoreOfRate(bytesPerSecond: number): number {
  const half = 512 * 2 ** 20;
  return Math.round((100 * bytesPerSecond) / (bytesPerSecond + half));
}

function classSentence({ labels, weight }: SiteTotal): string {
  return labels
    .slice(0, 3)
    .map(({ name, weight: part }) => `${outerNameOf(name)} ${formatPercent(part / weight)}`)
    .join(", ");
}

function limitEvidence(profile: Profile) {
  const sentences = confidenceSentences(profile);
  return sentences.length === 0 ? [] : [told("trust", sentences.slice(0, 2).join("; "), "jdk.ActiveSetting")];
}

const boxes = /^java\.lang\.(Boolean|Byte|Character|Short|Integer|Long|Float|Double)$/;

/** Boxes by site; the biggest site stands for all of them. */
function boxingFindings(profile: Profile, totals: SiteTotals, seconds: number) {
  const bySite = totals.sites
    .map((site) => ({ site, boxed: site.labels.filter(({ name }) => boxes.test(name)) }))
    .map(({ site, boxed }) => ({ site, boxed, weight: boxed.reduce((sum, { weight }) => sum + weight, 0) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const [first] = bySite;
  const all = bySite.reduce((sum, { weight }) => sum + weight, 0);
  const share = all / Math.max(totals.weight, 1e-12);
  const bytesPerSecond = all / seconds;
  if (first === undefined || share < limits.boxingShare || bytesPerSecond < limits.boxingInfoBytesPerSecond) return [];
  const place = shortFrameName(first.site.name);
  const className = outerNameOf(first.boxed[0]!.name);
  const finding: Finding = {
    rule: "alloc/boxing",
    key: `alloc/boxing:${stableFrameName(first.site.name)}:${className}`,
    severity: bytesPerSecond >= limits.boxingWarningBytesPerSecond ? "warning" : "info",
    score: Math.min(100, scoreOfRate(bytesPerSecond) + 10),
    title: `Boxed numbers are ${formatPercent(share)} of all allocation, ${formatBytes(bytesPerSecond)}/s, most \`${className}\` of \`${place}\``,
    impact: { value: bytesPerSecond, unit: "bytes" },
    evidence: [
      told(
        "sites",
        bySite
          .slice(0, 3)
          .map(({ site, weight }) => `${shortFrameName(site.name)} ${formatPercent(weight / all)}`)
          .join(", "),
        profile.event,
      ),
      told(
        "by way of",
        pathTo(profile, first.site.heaviestStack, first.site.name, 5).map(shortFrameName).join(" → "),
        profile.event,
      ),
      ...limitEvidence(profile),
    ],
    advice: `Use primitives in \`${place}\`: \`${className === "Integer" ? "int" : className.toLowerCase()}\` variables and arrays, or a map of primitives (fastutil, Eclipse Collections, Agrona).`,
    docs: "rules/alloc.md",
  };
  return [{ finding, site: first.site.name }];
}
