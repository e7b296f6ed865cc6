import type { ByteSource } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";
import type { HeapClass } from "../../model/heap-classes.ts";
import type {
  HeapCensus,
  HeapFile,
  HeapRoot,
  HeapThread,
  HistogramEvidence,
  Sizing,
} from "../../model/heap-evidence.ts";
import { type HeapGraph, lastEdgeBit } from "../../model/heap-graph.ts";
import type { HeapObjects } from "../../model/heap-objects.ts";
import type { Bytes } from "../../model/units.ts";
import type { ClassDump } from "./class-dumps.ts";
import { heapObjects } from "./heap-objects.ts";
import { type DumpOptions, type IndexedDump, indexDump } from "./index-dump.ts";
import type { LinkColumns, LinkPlan, ReferenceFields } from "./link-chunks.ts";
import { mergeLarge, mergeWeak } from "./merge-parts.ts";
import { referenceFields } from "./reference-fields.ts";
import { substituteRoots, systemClassRoots } from "./root-substitutes.ts";
import { buildRoots } from "./roots.ts";
import { Scanner, type ScanOptions } from "./scan.ts";
import { arrayBytes } from "./sizes.ts";

export interface HeapOptions extends DumpOptions, ScanOptions {
  /** `mat`: soft, weak, phantom and finalizer references are followed like any other. */
  readonly refs: "strong" | "mat";
}

/** A dump as a graph, before anything is computed on it. */
export interface HeapColumns {
  readonly file: HeapFile;
  readonly sizing: Sizing;
  readonly classes: readonly HeapClass[];
  readonly census: HeapCensus;
  readonly graph: HeapGraph;
  readonly roots: readonly HeapRoot[];
  readonly threads: readonly HeapThread[];
  readonly objects: HeapObjects;
  /** Size of an `int[0]`, which fillers of that size cannot be told from. */
  readonly emptyIntArrayBytes: Bytes;
}

/** Counts and sizes by class from one scan. Throws FormatError when the source is no heap dump. */
export async function readHistogram(
  source: ByteSource,
  options: DumpOptions & ScanOptions,
): Promise<HistogramEvidence> {
  const scanner = new Scanner(source, options);
  try {
    const { file, sizes, classes, census } = await indexDump(source, scanner, options);
    return { file, sizing: sizes.sizing, classes, census };
  } finally {
    await scanner.close();
  }
}

/** The whole graph in two passes. Throws FormatError when the source is no heap dump, or too large for 31-bit edge numbers. */
export async function readHeap(source: ByteSource, options: HeapOptions): Promise<HeapColumns> {
  const scanner = new Scanner(source, options);
  try {
    return await linkDump(source, scanner, await indexDump(source, scanner, options), options);
  } finally {
    await scanner.close();
  }
}

async function linkDump(
  source: ByteSource,
  scanner: Scanner,
  dump: IndexedDump,
  options: HeapOptions,
): Promise<HeapColumns> {
  const { addresses, classes, outline, file } = dump;
  const declared = buildRoots(
    dump.parts.map(({ roots }) => roots),
    addresses,
    outline,
  );
  const named = systemClassRoots(declared, classes);
  const rootOrdinals = new Set(named.roots.map(({ ordinal }) => ordinal));
  const fields = referenceFields(classes, outline.header.idBytes, rootOrdinals, options.refs);
  const places = placeEdges(dump, named.threads, fields);
  const columns = allocateColumns(addresses.count, classes.length, places.end);
  const plan = linkPlan(dump, fields, places.chunkFirst, columns);
  const parts = await scanner.link(plan, (offset) =>
    options.progress("following references", offset, source.sizeBytes),
  );
  const ownEdges = linkClassObjects(dump, columns, 1, options.refs) - 1;
  const threadEdges = linkLocals(named.threads, columns, places.threads);
  const graph: HeapGraph = {
    objectCount: addresses.count,
    firstEdge: columns.firstEdge,
    edgeTo: columns.edgeTo,
    edgeCount: parts.reduce((sum, { edgeCount }) => sum + edgeCount, ownEdges + threadEdges),
    classOf: columns.classOf,
    shallowUnits: columns.shallowUnits,
    largeObjects: mergeLarge(parts),
    roots: rootColumn(named.roots),
    weakEdges: mergeWeak(parts),
  };
  const { roots, lost } = substituteRoots(named, graph, classes, file.losses.length > 0);
  return {
    file: lost === undefined ? file : { ...file, losses: [...file.losses, lost] },
    sizing: dump.sizes.sizing,
    classes,
    census: dump.census,
    graph: lost === undefined ? graph : { ...graph, roots: rootColumn(roots) },
    roots,
    threads: named.threads,
    objects: objectsOf(source, dump, columns, named.threads),
    emptyIntArrayBytes: arrayBytes(dump.sizes, 0, 4),
  };
}

function rootColumn(roots: readonly HeapRoot[]): Int32Array {
  return Int32Array.from(new Set(roots.map(({ ordinal }) => ordinal))).sort();
}

function objectsOf(
  source: ByteSource,
  dump: IndexedDump,
  columns: LinkColumns,
  threads: readonly HeapThread[],
): HeapObjects {
  const classDumps = new Map<number, ClassDump>();
  dump.classDumps.forEach((classDump, index) => {
    if (classDump !== undefined) classDumps.set(dump.classes[index]!.ordinal, classDump);
  });
  return heapObjects({
    source,
    idBytes: dump.outline.header.idBytes,
    idShift: dump.idShift,
    chunks: dump.chunks,
    addresses: dump.addresses,
    classes: dump.classes,
    classOf: columns.classOf,
    classDumps,
    threads,
  });
}

