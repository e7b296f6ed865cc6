import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import type { AllocatorUse, ProcessMemoryEvidence } from "../src/model/process-memory.ts";
import type { Section, Table } from "../src/model/section.ts";
import { nativeThresholds } from "./thresholds-native.ts";

/** A process's memory by use, and what its allocator says. */
export const memoryOverview: Analyzer<"processMemory"> = {
  name: "memory-overview",
  description: "memory of a process by use, with what is resident, and its allocator's own figures",
  needs: ["processMemory"],
  analyze: ({ processMemory }, options) => ({ findings: [], sections: [sectionOf(processMemory, options)] }),
};

function sectionOf(evidence: ProcessMemoryEvidence, { top }: AnalysisOptions): Section {
  const { file, allocator, uses, notes, ...figures } = evidence;
  const known = Object.entries(figures).map(([name, value]) => [name, value ?? null] as const);
  return {
    name: "native",
    title: "Memory of the process",
    data: {
      source: file.format,
      ...Object.fromEntries(known),
      uses,
      allocator: allocator === undefined ? null : allocatorJson(allocator),
      notes,
    },
    tables: [figureTable(evidence), useTable(evidence, top), arenaTable(evidence, top)].flatMap((table) => table ?? []),
    blocks: notes.length === 0 ? [] : [{ title: "What is missing", lines: notes }],
    shownByDefault: true,
  };
}

function allocatorJson({ arenas, jemalloc, ...rest }: AllocatorUse) {
  return { ...rest, arenas: arenas.slice(0, nativeThresholds.rows.pools), jemalloc: jemalloc ?? null };
}

function figureTable({ allocator, file, ...figures }: ProcessMemoryEvidence): Table | undefined {
  const rows = [
    ["resident", figures.residentBytes, file.format],
    ["resident, shared pages divided", figures.proportionalBytes, file.format],
    ["anonymous", figures.anonymousBytes, file.format],
    ["of files and shared memory", figures.fileBytes, file.format],
    ["swapped out", figures.swapBytes, file.format],
    ["given out by malloc", allocator?.allocatedBytes, allocator?.name],
    ["freed and kept by malloc", allocator?.freeBytes, allocator?.name],
    ["malloc of the JVM", figures.trackedMallocBytes, "native memory tracking"],
    ["committed by the JVM", figures.trackedBytes, "native memory tracking"],
  ].flatMap(([label, bytes, source]) => (bytes === undefined ? [] : [[label ?? "", bytes, source ?? ""] as const]));
  if (rows.length === 0) return undefined;
  return {
    title: "Figures",
    columns: [
      { title: "what", kind: "text" },
      { title: "bytes", kind: "bytes" },
      { title: "source", kind: "text" },
    ],
    rows,
    omittedRows: 0,
  };
}

function useTable({ uses, residentBytes, file }: ProcessMemoryEvidence, top: number): Table | undefined {
  if (uses.length === 0) return undefined;
  const hasResident = file.format !== "maps";
  return {
    title: "By use",
    columns: [
      { title: "use", kind: "text" },
      { title: "mappings", kind: "count" },
      ...(hasResident
        ? [
            { title: "resident", kind: "bytes" as const },
            { title: "share", kind: "ratio" as const },
          ]
        : []),
      { title: "virtual", kind: "bytes" },
    ],
    rows: uses
      .slice(0, Math.max(top, 15))
      .map((each) => [
        each.use,
        each.mappings,
        ...(hasResident ? [each.residentBytes, each.residentBytes / Math.max(1, residentBytes ?? 0)] : []),
        each.virtualBytes,
      ]),
    omittedRows: Math.max(0, uses.length - Math.max(top, 15)),
  };
}

function arenaTable({ allocator }: ProcessMemoryEvidence, top: number): Table | undefined {
  if (allocator === undefined || allocator.arenas.length === 0) return undefined;
  const arenas = [...allocator.arenas].sort((a, b) => b.systemBytes - a.systemBytes);
  return {
    title: `Arenas of ${allocator.name}`,
    columns: [
      { title: "arena", kind: "text" },
      { title: "from the kernel", kind: "bytes" },
      { title: "free", kind: "bytes" },
      { title: "free share", kind: "ratio" },
    ],
    rows: arenas
      .slice(0, top)
      .map(({ name, systemBytes, freeBytes }) => [name, systemBytes, freeBytes, freeBytes / Math.max(1, systemBytes)]),
    omittedRows: Math.max(0, arenas.length - top),
  };
}
