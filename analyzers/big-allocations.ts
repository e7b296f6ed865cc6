import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatCount, formatPercent } from "../src/model/format-number.ts";
import type { Profile } from "../src/model/profile.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { callSitesOf, siteNameOf } from "./call-sites.ts";
import { outerNameOf, stableNameOf } from "./class-names.ts";
import { indexesOf, numbersOf, tableOf, textsOf } from "./event-columns.ts";
import { shortFrameName, stableFrameName } from "./frame-names.ts";
import { formatRate, told } from "./hot-wording.ts";
import { hotThresholds } from "./thresholds-hot.ts";

const limits = hotThresholds.alloc;

/** Allocation that passes by the threads' own buffers, and objects that may be humongous. */
export const bigAllocations: Analyzer<"recording" | "profiles"> = {
  name: "big-allocations",
  description: "allocation outside of TLABs and objects of half a G1 region or more, by site",
  needs: ["recording", "profiles"],
  analyze({ recording, profiles: { profiles } }) {
    const outside = profiles.find(({ event }) => event === "jdk.ObjectAllocationOutsideTLAB");
    const inside = profiles.find(({ event }) => event === "jdk.ObjectAllocationInNewTLAB");
    if (outside === undefined) return { findings: [], sections: [] };
    const sites = outsideSitesOf(recording, outside);
    return {
      findings: [...outsideFinding(recording, inside, sites), ...humongousFinding(recording, sites)],
      sections: [],
    };
  },
};

interface OutsideSite {
  readonly site: string;
  readonly className: string;
  count: number;
  bytes: number;
  /** Of those that are as big as half a region. */
  bigCount: number;
  biggestBytes: number;
}

function outsideSitesOf(recording: RecordingEvidence, profile: Profile): readonly OutsideSite[] {
  const { stacks, sampleStack, sampleWeight, sampleCount, sampleLabel, labels = [] } = profile;
  const sites = callSitesOf(stacks);
  const big = bigObjectBytes(recording);
  const found = new Map<string, OutsideSite>();
  for (let sample = 0; sample < sampleStack.length; sample++) {
    const site = siteNameOf(stacks, sites, sampleStack[sample]!);
    const className = labels[sampleLabel?.[sample] ?? -1] ?? "unknown";
    const key = `${site}\n${className}`;
    const entry = found.get(key) ?? { site, className, count: 0, bytes: 0, bigCount: 0, biggestBytes: 0 };
    found.set(key, entry);
    const size = sampleWeight[sample]! / Math.max(1, sampleCount[sample]!);
    entry.count += sampleCount[sample]!;
    entry.bytes += sampleWeight[sample]!;
    entry.bigCount += size >= big ? sampleCount[sample]! : 0;
    entry.biggestBytes = Math.max(entry.biggestBytes, size);
  }
  return [...found.values()].sort((a, b) => b.bytes - a.bytes || (a.site < b.site ? -1 : 1));
}

/** Half of a region, where the recording tells its size; of the smallest region otherwise. */
function bigObjectBytes(recording: RecordingEvidence): number {
  const flags = tableOf(recording, "jdk.UnsignedLongFlag");
  if (flags === undefined) return limits.humongousBytes;
  const wanted = textsOf(flags, "name").indexOf("G1HeapRegionSize");
  const row = wanted < 0 ? -1 : indexesOf(flags, "name", "text").indexOf(wanted);
  const region = row < 0 ? 0 : numbersOf(flags, "value")[row]!;
  return region > 0 ? region / 2 : limits.humongousBytes;
}

function outsideFinding(
  recording: RecordingEvidence,
  inside: Profile | undefined,
  sites: readonly OutsideSite[],
): readonly Finding[] {
  const [first] = sites;
  if (inside === undefined || first === undefined) return [];
  const outsideBytes = sites.reduce((sum, { bytes }) => sum + bytes, 0);
  const insideBytes = inside.sampleWeight.reduce((sum, bytes) => sum + bytes, 0);
  const share = outsideBytes / Math.max(1, outsideBytes + insideBytes);
  const perSecond = outsideBytes / Math.max(recording.durationSeconds, 1e-9);
  if (share < limits.outsideShare || perSecond < limits.outsideBytesPerSecond) return [];
  return [
    {
      rule: "alloc/outside-tlab",
      key: `alloc/outside-tlab:${stableFrameName(first.site)}:${stableNameOf(first.className)}`,
      severity: "info",
      score: Math.round(70 * share),
      title: `${formatPercent(share)} of the allocation goes past the threads' own buffers, most \`${outerNameOf(first.className)}\` of \`${shortFrameName(first.site)}\``,
      impact: { value: perSecond, unit: "bytes" },
      evidence: siteEvidence(sites),
      advice: `Each of these takes a lock or a compare-and-swap on the shared heap: make them smaller in \`${shortFrameName(first.site)}\`, or reuse them.`,
      docs: "rules/alloc.md",
    },
  ];
}

function humongousFinding(recording: RecordingEvidence, sites: readonly OutsideSite[]): readonly Finding[] {
  const big = sites.filter(({ bigCount }) => bigCount > 0).sort((a, b) => b.bigCount - a.bigCount);
  const [first] = big;
  const count = big.reduce((sum, { bigCount }) => sum + bigCount, 0);
  const perSecond = count / Math.max(recording.durationSeconds, 1e-9);
  if (first === undefined || perSecond < limits.humongousPerSecond) return [];
  const place = shortFrameName(first.site);
  return [
    {
      rule: "alloc/humongous-size",
      key: `alloc/humongous-size:${stableFrameName(first.site)}:${stableNameOf(first.className)}`,
      severity: "info",
      score: Math.min(70, Math.round(20 + perSecond)),
      title: `\`${place}\` allocates \`${outerNameOf(first.className)}\` of up to ${formatBytes(first.biggestBytes)}, ${formatRate(perSecond)}: humongous in G1`,
      impact: { value: count, unit: "count" },
      evidence: siteEvidence(big),
      advice: `Split them below ${formatBytes(bigObjectBytes(recording))}, pool them, or set a bigger -XX:G1HeapRegionSize; other collectors do not mind.`,
      docs: "rules/alloc.md",
    },
  ];
}

function siteEvidence(sites: readonly OutsideSite[]) {
  return sites
    .slice(0, 3)
    .map(({ site, className, count, bytes }) =>
      told(
        shortFrameName(site),
        `${formatCount(count)} \`${outerNameOf(className)}\`, ${formatBytes(bytes)}`,
        "jdk.ObjectAllocationOutsideTLAB",
      ),
    );
}
