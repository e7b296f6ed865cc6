import { FormatError } from "../../model/errors.ts";
import {
  blocksOf,
  type NativeBlocks,
  type NativePages,
  noBlocks,
  noPages,
  pagesOf,
  scaleOf,
  takeCategory,
} from "./native-amounts.ts";
import { NativeDetail, type NativeRegion, type NativeSite } from "./native-detail.ts";
import { bytesAfter, countAfter } from "./quantity.ts";
import { expectReplyOf, linesOf } from "./reply.ts";

/**
 * One category of native memory tracking. What it has committed is the sum of `malloc`, `arena` and `overhead`, and of what `mmap` and
 * `stack` have committed.
 */
export interface NativeCategory extends NativePages {
  /** As the JVM names it: `Java Heap`, `Thread`. */
  readonly name: string;
  readonly malloc: NativeBlocks;
  readonly arena: NativeBlocks;
  readonly mmap: NativePages;
  /** Of `Thread`. */
  readonly stack: NativePages;
  /** Of `Native Memory Tracking`: the headers of everybody's allocations. */
  readonly overhead: NativeBlocks;
  readonly threads: number | undefined;
  readonly classes: number | undefined;
  readonly arrayClasses: number | undefined;
  /** Of `Class`: what is not in, and what is in, the class space. */
  readonly metadata: MetadataUse | undefined;
  readonly classSpace: MetadataUse | undefined;
}

export interface MetadataUse {
  readonly reservedBytes: number;
  readonly committedBytes: number;
  readonly usedBytes: number;
}

export interface NativeTotal extends NativePages {
  /** JDK 17 and later. */
  readonly malloc: NativeBlocks | undefined;
  readonly mmap: NativePages | undefined;
}

/** What `VM.native_memory summary`, `detail`, `summary.diff` or `detail.diff` prints. */
export interface NativeMemory {
  readonly isTracked: true;
  /** Every amount is a multiple of it, rounded: 1 with `scale=b`, 1024 by default. */
  readonly scaleBytes: number;
  /** Undefined where the text was cut before it. */
  readonly total: NativeTotal | undefined;
  readonly categories: readonly NativeCategory[];
  /** Call sites of a detailed report, the biggest first; of a diff, those that changed. */
  readonly sites: readonly NativeSite[];
  /** Call sites that are less than one unit of the scale, and so left out. */
  readonly omittedSites: number;
  readonly regions: readonly NativeRegion[];
}

/** There is no report, and the JVM's reason: tracking is off, or there is no baseline to compare with. */
export interface NoNativeMemory {
  readonly isTracked: false;
  readonly reason: string;
}

/** The reply to `VM.native_memory` with any argument but `statistics`, JDK 8 to 25, any scale. */
export function parseNativeMemory(text: string): NativeMemory | NoNativeMemory {
  const lines = linesOf(text);
  const first = lines.find((line) => line !== "") ?? "";
  if (first.startsWith("Native Memory Tracking Statistics:")) {
    throw new FormatError("expected a report of VM.native_memory, got its statistics");
  }
  if (refusals.some((opening) => first.startsWith(opening))) return { isTracked: false, reason: first.slice(0, 200) };
  expectReplyOf("VM.native_memory", lines);
  return nativeMemoryOf(lines);
}

const refusals = ["Native memory tracking ", "Detail tracking ", "No detail baseline", "No baseline", "Baseline "];

type Draft<T> = { -readonly [field in keyof T]: T[field] };

/** The same, of lines that are known to be a report, such as those in `VM.info`. */
export function nativeMemoryOf(lines: readonly string[]): NativeMemory {
  const firstCategory = lines.findIndex((line) => line.startsWith("-"));
  const head = firstCategory < 0 ? lines : lines.slice(0, firstCategory);
  const categories: Draft<NativeCategory>[] = [];
  const detail = new NativeDetail();
  let current: Draft<NativeCategory> | undefined;
  for (const line of lines.slice(head.length)) {
    if (line.startsWith("-")) {
      current = categoryOf(line);
      if (current) categories.push(current);
    } else if (line.trim() === "") {
      current = undefined;
      detail.endBlock();
    } else if (current) {
      addTo(current, line.trimStart().replace(/^: /, ""));
    } else {
      detail.add(line);
    }
  }
  const { sites, omittedSites, regions } = detail;
  return { isTracked: true, ...totalOf(head), categories, sites, omittedSites, regions };
}

