import type { Severity } from "../src/model/finding.ts";
import type { Bytes } from "../src/model/units.ts";
import { isJvmBaseline, isPlatformClass } from "./class-names.ts";
import type { HeldClass, SuspectContents } from "./suspect-contents.ts";
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
  /** Whether a thread ran out of memory. */
  readonly didRunOut: boolean;
  /** Every slot of an array that a class of the program holds is taken, as in a ring or a pool. */
  readonly isFullArray: boolean;
  /** On the way is a subclass of LinkedHashMap, which people write to override `removeEldestEntry`. */
  readonly isEvicting: boolean;
  /** A group whose members are live threads. */
  readonly isThreads: boolean;
  /** A group that is held by many different objects. */
  readonly isScattered: boolean;
  /** A group that nothing holds any more because that part of the dump was lost. */
  readonly isHolderLost: boolean;
}

/**
 * What the suspect is made of. `collection`: many objects alike, the shape that growth has. `buffer`: a few flat arrays, a size that someone
 * chose. `bounded`: in a structure that is known to limit itself. `store`: the data that a service is there to keep in memory. `threads`: what
 * live threads hold. `classes`: what loading classes costs. `mixed`: none of these.
 */
export type SuspectShape = "collection" | "buffer" | "bounded" | "store" | "threads" | "classes" | "mixed";

export function shapeOf(facts: SuspectFacts): SuspectShape {
  const { contents, className, pathClasses, isScattered } = facts;
  if (isClassMetadata(className)) return "classes";
  if (facts.isThreads) return "threads";
  if (isBounded(facts)) return "bounded";
  if (pathClasses.some((name) => storeByDesign.test(name))) return "store";
  if (isBuffer(facts)) return "buffer";
  const isAlike = hasAlikeEntries(facts);
  if (!isAlike && partedClassOf(facts) !== undefined) return "collection";
  if (!isAlike || (isScattered && !facts.isHolderLost)) return "mixed";
  return isClassMetadata(contents.entries?.className ?? "") ? "classes" : "collection";
}

/** Whether many objects of one class make up most of it. */
export function hasAlikeEntries({ contents: { entries }, retainedBytes }: SuspectFacts): boolean {
  const { alikeEntries, entriesShare } = thresholds.suspects;
  return (
    entries !== undefined && entries.count >= alikeEntries && entries.retainedBytes >= entriesShare * retainedBytes
  );
}

/** The program's objects of which there are many, when a collection holds them in a few parts: lists by tenant, maps by day. */
export function partedClassOf({
  contents,
  className,
  retainedBytes,
  isScattered,
}: SuspectFacts): HeldClass | undefined {
  const { entries, classes } = contents;
  const limits = thresholds.suspects;
  if (isScattered || entries === undefined || entries.count < 2 || entries.count >= limits.alikeEntries)
    return undefined;
  if (!isPlatformClass(className) || entries.retainedBytes < limits.entriesShare * retainedBytes) return undefined;
  return classes.find((each) => !isPlatformClass(each.className) && each.objects >= limits.criticalEntries);
}

function isBounded({ pathClasses, isFullArray, isEvicting }: SuspectFacts): boolean {
  return isFullArray || isEvicting || pathClasses.some((name) => boundedByDesign.test(name));
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
  /Memtable|SlabAllocator|SlabPool|\bBufferPool\b|PoolArena|PoolChunk|BoundedLocalCache|cache\.LocalCache|ConcurrentLinkedHashMap|LruBlockCache|BucketCache|MemStoreLAB|RecordAccumulator|BufferedMutator|\.ArrayBlockingQueue$|[.$](LRU|Lru)\w*(Map|Cache)$|\.(RingBuffer|EvictingQueue|CircularFifoQueue)$/;

/** Trees and maps of services that keep their data in memory: ZooKeeper's znodes, HDFS' inodes and blocks. */
const storeByDesign =
  /^org\.apache\.(zookeeper\.server\.(DataTree|NodeHashMap\w*)|hadoop\.hdfs\.server\.(namenode\.(FSDirectory|INodeMap)|blockmanagement\.BlocksMap))$/;

/** Classes, their loaders and the JVM's own tables. */
export function isClassMetadata(className: string): boolean {
  return /ClassLoader(s\$\w+)?$/.test(className) || className === "java.lang.Class" || isJvmBaseline(className);
}

/** What is big by design is worth an info, and more only when the heap is full of it or it alone filled the heap that ran out. */
export function severityOf(shape: SuspectShape, facts: SuspectFacts): Severity {
  const isHalf = facts.share >= thresholds.suspects.criticalShare;
  switch (shape) {
    case "classes":
      return "info";
    case "collection":
      return severityOfCollection(facts, isHalf);
    case "threads":
      return facts.didRunOut && isHalf ? "critical" : facts.isHeapFull && isHalf ? "warning" : "info";
    default:
      if (facts.didRunOut && facts.share >= thresholds.fullHeapShare) return "critical";
      return facts.isHeapFull && isHalf ? "warning" : "info";
  }
}

/** Critical needs a big share and either size and many entries, or a heap that ran out. */
function severityOfCollection(facts: SuspectFacts, isHalf: boolean): Severity {
  const { contents, retainedBytes, share, isHeapFull, didRunOut, isHolderLost } = facts;
  const limits = thresholds.suspects;
  const count = partedClassOf(facts)?.objects ?? contents.entries?.count ?? 0;
  const isMany = count >= limits.criticalEntries && (retainedBytes >= limits.criticalBytes || isHeapFull);
  if (isHalf && !isHolderLost && (isMany || didRunOut)) return "critical";
  if (isHeapFull && share >= limits.fullHeapWarningShare) return "warning";
  if (isHalf && count >= limits.smallHeapEntries && retainedBytes >= limits.smallHeapBytes) return "warning";
  return share >= limits.warningShare && retainedBytes >= limits.warningBytes ? "warning" : "info";
}

/** The class that people know the entries by: what a JDK node or entry holds, not the node. */
export function entryNameOf(entryClass: string, heldClass: string | undefined): string {
  return isWrapperClass(entryClass) && heldClass !== undefined ? heldClass : entryClass;
}

/** What the JDK's collections wrap each entry in. */
export function isWrapperClass(className: string): boolean {
  return isPlatformClass(className) && /(Node|Entry|Cell|Reference|Ref)$/.test(className);
}