interface EdgePlaces {
  readonly chunkFirst: Float64Array<SharedArrayBuffer>;
  /** Where the edges of threads with locals go. */
  readonly threads: number;
  readonly end: number;
}

/** Lays out `edgeTo`: class objects, then one region per chunk, then threads. Regions are upper bounds; memory is committed as it is used. */
function placeEdges(
  { classDumps, chunks }: IndexedDump,
  threads: readonly HeapThread[],
  { first }: ReferenceFields,
): EdgePlaces {
  let at = 1;
  for (const dump of classDumps)
    if (dump !== undefined) at += dump.statics.length + dump.constantIds.length + dump.otherIds.length + 2;
  const chunkFirst = new Float64Array(new SharedArrayBuffer(chunks.start.length * 8));
  chunks.edgeBound.forEach((bound, chunk) => {
    chunkFirst[chunk] = at;
    at += Math.ceil(bound) + 1;
  });
  let mostFields = 0;
  for (let index = 0; index + 1 < first.length; index++)
    mostFields = Math.max(mostFields, first[index + 1]! - first[index]!);
  const locals = threads.reduce(
    (sum, thread) => sum + (thread.locals.length === 0 ? 0 : thread.locals.length + mostFields + 1),
    0,
  );
  const end = at + locals + 1;
  if (end >= 2 ** 31)
    throw new FormatError(`the dump may hold ${end} references, more than the 2,147,483,647 that one graph can have`);
  return { chunkFirst, threads: at, end };
}

function allocateColumns(objectCount: number, classCount: number, edgeEnd: number): LinkColumns {
  const column = (entries: number, bytes: number) => new SharedArrayBuffer(entries * bytes);
  const rows = objectCount + 1;
  return {
    classOf: classCount <= 0x10000 ? new Uint16Array(column(rows, 2)) : new Uint32Array(column(rows, 4)),
    shallowUnits: new Uint16Array(column(rows, 2)),
    firstEdge: new Int32Array(column(rows, 4)),
    edgeTo: new Int32Array(column(edgeEnd, 4)),
  };
}

function linkPlan(
  dump: IndexedDump,
  fields: ReferenceFields,
  chunkFirstEdge: LinkPlan["chunkFirstEdge"],
  columns: LinkColumns,
): LinkPlan {
  const { chunks, sizes, catalog } = dump;
  const shared = (column: Float64Array) => {
    const copy = new Float64Array(new SharedArrayBuffer(column.length * 8));
    copy.set(column);
    return copy;
  };
  return {
    idBytes: dump.outline.header.idBytes,
    idShift: dump.idShift,
    chunkStart: shared(chunks.start),
    chunkEnd: shared(chunks.end),
    chunkFirstEdge,
    nextChunk: new Int32Array(new SharedArrayBuffer(4)),
    addresses: dump.addresses,
    classes: catalog.table,
    primitiveArrayClass: catalog.primitiveArrayClass,
    fields,
    instanceBytes: sizes.instanceBytes,
    referenceBytes: sizes.sizing.referenceBytes,
    arrayBaseBytes: sizes.arrayBaseBytes,
    wideArrayBaseBytes: sizes.wideArrayBaseBytes,
    alignmentBytes: sizes.sizing.alignmentBytes,
    columns,
  };
}

/** Class objects hold their superclass, loader, static objects, and (Eclipse MAT leaves these out) protection domain and the like. Returns the next free edge. */
function linkClassObjects(
  dump: IndexedDump,
  { classOf, shallowUnits, firstEdge, edgeTo }: LinkColumns,
  start: number,
  refs: HeapOptions["refs"],
): number {
  const { classes, catalog, sizes } = dump;
  let edge = start;
  dump.classDumps.forEach((classDump, index) => {
    const type = classes[index]!;
    if (classDump === undefined || type.ordinal === 0) return;
    const first = edge;
    const superclass = type.superclass < 0 ? 0 : classes[type.superclass]!.ordinal;
    const statics = type.statics.map((field) => (field.type === "object" ? Number(field.value) : 0));
    const others = refs === "mat" ? [] : [...classDump.otherIds, ...classDump.constantIds].map(dump.ordinalOfId);
    for (const target of [superclass, type.loader, ...statics, ...others]) if (target > 0) edgeTo[edge++] = target;
    classOf[type.ordinal] = catalog.classClass;
    shallowUnits[type.ordinal] = Math.min(0xfffe, sizes.classObjectBytes[index]! / 8);
    if (edge > first) {
      edgeTo[edge - 1]! |= lastEdgeBit;
      firstEdge[type.ordinal] = first;
    }
  });
  return edge;
}

/** A thread holds what its frames hold: its edges are written anew with the locals behind them. Returns how many were added. */
function linkLocals(threads: readonly HeapThread[], { firstEdge, edgeTo }: LinkColumns, start: number): number {
  let edge = start;
  let added = 0;
  for (const { ordinal, locals } of threads) {
    if (locals.length === 0) continue;
    const first = edge;
    for (let own = firstEdge[ordinal]!; own > 0; own++) {
      edgeTo[edge++] = edgeTo[own]! & 0x7fffffff;
      if (edgeTo[own]! < 0) break;
    }
    for (const local of locals) edgeTo[edge++] = local.ordinal;
    edgeTo[edge - 1]! |= lastEdgeBit;
    firstEdge[ordinal] = first;
    added += locals.length;
  }
  return added;
}