/** `malloc: 49MB #9367` and `mmap:   reserved=…` follow the total; in a diff of JDK 25 `malloc=42218KB +19182KB #11064 +2340`. */
function totalOf(head: readonly string[]): Pick<NativeMemory, "total" | "scaleBytes"> {
  const line = head.find((each) => each.startsWith("Total: "));
  if (line === undefined) return { total: undefined, scaleBytes: 1 };
  const malloc = head.find((each) => /^ *malloc[:=]/.test(each))?.replace("malloc: ", "malloc=");
  const mmap = head.find((each) => /^ *mmap:/.test(each));
  return {
    total: {
      ...pagesOf(line),
      malloc: malloc === undefined ? undefined : blocksOf(malloc, "malloc="),
      mmap: mmap === undefined ? undefined : pagesOf(mmap),
    },
    scaleBytes: scaleOf(line),
  };
}

/** `-                 Java Heap (reserved=65536KB, committed=10240KB)` */
function categoryOf(line: string): Draft<NativeCategory> | undefined {
  const nameEnd = line.indexOf(" (reserved=");
  if (nameEnd < 0) return undefined;
  return {
    ...pagesOf(line.slice(nameEnd)),
    name: line.slice(1, nameEnd).trimStart(),
    malloc: noBlocks,
    arena: noBlocks,
    mmap: noPages,
    stack: noPages,
    overhead: noBlocks,
    threads: undefined,
    classes: undefined,
    arrayClasses: undefined,
    metadata: undefined,
    classSpace: undefined,
  };
}

/** One of the lines in parentheses below a category; unknown ones are left out. */
function addTo(category: Draft<NativeCategory>, text: string): void {
  const { line } = takeCategory(text);
  const rule = rules.find(([prefix]) => line.startsWith(prefix));
  if (rule) Object.assign(category, rule[1](line, category));
}

type Rule = readonly [
  prefix: string,
  fieldsOf: (line: string, category: NativeCategory) => Partial<Draft<NativeCategory>>,
];

const rules: readonly Rule[] = [
  ["(malloc=", (line) => ({ malloc: blocksOf(line, "malloc=") })],
  ["(arena=", (line) => ({ arena: blocksOf(line, "arena=") })],
  ["(mmap: ", (line) => ({ mmap: pagesOf(line) })],
  ["(stack: ", (line) => ({ stack: pagesOf(line) })],
  ["(tracking overhead=", (line) => ({ overhead: blocksOf(line, "overhead=") })],
  ["(classes #", (line) => ({ classes: countAfter(line, "#") })],
  ["(  instance classes #", (line) => ({ arrayClasses: countAfter(line, "array classes #") })],
  ["(thread", (line) => ({ threads: countAfter(line, "#") })],
  ["(  Metadata", () => ({ metadata: noMetadata })],
  ["(  Class space", () => ({ classSpace: noMetadata })],
  ["(    ", metadataOf],
];

const noMetadata: MetadataUse = { reservedBytes: 0, committedBytes: 0, usedBytes: 0 };

/** `(    reserved=…, committed=…)` and `(    used=…)` belong to the heading before them; `waste` follows from those. */
function metadataOf(line: string, category: NativeCategory): Partial<NativeCategory> {
  const field = category.classSpace ? "classSpace" : "metadata";
  const use = category[field] ?? noMetadata;
  const usedBytes = bytesAfter(line, "(    used=");
  if (usedBytes !== undefined) return { [field]: { ...use, usedBytes } };
  if (!line.startsWith("(    reserved=")) return {};
  const { reservedBytes, committedBytes } = pagesOf(line);
  return { [field]: { ...use, reservedBytes, committedBytes } };
}
