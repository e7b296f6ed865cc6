import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import { formatBytes, formatNumberOf } from "../src/model/format-number.ts";
import type { NativeMemoryEvidence, TrackedCategory, TrackingReport } from "../src/model/native-memory.ts";
import type { Section, Table } from "../src/model/section.ts";
import { nativeThresholds } from "./thresholds-native.ts";

/** What the JVM has for what, and whether its sums fit. */
export const nmtOverview: Analyzer<"nativeMemory"> = {
  name: "nmt-overview",
  description: "categories and call sites of native memory tracking, with the changes since the baseline",
  needs: ["nativeMemory"],
  analyze({ nativeMemory }, options) {
    const last = nativeMemory.reports.at(-1);
    return { findings: [], sections: last === undefined ? [] : [sectionOf(nativeMemory, last, options)] };
  },
};

const { rows } = nativeThresholds;

function sectionOf(evidence: NativeMemoryEvidence, last: TrackingReport, { top }: AnalysisOptions): Section {
  const categories = [...last.categories].sort((a, b) => b.committedBytes - a.committedBytes);
  const notes = [...evidence.notes, ...gapNotes(last)];
  return {
    name: "native",
    title: "Native memory of the JVM",
    data: {
      processId: evidence.processId ?? null,
      scaleBytes: last.scaleBytes,
      isDiff: last.isDiff,
      reservedBytes: last.reservedBytes,
      committedBytes: last.committedBytes,
      reservedGapBytes: last.reservedGapBytes,
      committedGapBytes: last.committedGapBytes,
      notes,
      categories: categories.map(categoryJson),
      sites: last.sites.slice(0, rows.growth),
      omittedSites: last.omittedSites + Math.max(0, last.sites.length - rows.growth),
      reports: evidence.reports.map(({ name, takenAtMillis, committedBytes, reservedBytes }) => ({
        ...{ name, takenAtMillis: takenAtMillis ?? null, committedBytes, reservedBytes },
      })),
    },
    tables: [categoryTable(last, categories, top), siteTable(last, top)].flatMap((table) => table ?? []),
    blocks: notes.length === 0 ? [] : [{ title: "What is missing", lines: notes }],
    shownByDefault: true,
  };
}

function categoryJson(category: TrackedCategory) {
  const { arenaPeakBytes, members, ...rest } = category;
  return { ...rest, arenaPeakBytes: arenaPeakBytes ?? null, members: members ?? null };
}

/** The JVM's total is the sum of its categories; what is beyond rounding was cut off, or is counted twice. */
function gapNotes({ reservedGapBytes, committedGapBytes, roundingBytes }: TrackingReport): readonly string[] {
  const gap = Math.abs(committedGapBytes) > Math.abs(reservedGapBytes) ? committedGapBytes : reservedGapBytes;
  if (Math.abs(gap) <= roundingBytes) return [];
  return [`the categories are ${formatBytes(Math.abs(gap))} ${gap > 0 ? "more" : "less"} than the JVM's total`];
}

function categoryTable(last: TrackingReport, categories: readonly TrackedCategory[], top: number): Table {
  return {
    title: "By purpose",
    columns: [
      { title: "category", kind: "text" },
      { title: "committed", kind: "bytes" },
      { title: "share", kind: "ratio" },
      { title: "reserved", kind: "bytes" },
      { title: "from malloc", kind: "bytes" },
      ...(last.isDiff ? [{ title: "since baseline", kind: "bytes" as const }] : []),
    ],
    rows: categories
      .slice(0, top)
      .map((each) => [
        each.name,
        each.committedBytes,
        each.committedBytes / Math.max(1, last.committedBytes),
        each.reservedBytes,
        each.mallocBytes + each.arenaBytes,
        ...(last.isDiff ? [each.committedChangeBytes] : []),
      ]),
    omittedRows: Math.max(0, categories.length - top),
    note: "what the JVM itself allocates: libraries of others, and of the JDK (zlib, nio), are not in it",
  };
}

function siteTable({ sites, isDiff }: TrackingReport, top: number): Table | undefined {
  if (sites.length === 0) return undefined;
  const sorted = [...sites].sort((a, b) => (isDiff ? b.changeBytes - a.changeBytes : b.bytes - a.bytes));
  return {
    title: isDiff ? "Call sites by change" : "Call sites",
    columns: [
      { title: "from", kind: "text" },
      { title: "category", kind: "text" },
      { title: "bytes", kind: "bytes" },
      ...(isDiff ? [{ title: "since baseline", kind: "bytes" as const }] : []),
    ],
    rows: sorted
      .slice(0, top)
      .map(({ frames, category, bytes, changeBytes }) => [
        frames.slice(0, 3).join(" ← "),
        category ?? "?",
        bytes,
        ...(isDiff ? [changeBytes] : []),
      ]),
    omittedRows: Math.max(0, sites.length - top),
    note: `${formatNumberOf(sites.length, "site")} in the report`,
  };
}
