import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import type { Bytes } from "../src/model/units.ts";
import { packageOf, stableNameOf } from "./class-names.ts";
import { classOf, reachableBytesOf, retainedBytesOf } from "./heap-lookup.ts";
import { thresholds } from "./thresholds.ts";

/** Objects that nothing else dominates, summed under one name. */
export interface ConsumerGroup {
  readonly name: string;
  readonly objects: number;
  readonly retainedBytes: Bytes;
}

/** One of the biggest objects. */
export interface BigObject {
  readonly ordinal: number;
  /** The class loader or class object that it hangs on; 0 for objects that nothing else dominates. */
  readonly inside: number;
  /** A class loader, its lists or a class object: what it retains is told by what hangs on it. */
  readonly isLookedThrough: boolean;
}

/** The top level of the dominator tree: its parts add up to the reachable heap. */
export interface TopConsumers {
  readonly classes: readonly ConsumerGroup[];
  /** Packages and all that is below them, from the biggest; those with one and the same content are one row, the longest name. */
  readonly packages: readonly ConsumerGroup[];
}

/** One pass over the objects. Class objects count for the package of the class that they stand for. */
export function topConsumersOf(heap: HeapEvidence, classByOrdinal: ReadonlyMap<number, string>): TopConsumers {
  const { dominatorOf, retainedUnits } = heap.dominators;
  const { classOf, objectCount } = heap.graph;
  const counts = new Float64Array(heap.classes.length);
  const units = new Float64Array(heap.classes.length);
  const ofClassObjects = new Map<string, MutableGroup>();
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    if (dominatorOf[ordinal] !== 0) continue;
    const own = retainedUnits[ordinal]!;
    counts[classOf[ordinal]!]!++;
    units[classOf[ordinal]!]! += own;
    const represented = classByOrdinal.get(ordinal);
    if (represented !== undefined) add(ofClassObjects, packageOf(represented), 1, own * 8);
  }
  const ofInstances = heap.classes
    .filter(({ index, name }) => counts[index]! > 0 && name !== "java.lang.Class")
    .map(({ index, name }) => ({ name: packageOf(name), objects: counts[index]!, retainedBytes: units[index]! * 8 }));
  const byName = new Map<string, MutableGroup>();
  for (const { index, name } of heap.classes)
    if (counts[index]! > 0) add(byName, stableNameOf(name), counts[index]!, units[index]! * 8);
  const minBytes = reachableBytesOf(heap) * thresholds.topConsumerShare;
  return {
    classes: noteworthy(byName, minBytes),
    packages: noteworthy(packageSums([...ofInstances, ...groupsOf(ofClassObjects)]), minBytes),
  };
}

interface MutableGroup {
  objects: number;
  retainedBytes: Bytes;
}

function add(groups: Map<string, MutableGroup>, name: string, objects: number, retainedBytes: Bytes): void {
  const group = groups.get(name) ?? { objects: 0, retainedBytes: 0 };
  group.objects += objects;
  group.retainedBytes += retainedBytes;
  groups.set(name, group);
}

function groupsOf(groups: ReadonlyMap<string, MutableGroup>): ConsumerGroup[] {
  return [...groups].map(([name, group]) => ({ name, ...group }));
}

function noteworthy(groups: ReadonlyMap<string, MutableGroup>, minBytes: Bytes): ConsumerGroup[] {
  return groupsOf(groups)
    .filter(({ retainedBytes }) => retainedBytes > minBytes)
    .sort((a, b) => b.retainedBytes - a.retainedBytes || (a.name < b.name ? -1 : 1))
    .slice(0, thresholds.rows.list);
}

/** Every package with what is below it; `org` goes where `org.apache` holds just the same. */
function packageSums(own: readonly ConsumerGroup[]): Map<string, MutableGroup> {
  const sums = new Map<string, MutableGroup>();
  for (const { name, objects, retainedBytes } of own) {
    const parts = name === "" ? ["(no package)"] : name.split(".");
    for (let depth = 1; depth <= parts.length; depth++)
      add(sums, parts.slice(0, depth).join("."), objects, retainedBytes);
  }
  for (const [name, { objects, retainedBytes }] of [...sums]) {
    const parent = sums.get(name.slice(0, Math.max(0, name.lastIndexOf("."))));
    if (parent?.objects === objects && parent.retainedBytes === retainedBytes)
      sums.delete(name.slice(0, name.lastIndexOf(".")));
  }
  return sums;
}

