import { type AddressIndex, buildAddressIndex, ordinalOfAddress } from "../../bytes/address-index.ts";
import type { ByteSource } from "../../bytes/byte-source.ts";
import { ByteWindow } from "../../bytes/byte-window.ts";
import type { HeapClass } from "../../model/heap-classes.ts";
import type { HeapCensus, HeapFile, Loss } from "../../model/heap-evidence.ts";
import type { Progress } from "../../model/progress.ts";
import { buildClassCatalog, type ClassCatalog, withMissingClasses } from "./class-catalog.ts";
import { type ClassDump, readClassDumps } from "./class-dumps.ts";
import { buildClassTable, type ClassDetails, joinClassDumps, sizedClasses } from "./class-table.ts";
import { fieldBytes } from "./field-layout.ts";
import {
  type ChunkColumns,
  type ClassCounts,
  type IndexPlan,
  indexRanges,
  planIndex,
  type RangeFault,
  type RangeIndex,
} from "./index-ranges.ts";
import { matSizes } from "./mat-sizes.ts";
import { mergeChunks, mergeCounts, unknownClassIds } from "./merge-parts.ts";
import { heapRecordLength, heapTag, recordShapes } from "./records.ts";
import { findNextRecord, type KnownHeap } from "./resync.ts";
import type { Scanner } from "./scan.ts";
import { elementBytesOf, type HeapSizes, learnSizes, totalArrayBytes } from "./sizes.ts";
import { type HeapRange, type HprofOutline, rangesOfDump, readId, walkRecords } from "./walk.ts";

/** How a dump is to be read. */
export interface DumpOptions {
  readonly sizes: "gaps" | "mat";
  /** Which dump of the file, from 1; undefined: the last one. */
  readonly dump: number | undefined;
  readonly progress: Progress;
}

/** Everything that one pass over the heap records gives. */
export interface IndexedDump {
  readonly file: HeapFile;
  readonly outline: HprofOutline;
  readonly idShift: 0 | 3;
  readonly parts: readonly RangeIndex[];
  readonly chunks: ChunkColumns;
  readonly addresses: AddressIndex;
  readonly catalog: ClassCatalog;
  readonly classDumps: readonly (ClassDump | undefined)[];
  readonly classes: readonly HeapClass[];
  readonly sizes: HeapSizes;
  readonly census: HeapCensus;
  /** The ordinal of an object by its id in the file; 0 for null and for objects that the dump lacks. */
  ordinalOfId(id: number): number;
}

/** Damage beyond this many places in one dump is not stepped over. */
const mostResumptions = 1000;

/** Walks the file and makes the first pass: addresses, classes, counts, sizes. */
export async function indexDump(source: ByteSource, scanner: Scanner, options: DumpOptions): Promise<IndexedDump> {
  const { progress } = options;
  const outline = walkRecords(source, (offset) => progress("looking through the file", offset, source.sizeBytes));
  const { dump, ranges } = rangesOfDump(outline, options.dump);
  const { idBytes } = outline.header;
  const idShift = learnIdShift(source, ranges[0], idBytes);
  const named = buildClassCatalog(outline);
  const plan = planIndex(named, { idBytes, idShift }, ranges);
  const parts = await scanner.index(plan, (offset) => progress("reading objects", offset, source.sizeBytes));
  const salvaged = salvage(source, plan, parts, (found) =>
    joinClassDumps(readDumps(source, found, idBytes), named, outline),
  );
  const pass: IndexPass = {
    outline,
    dump,
    named,
    idShift,
    parts: salvaged.parts,
    losses: [...outline.losses, ...salvaged.losses],
  };
  return finishIndex(
    pass,
    readDumps(source, pass.parts, idBytes),
    { name: source.name, bytes: source.sizeBytes },
    options,
  );
}

/** What a pass over the heap records gave. */
export interface IndexPass {
  readonly outline: HprofOutline;
  readonly dump: number;
  readonly named: ClassCatalog;
  readonly idShift: 0 | 3;
  readonly parts: readonly RangeIndex[];
  readonly losses: readonly Loss[];
}

/** Joins the parts of a pass: classes, addresses, sizes, counts. */
export function finishIndex(
  { outline, dump, named, idShift, parts, losses }: IndexPass,
  dumps: readonly ClassDump[],
  file: { readonly name: string; readonly bytes: number },
  options: Pick<DumpOptions, "sizes">,
): IndexedDump {
  const { format, idBytes, takenAtMillis } = outline.header;
  const unknown = unknownClassIds(parts);
  const details = joinClassDumps(dumps, withMissingClasses(named, unknown), outline);
  const counts = mergeCounts(parts, named.classes.length, unknown, details.catalog.classes.length);
  const addresses = buildAddressIndex(parts.map(({ pages }) => pages));
  const input = {
    classes: sizedClasses(details, outline, idShift),
    counts,
    addresses,
    idBytes,
    classClass: named.classClass,
  };
  const sizes = options.sizes === "mat" ? matSizes(input) : learnSizes(input);
  const ordinalOfId = (id: number) => (id === 0 ? 0 : ordinalOfAddress(addresses, id * 2 ** idShift));
  const classes = buildClassTable(details, outline, sizes, ordinalOfId);
  return {
    file: {
      name: file.name,
      fileBytes: file.bytes,
      format,
      idBytes,
      takenAtMillis,
      dump,
      dumps: outline.dumps.length,
      losses: [...losses].sort((a, b) => a.offset - b.offset),
    },
    outline,
    idShift,
    parts,
    chunks: mergeChunks(parts),
    addresses,
    catalog: details.catalog,
    classDumps: details.dumps,
    classes,
    sizes,
    census: takeCensus(classes, details, counts, sizes),
    ordinalOfId,
  };
}

