import type { Severity } from "../src/model/finding.ts";
import type { Bytes } from "../src/model/units.ts";
import { isJvmBaseline, isPlatformClass } from "./class-names.ts";
import type { SuspectContents } from "./suspect-contents.ts";
import { thresholds } from "./thresholds.ts";

/** What a judgement rests on. */
export interface SuspectFacts {
  readonly retainedBytes: Bytes;
  /** Of the reachable bytes. */
  readonly share: number;
  readonly contents: SuspectContents;
  /** Of the accumulation point, or of a group's members. */
  readonly className: string;
  /** Of every object on the path and the dominator chain. */
  readonly pathClasses: readonly string[];
  /** Whether the heap is near its maximum or a thread ran out of memory. */
  readonly isHeapFull: boolean;
  /** A group that is held by many different objects. */
  readonly isScattered: boolean;
  /** A group that nothing holds any more because that part of the dump was lost. */
  readonly isHolderLost: boolean;
}

/**
 * What the suspect is made of. `collection`: many objects alike, the shape that growth has. `buffer`: a few flat arrays, a size that someone
 * chose. `bounded`: many alike in a structure that is known to limit itself. `classes`: what loading classes costs. `mixed`: none of these.
 */
export type SuspectShape = "collection" | "buffer" | "bounded" | "classes" | "mixed";

export function shapeOf(facts: SuspectFacts): SuspectShape {
  const { contents, retainedBytes, className, pathClasses, isScattered } = facts;
  const limits = thresholds.suspects;
  const { entries } = contents;
  if (isClassMetadata(className)) return "classes";
  if (isBuffer(facts)) return pathClasses.some((name) => boundedByDesign.test(name)) ? "bounded" : "buffer";
  const isAlike =
    entries !== undefined &&
    entries.count >= limits.alikeEntries &&
    entries.retainedBytes >= limits.entriesShare * retainedBytes;
  if (!isAlike || (isScattered && !facts.isHolderLost)) return "mixed";
  if (isClassMetadata(entries.className)) return "classes";
  return pathClasses.some((name) => boundedByDesign.test(name)) ? "bounded" : "collection";
}

/** A few flat arrays, or many big ones that no collection has in common. */
function isBuffer({ contents: { flatArrays }, retainedBytes, isScattered }: SuspectFacts): boolean {
  const limits = thresholds.suspects;
  if (flatArrays.count === 0 || flatArrays.bytes < limits.bufferShare * retainedBytes) return false;
  return (
    flatArrays.count <= limits.bufferObjects ||
    (isScattered && flatArrays.bytes / flatArrays.count >= limits.bufferBytes)
  );
}

/** Memtables, slabs, pools and caches that evict: big when they work. Their own settings say how big. */
const boundedByDesign =
  /Memtable|SlabAllocator|SlabPool|\bBufferPool\b|PoolArena|PoolChunk|BoundedLocalCache|cache\.LocalCache|ConcurrentLinkedHashMap|LruBlockCache|BucketCache|MemStoreLAB|RecordAccumulator|BufferedMutator/;

/** Classes, their loaders and the JVM's own tables. */
export function isClassMetadata(className: string): boolean {
  return /ClassLoader(s\$\w+)?$/.test(className) || className === "java.lang.Class" || isJvmBaseline(className);
}

/** Critical needs the shape of growth, a big share and either size or a full heap; what is big by design is worth an info. */
export function severityOf(shape: SuspectShape, facts: SuspectFacts): Severity {
  const { contents, retainedBytes, share, isHeapFull } = facts;
  const limits = thresholds.suspects;
  const isHalf = share >= limits.criticalShare;
  const isWhole = !facts.isHolderLost;
  if (shape === "classes") return "info";
  if (shape !== "collection") return isHeapFull && isHalf ? "warning" : "info";
  const count = contents.entries?.count ?? 0;
  if (isWhole && isHalf && count >= limits.criticalEntries && (retainedBytes >= limits.criticalBytes || isHeapFull))
    return "critical";
  if (isHeapFull && share >= limits.fullHeapWarningShare) return "warning";
  if (isHalf && count >= limits.smallHeapEntries && retainedBytes >= limits.smallHeapBytes) return "warning";
  return share >= limits.warningShare && retainedBytes >= limits.warningBytes ? "warning" : "info";
}

/** The class that people know the entries by: what a JDK node or entry holds, not the node. */
export function entryNameOf(entryClass: string, heldClass: string | undefined): string {
  const isWrapper = isPlatformClass(entryClass) && /(Node|Entry|Cell|Reference|Ref)$/.test(entryClass);
  return isWrapper && heldClass !== undefined ? heldClass : entryClass;
}