/** Classes that lead from a class loader to its classes. */
const loaderInnards =
  /^java\.(lang\.Object\[\]|util\.(ArrayList|Vector|concurrent\.ConcurrentHashMap(\$Node(\[\])?)?))$/;

/**
 * The biggest objects that nothing else dominates; of class loaders and class objects also what hangs on them, because whatever an
 * application keeps in static fields hangs on its loader.
 */
export function biggestObjectsOf(heap: HeapEvidence, classByOrdinal: ReadonlyMap<number, string>): BigObject[] {
  const childrenOf = Map.groupBy(bigBelowPlatform(heap), (ordinal) => heap.dominators.dominatorOf[ordinal]!);
  const found: BigObject[] = [];
  const pending = (childrenOf.get(0) ?? []).map((ordinal) => ({ ordinal, inside: 0, isOfLoader: false }));
  while (pending.length > 0) {
    const { ordinal, inside, isOfLoader } = pending.pop()!;
    const { name } = classOf(heap, ordinal);
    const isClass = classByOrdinal.has(ordinal);
    const isHolder = isClass || isLoaderClass(name);
    const isLookedThrough = isHolder || (isOfLoader && loaderInnards.test(name));
    found.push({ ordinal, inside, isLookedThrough });
    if (!isLookedThrough) continue;
    const below = { inside: isHolder ? ordinal : inside, isOfLoader: !isClass };
    pending.push(...(childrenOf.get(ordinal) ?? []).map((child) => ({ ordinal: child, ...below })));
  }
  const { retainedUnits } = heap.dominators;
  const rank = ({ ordinal }: BigObject) => retainedUnits[ordinal]!;
  return found
    .sort((a, b) => rank(b) - rank(a) || Number(b.isLookedThrough) - Number(a.isLookedThrough) || a.ordinal - b.ordinal)
    .slice(0, thresholds.rows.list);
}

function isLoaderClass(name: string): boolean {
  return /ClassLoader(s\$\w+)?$/.test(name);
}

/** Objects of at least a ten-thousandth of the heap that nothing dominates, or something that may be a part of a class loader. */
function bigBelowPlatform({ graph, classes, dominators }: HeapEvidence): number[] {
  const { classOf: classIndexOf, objectCount } = graph;
  const { dominatorOf, retainedUnits } = dominators;
  const minUnits = Math.max(1, Math.floor(retainedUnits[0]! / 10_000));
  const leads = Uint8Array.from(classes, ({ name }) =>
    name === "java.lang.Class" || isLoaderClass(name) || loaderInnards.test(name) ? 1 : 0,
  );
  const found: number[] = [];
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    if (retainedUnits[ordinal]! < minUnits) continue;
    const dominator = dominatorOf[ordinal]!;
    if (dominator === 0 || leads[classIndexOf[dominator]!] === 1) found.push(ordinal);
  }
  return found;
}

/** A class loader with what its classes' objects retain together. */
export interface LoaderGroup {
  /** 0 is the boot loader. */
  readonly ordinal: number;
  readonly name: string;
  readonly classes: number;
  readonly retainedBytes: Bytes;
}

/** From the biggest; every loader that defined a class. */
export function loaderGroupsOf(heap: HeapEvidence): LoaderGroup[] {
  const classes = new Map<number, number>();
  for (const { loader, kind } of heap.classes)
    if (kind === "instance") classes.set(loader, (classes.get(loader) ?? 0) + 1);
  return [...classes]
    .map(([ordinal, count]) => ({
      ordinal,
      name: ordinal === 0 ? "<boot>" : stableNameOf(heap.classes[heap.graph.classOf[ordinal]!]!.name),
      classes: count,
      retainedBytes: heap.classRetained.bytesOfLoader.get(ordinal) ?? 0,
    }))
    .sort((a, b) => b.retainedBytes - a.retainedBytes || b.classes - a.classes || a.ordinal - b.ordinal);
}

/** Bytes of the object and of what only it holds. */
export function shareOf(heap: HeapEvidence, ordinal: number): number {
  return retainedBytesOf(heap, ordinal) / Math.max(1, reachableBytesOf(heap));
}