function readDumps(source: ByteSource, parts: readonly RangeIndex[], idBytes: number): ClassDump[] {
  const offsets = parts.flatMap(({ classDumps }) => Array.from(classDumps)).sort((a, b) => a - b);
  return readClassDumps(source, offsets, idBytes);
}

/** 3 when ids are mostly no multiples of 8, which means that they are numbers and not addresses. Looks at the first 64 KiB of objects. */
export function learnIdShift(source: ByteSource, range: HeapRange | undefined, idBytes: number): 0 | 3 {
  if (range === undefined) return 0;
  const shapes = recordShapes(idBytes);
  const window = new ByteWindow(source, 1 << 16);
  const length = window.load(range.start, range.end);
  let seen = 0;
  let unaligned = 0;
  for (let p = 0; p < length && p + shapes.heads[window.bytes[p]!]! <= length; ) {
    const size = heapRecordLength(window.view, p, length, shapes);
    if (size <= 0) break;
    if (window.bytes[p] !== heapTag.heapDumpInfo) {
      seen++;
      if (readId(window.view, p + 1, idBytes) % 8 !== 0) unaligned++;
    }
    p += size;
  }
  return unaligned * 4 > seen ? 3 : 0;
}

/** Goes on behind each fault where records go on, and lists what was lost in between. */
function salvage(
  source: ByteSource,
  plan: IndexPlan,
  parts: readonly RangeIndex[],
  detailsOf: (parts: readonly RangeIndex[]) => ClassDetails,
) {
  const found = [...parts];
  const losses: Loss[] = [];
  const faults = parts.flatMap((part) => part.faults);
  if (faults.length === 0) return { parts: found, losses };
  const known = knownHeap(plan, parts, detailsOf(parts));
  const queue: RangeFault[] = [...faults].sort((a, b) => b.offset - a.offset);
  for (let fault = queue.pop(); fault !== undefined; fault = queue.pop()) {
    const { offset, rangeEnd, reason } = fault;
    const resumed =
      found.length < parts.length + mostResumptions ? findNextRecord(source, known, offset + 1, rangeEnd) : rangeEnd;
    losses.push({ offset, bytes: resumed - offset, reason });
    if (resumed >= rangeEnd) continue;
    const next = indexRanges(
      {
        ...plan,
        ranges: [{ start: resumed, end: rangeEnd }],
        nextRange: new Int32Array(new SharedArrayBuffer(4)),
        strict: true,
      },
      source,
    );
    found.push(next);
    queue.push(...next.faults);
  }
  return { parts: found, losses };
}

function knownHeap(
  { idBytes, idShift }: IndexPlan,
  parts: readonly RangeIndex[],
  { catalog, dumps, superclass }: ClassDetails,
): KnownHeap {
  const ownBytes = dumps.map(
    (dump) => dump?.fields.reduce((sum, { type }) => sum + fieldBytes(type, idBytes), 0) ?? -1,
  );
  const dataBytes = Int32Array.from(ownBytes, (own, index) => {
    let sum = own;
    for (let at = superclass[index]!, depth = 0; at >= 0 && sum >= 0 && depth < 1000; at = superclass[at]!, depth++) {
      sum = ownBytes[at]! < 0 ? -1 : sum + ownBytes[at]!;
    }
    return sum;
  });
  const pages = new Set(parts.flatMap((part) => Array.from(part.pages.pageNumbers)));
  return { idBytes, idShift, classes: catalog.table, dataBytes, pages };
}

/** Instances and bytes of every class; class objects are instances of java.lang.Class. */
function takeCensus(
  classes: readonly HeapClass[],
  { dumps, catalog }: ClassDetails,
  counts: ClassCounts,
  sizes: HeapSizes,
): HeapCensus {
  const { classClass } = catalog;
  const instances = Float64Array.from(counts.instances.subarray(0, classes.length));
  const shallowBytes = Float64Array.from(classes, ({ index, kind, name, instanceBytes }) => {
    if (kind === "instance") return instances[index]! * instanceBytes;
    const elementBytes = kind === "objectArray" ? sizes.sizing.referenceBytes : elementBytesOf(name);
    return totalArrayBytes(sizes, counts, index, elementBytes);
  });
  dumps.forEach((dump, index) => {
    if (dump === undefined) return;
    instances[classClass]! += 1;
    shallowBytes[classClass]! += sizes.classObjectBytes[index]!;
  });
  return { instances, shallowBytes };
}
