import type { Analysis, AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import { formatBytes, formatNumberOf } from "../src/model/format-number.ts";
import type { ClassRetained, HistogramEvidence } from "../src/model/heap-evidence.ts";
import type { Section } from "../src/model/section.ts";
import type { Bytes } from "../src/model/units.ts";
import { thresholds } from "./thresholds.ts";

/** All classes of one name together, whichever loaders they come from, as scripts compare them with `jcmd GC.class_histogram`. */
interface ClassRow {
  readonly className: string;
  instances: number;
  shallowBytes: Bytes;
  retainedBytes?: Bytes;
  /** Only where more than one class has the name. */
  loaders?: number;
}

/** Every class with its instances, its own bytes and what it retains. */
export const heapHistogram: Analyzer<"heap"> = {
  name: "heap-histogram",
  description: "classes by instances, shallow and retained bytes",
  needs: ["heap"],
  analyze: ({ heap }, options) => analysisOf(heap, heap.classRetained, options),
};

/** The same of one scan over the dump, which knows no retained sizes. */
export const scanHistogram: Analyzer<"histogram"> = {
  name: "scan-histogram",
  description: "classes by instances and shallow bytes, from one scan",
  needs: ["histogram"],
  analyze: ({ histogram }, options) => analysisOf(histogram, undefined, options),
};

function analysisOf(
  evidence: HistogramEvidence,
  retained: ClassRetained | undefined,
  options: AnalysisOptions,
): Analysis {
  const rows = rowsByName(evidence, retained).sort(byShallowThenName);
  const listed = rows.slice(0, thresholds.rows.classes);
  const omitted = rows.slice(thresholds.rows.classes);
  const fillers = fillersOf(evidence);
  const data = {
    classes: listed,
    omittedClasses: omitted.length,
    omittedShallowBytes: omitted.reduce((bytes, row) => bytes + row.shallowBytes, 0),
    fillers,
  };
  return { findings: [], sections: [sectionOf(data, rows, retained !== undefined, options)] };
}

function rowsByName({ classes, census }: HistogramEvidence, retained: ClassRetained | undefined): ClassRow[] {
  const rows = new Map<string, ClassRow>();
  for (const { index, name, filler } of classes) {
    const instances = census.instances[index] ?? 0;
    if (instances === 0 || filler) continue;
    const shallowBytes = census.shallowBytes[index] ?? 0;
    const retainedBytes = retained?.bytesOfClass[index];
    const row = rows.get(name);
    if (row === undefined) {
      rows.set(name, {
        className: name,
        instances,
        shallowBytes,
        ...(retainedBytes === undefined ? {} : { retainedBytes }),
      });
      continue;
    }
    row.instances += instances;
    row.shallowBytes += shallowBytes;
    if (retainedBytes !== undefined) row.retainedBytes = (row.retainedBytes ?? 0) + retainedBytes;
    row.loaders = (row.loaders ?? 1) + 1;
  }
  return [...rows.values()];
}

function byShallowThenName(a: ClassRow, b: ClassRow): number {
  return b.shallowBytes - a.shallowBytes || compareText(a.className, b.className);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function fillersOf({ classes, census }: HistogramEvidence) {
  const fillers = { objects: 0, bytes: 0 };
  for (const { index, filler } of classes) {
    if (!filler) continue;
    fillers.objects += census.instances[index] ?? 0;
    fillers.bytes += census.shallowBytes[index] ?? 0;
  }
  return fillers;
}

interface HistogramData {
  readonly fillers: { readonly objects: number; readonly bytes: Bytes };
}

function sectionOf(
  data: HistogramData,
  rows: readonly ClassRow[],
  hasRetained: boolean,
  options: AnalysisOptions,
): Section {
  const shown = rows.slice(0, options.top);
  const notes = [
    "all objects of the dump, unreachable ones too",
    ...(hasRetained ? ["retained: what would be freed with all objects of the class"] : []),
    ...(data.fillers.objects > 0
      ? [
          `not counted: ${formatNumberOf(data.fillers.objects, "heap filler")} of the collector, ${formatBytes(data.fillers.bytes)} of holes between objects`,
        ]
      : []),
  ];
  return {
    name: "histogram",
    title: "Classes",
    data,
    tables: [
      {
        title: "Classes by their own bytes",
        columns: [
          { title: "class", kind: "className" },
          { title: "instances", kind: "count" },
          { title: "shallow", kind: "bytes" },
          ...(hasRetained ? ([{ title: "retained", kind: "bytes" }] as const) : []),
        ],
        rows: shown.map((row) => [
          row.className,
          row.instances,
          row.shallowBytes,
          ...(hasRetained ? [row.retainedBytes ?? 0] : []),
        ]),
        omittedRows: rows.length - shown.length,
        note: notes.join("; "),
      },
    ],
    blocks: [],
    shownByDefault: !hasRetained,
  };
}
