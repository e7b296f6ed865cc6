import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import type { NativeHeapDump, NativeHeapEvidence } from "../src/model/native-evidence.ts";
import type { Profile } from "../src/model/profile.ts";
import type { Section, Table } from "../src/model/section.ts";
import { topFrames } from "../src/stacks/frame-totals.ts";
import { frameNamesOf } from "../src/stacks/stack-totals.ts";
import { holderName, liveBytes, type NativeHolder, nativeHolders, sumOf } from "./native-holders.ts";
import { type DumpAxis, dumpAxis, trendOf } from "./native-trend.ts";
import { nativeThresholds } from "./thresholds-native.ts";

/** Live native memory by stack, by function and by pool, and how each developed. */
export const nativeOverview: Analyzer<"nativeHeap"> = {
  name: "native-overview",
  description: "live native memory by stack, function and pool of threads, and its trend over a series of dumps",
  needs: ["nativeHeap"],
  analyze({ nativeHeap }, options) {
    const last = nativeHeap.dumps.at(-1);
    return { findings: [], sections: last === undefined ? [] : [sectionOf(nativeHeap, last, options)] };
  },
};

const { rows } = nativeThresholds;

function sectionOf(evidence: NativeHeapEvidence, last: NativeHeapDump, { top }: AnalysisOptions): Section {
  const axis = dumpAxis(evidence);
  const holders = nativeHolders(evidence);
  return {
    name: "native",
    title: "Native memory",
    data: {
      allocator: evidence.allocator,
      periodBytes: evidence.periodBytes ?? null,
      processId: evidence.processId ?? null,
      perfMap: evidence.perfMap ?? null,
      addresses: evidence.addresses,
      notes: evidence.notes,
      stacks: stacksJson(evidence, last),
      symbols: symbolsJson(evidence, last),
      holders: holders.slice(0, rows.growth).map((holder) => holderJson(evidence, last, axis, holder)),
      pools: evidence.pools.slice(0, rows.pools),
      dumps: evidence.dumps.map((dump, index) => dumpJson(dump, axis, index)),
    },
    tables: [
      holderTable(evidence, holders, last, top),
      poolTable(evidence, top),
      dumpTable(evidence, axis, top),
    ].flatMap((table) => table ?? []),
    blocks: evidence.notes.length === 0 ? [] : [{ title: "What is missing", lines: evidence.notes }],
    shownByDefault: true,
  };
}

function stacksJson({ stacks, siteStack }: NativeHeapEvidence, last: NativeHeapDump) {
  return [...siteStack.keys()]
    .sort((a, b) => last.inuseBytes[b]! - last.inuseBytes[a]! || a - b)
    .slice(0, rows.stacks)
    .map((site) => ({
      frames: siteStack[site]! < 0 ? [] : frameNamesOf(stacks, siteStack[site]!).slice(0, rows.frames),
      inuseBytes: last.inuseBytes[site]!,
      inuseObjects: last.inuseObjects[site]!,
      allocBytes: last.allocBytes[site]!,
      allocObjects: last.allocObjects[site]!,
      samples: last.samples[site]!,
    }));
}

/** By function, as jeprof's table: `flat` of stacks that end in it, `cum` of those that have it anywhere. */
function symbolsJson({ stacks, siteStack }: NativeHeapEvidence, last: NativeHeapDump) {
  const profile: Profile = {
    kind: "native",
    event: "inuse_space",
    unit: "bytes",
    stacks,
    sampleStack: siteStack,
    sampleWeight: last.inuseBytes,
    sampleCount: last.samples,
    confidence: { samplesWithoutStack: 0, truncatedStacks: 0, notes: [] },
  };
  const bySelf = topFrames(profile, rows.symbols, "self").filter(({ selfWeight }) => selfWeight > 0);
  const known = new Set(bySelf.map(({ frame }) => frame));
  const byTotal = topFrames(profile, rows.symbols, "total").filter(({ frame }) => !known.has(frame));
  return [...bySelf, ...byTotal].map(({ name, selfWeight, totalWeight, totalCount }) => ({
    name,
    flatBytes: selfWeight,
    cumBytes: totalWeight,
    samples: totalCount,
  }));
}

