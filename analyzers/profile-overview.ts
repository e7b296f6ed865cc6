import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import { formatCount } from "../src/model/format-number.ts";
import type { Profile, ProfileKind, ProfileSet } from "../src/model/profile.ts";
import type { Block, CellKind, Section, Table } from "../src/model/section.ts";
import type { Unit } from "../src/model/units.ts";
import { topFrames, topStacks } from "../src/stacks/frame-totals.ts";
import { costKinds } from "./cost-kinds.ts";
import { cpuProfileOf } from "./cpu-profile.ts";
import { shortFrameName, stableFrameName } from "./frame-names.ts";
import { hotPathsOf, pathText } from "./hot-path.ts";
import { confidenceSentences } from "./profile-confidence.ts";
import { type SiteTotal, siteTotalsOf } from "./site-totals.ts";
import { isServiceThread } from "./thread-roles.ts";
import { hotThresholds } from "./thresholds-hot.ts";

/** Every profile with its top frames and stacks; people see where processor time went, and who allocates. */
export const profileOverview: Analyzer<"profiles"> = {
  name: "profile-overview",
  description: "top frames and stacks of every profile, hot paths by pool, and how far the numbers can be trusted",
  needs: ["profiles"],
  analyze({ profiles }, options) {
    const shown = profiles.profiles.filter(({ sampleStack }) => sampleStack.length > 0);
    return { findings: [], sections: shown.length === 0 ? [] : [sectionOf(profiles, shown, options)] };
  },
};

function sectionOf(set: ProfileSet, shown: readonly Profile[], { top }: AnalysisOptions): Section {
  const main = cpuProfileOf(set) ?? shown.find(({ kind }) => kind === "wall");
  const alloc = shown.filter(({ kind }) => kind === "alloc").sort((a, b) => totalOf(b) - totalOf(a))[0];
  const other = main === undefined && alloc === undefined ? shown[0] : undefined;
  return {
    name: "profiles",
    title: "Profiles",
    // Of use to programs only, and dear where there are many stacks.
    get data() {
      return shown.map((profile) => jsonOf(set, profile));
    },
    tables: [
      ...(main === undefined ? [] : [frameTable(main, top), pathTable(set, main, top)]),
      ...(alloc === undefined ? [] : [siteTable(set, alloc, top)]),
      ...(other === undefined ? [] : [frameTable(other, top)]),
    ],
    blocks: omittedBlock(set),
    shownByDefault: true,
  };
}

function omittedBlock({ omitted = [] }: ProfileSet): readonly Block[] {
  if (omitted.length === 0) return [];
  const lines = omitted.map(
    ({ event, events }) => `${event}: ${formatCount(events)} events, shown with --event ${event}`,
  );
  return [{ title: "Not profiled, since nothing is known of these events but their stacks", lines }];
}

function totalOf({ sampleWeight }: Profile): number {
  return sampleWeight.reduce((sum, weight) => sum + weight, 0);
}

function samplesOf({ sampleCount }: Profile): number {
  return sampleCount.reduce((sum, count) => sum + count, 0);
}

function jsonOf(set: ProfileSet, profile: Profile): unknown {
  const { frames, stacks, stackFrames } = hotThresholds.rows;
  const bySelf = topFrames(profile, frames, "self");
  const byTotal = topFrames(profile, frames, "total");
  const listed = [...bySelf, ...byTotal.filter(({ frame }) => !bySelf.some((each) => each.frame === frame))];
  return {
    kind: profile.kind,
    event: profile.event,
    unit: profile.unit,
    samples: samplesOf(profile),
    total: totalOf(profile),
    confidence: { ...profile.confidence, sentences: confidenceSentences(profile) },
    topFrames: listed.map(({ name, selfWeight, totalWeight, selfCount, totalCount }) => ({
      frame: stableFrameName(name),
      self: selfWeight,
      total: totalWeight,
      selfSamples: selfCount,
      totalSamples: totalCount,
    })),
    topStacks: topStacks(profile, stacks).map(({ frames: names, weight, count }) => ({
      frames: names.slice(0, stackFrames).map(stableFrameName),
      value: weight,
      samples: count,
    })),
    hotPaths: hotPathsOf(profile, set).map(({ pool, weight, steps }) => ({
      pool,
      value: weight,
      frames: steps.slice(0, 2 * stackFrames).map(({ name, share }) => ({ frame: stableFrameName(name), share })),
    })),
  };
}

const kindWords: Partial<Record<ProfileKind, string>> = {
  cpu: "processor time",
  wall: "wall time",
  alloc: "allocation",
  live: "live objects",
  lock: "waiting for locks",
  io: "input and output",
};

const cellKindOf: Readonly<Record<Unit, CellKind>> = {
  bytes: "bytes",
  seconds: "seconds",
  count: "count",
  ratio: "ratio",
};

function frameTable(profile: Profile, top: number): Table {
  const total = Math.max(totalOf(profile), 1e-12);
  const frames = topFrames(profile, top);
  const note = confidenceSentences(profile).join("; ");
  return {
    title: `Hot methods by ${kindWords[profile.kind] ?? profile.kind} (${profile.event})`,
    columns: [
      { title: "method", kind: "text" },
      { title: "self", kind: "ratio" },
      { title: "total", kind: "ratio" },
      { title: "samples", kind: "count" },
    ],
    rows: frames.map(({ name, selfWeight, totalWeight, selfCount }) => [
      shortFrameName(name),
      selfWeight / total,
      totalWeight / total,
      selfCount,
    ]),
    omittedRows: 0,
    ...(note === "" ? {} : { note }),
  };
}

function pathTable(set: ProfileSet, profile: Profile, top: number): Table {
  const total = Math.max(totalOf(profile), 1e-12);
  const paths = hotPathsOf(profile, set).filter(({ pool }) => !isServiceThread({ name: pool }));
  return {
    title: "Hot paths by pool",
    columns: [
      { title: "pool", kind: "text" },
      { title: "share", kind: "ratio" },
      { title: "most of it by way of", kind: "text" },
    ],
    rows: paths.slice(0, top).map(({ pool, weight, steps }) => [pool, weight / total, pathText(steps, 3)]),
    omittedRows: Math.max(0, paths.length - top),
  };
}

function siteTable(set: ProfileSet, profile: Profile, top: number): Table {
  const { sites, weight } = siteTotalsOf(profile, set.threads);
  const note = confidenceSentences(profile).join("; ");
  return {
    title: `Allocation by site (${profile.event})`,
    columns: [
      { title: "site", kind: "text" },
      { title: "share", kind: "ratio" },
      { title: "allocated", kind: cellKindOf[profile.unit] },
      { title: "most of it", kind: "className" },
    ],
    rows: sites
      .slice(0, top)
      .map((site) => [siteText(site), site.weight / Math.max(weight, 1e-12), site.weight, site.labels[0]?.name ?? ""]),
    omittedRows: Math.max(0, sites.length - top),
    ...(note === "" ? {} : { note }),
  };
}

/** With what library code it was in, where that has a name: one site may be there once for each. */
function siteText({ name, costKind }: SiteTotal): string {
  const kind = costKinds[costKind];
  return kind === undefined ? shortFrameName(name) : `${shortFrameName(name)} (${kind.what})`;
}