function holderJson(evidence: NativeHeapEvidence, last: NativeHeapDump, axis: DumpAxis, holder: NativeHolder) {
  const trend = evidence.dumps.length < 2 ? undefined : trendOf(evidence, axis, holder.sites);
  return {
    allocator: holder.allocator,
    javaMethod: holder.javaMethod ?? null,
    isOfJvm: holder.isOfJvm,
    inuseBytes: sumOf(holder, last.inuseBytes),
    inuseObjects: sumOf(holder, last.inuseObjects),
    samples: sumOf(holder, last.samples),
    trend:
      trend === undefined
        ? null
        : { per: axis.unit, ...trend.fit, growthBytes: trend.growthBytes, isGrowing: trend.isGrowing },
  };
}

function dumpJson(dump: NativeHeapDump, axis: DumpAxis, index: number) {
  return {
    name: dump.name,
    sequence: dump.sequence ?? null,
    at: axis.at[index]!,
    per: axis.unit,
    inuseBytes: liveBytes(dump),
    inuseObjects: dump.inuseObjects.reduce((sum, count) => sum + count, 0),
    samples: dump.samples.reduce((sum, count) => sum + count, 0),
  };
}

function holderTable(
  evidence: NativeHeapEvidence,
  holders: readonly NativeHolder[],
  last: NativeHeapDump,
  top: number,
): Table {
  const first = evidence.dumps[0]!;
  const total = Math.max(1, liveBytes(last));
  const isSeries = evidence.dumps.length > 1;
  return {
    title: "Who allocates natively",
    columns: [
      { title: "function, Java method", kind: "text" },
      { title: "live", kind: "bytes" },
      { title: "share", kind: "ratio" },
      { title: "blocks", kind: "count" },
      { title: "samples", kind: "count" },
      ...(isSeries ? [{ title: "since first", kind: "bytes" as const }] : []),
    ],
    rows: holders
      .slice(0, top)
      .map((holder) => [
        holderName(holder),
        Math.round(sumOf(holder, last.inuseBytes)),
        sumOf(holder, last.inuseBytes) / total,
        Math.round(sumOf(holder, last.inuseObjects)),
        sumOf(holder, last.samples),
        ...(isSeries ? [Math.round(sumOf(holder, last.inuseBytes) - sumOf(holder, first.inuseBytes))] : []),
      ]),
    omittedRows: Math.max(0, holders.length - top),
    note: `estimates of what was allocated and not freed, which may be more than is resident: pages never written to are not${evidence.periodBytes === undefined ? "" : `; fewer than ${nativeThresholds.fewSamples} samples say little`}`,
  };
}

function poolTable({ pools }: NativeHeapEvidence, top: number): Table | undefined {
  if (pools.length === 0) return undefined;
  return {
    title: "Live native memory by thread that allocated it",
    columns: [
      { title: "threads", kind: "text" },
      { title: "count", kind: "count" },
      { title: "live", kind: "bytes" },
      { title: "samples", kind: "count" },
    ],
    rows: pools
      .slice(0, top)
      .map(({ pool, threads, inuseBytes, samples }) => [pool, threads, Math.round(inuseBytes), samples]),
    omittedRows: Math.max(0, pools.length - top),
  };
}

function dumpTable({ dumps }: NativeHeapEvidence, axis: DumpAxis, top: number): Table | undefined {
  if (dumps.length < 2) return undefined;
  const shown = Math.max(top, 12);
  return {
    title: "Dumps",
    columns: [
      { title: "dump", kind: "text" },
      { title: "after", kind: axis.unit === "seconds" ? "seconds" : "count" },
      { title: "live", kind: "bytes" },
      { title: "blocks", kind: "count" },
    ],
    rows: dumps
      .slice(-shown)
      .map((dump, index, kept) => [
        dump.name.slice(dump.name.lastIndexOf("/") + 1),
        axis.at[dumps.length - kept.length + index]!,
        Math.round(liveBytes(dump)),
        Math.round(dump.inuseObjects.reduce((sum, count) => sum + count, 0)),
      ]),
    omittedRows: Math.max(0, dumps.length - shown),
  };
}
