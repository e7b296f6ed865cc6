import type { DominatorTree } from "../model/dominator-tree.ts";
import type { HeapGraph } from "../model/heap-graph.ts";
import { shallowBytesOf } from "../model/heap-graph.ts";
import type { Bytes } from "../model/units.ts";
import { addOrdinal, createOrdinalSet, hasOrdinal, type OrdinalSet } from "./ordinal-set.ts";

/**
 * The upper part of the dominator tree: the objects that retain at least `minBytes`, from the biggest to the smallest (equals by ordinal).
 * Objects are known by their index in that order; index `count` stands for the super-root.
 */
export interface BigDominators {
  /** What was asked for, or more where that would have been too many objects. */
  readonly minBytes: Bytes;
  readonly count: number;
  /** By index; `ordinals[count]` is 0. */
  readonly ordinals: Int32Array;
  /** By index; `retainedBytes[count]` is the reachable heap. */
  readonly retainedBytes: Float64Array;
  /** Index of the immediate dominator, always big itself; `count` for top-level objects, −1 for the super-root. */
  readonly dominatorOf: Int32Array;
  /** Big children of `index`, as indexes and from the biggest: `children[firstChild[index] … firstChild[index + 1] − 1]`; those of `count` are top-level. */
  readonly firstChild: Int32Array;
  readonly children: Int32Array;
  /** The children that are not big: their number, the bytes that they retain together, and the biggest of them. */
  readonly smallChildren: Float64Array;
  readonly smallBytes: Float64Array;
  readonly biggestSmallBytes: Float64Array;
}

/** Linear in the number of objects, whatever the shape; `maxCount` (1,000,000 unless told) bounds the result on a heap that is one long list. */
export function buildBigDominators(
  graph: HeapGraph,
  dominators: DominatorTree,
  minBytes: Bytes,
  { maxCount = 1_000_000 }: { readonly maxCount?: number } = {},
): BigDominators {
  const { dominatorOf, retainedUnits } = dominators;
  const minUnits = raiseToLimit(dominators, Math.max(1, Math.ceil(minBytes / 8)), maxCount);
  const big = createOrdinalSet(graph.objectCount);
  const ordinals = collectBig(dominators, minUnits, big);
  const count = ordinals.length - 1;
  const indexOf = createIndex(ordinals, count);
  const dominatorIndex = new Int32Array(count + 1).fill(-1);
  for (let index = 0; index < count; index++) dominatorIndex[index] = indexOf(dominatorOf[ordinals[index]!]!);
  const retainedBytes = Float64Array.from(ordinals, (ordinal) => retainedUnits[ordinal]! * 8);
  const { firstChild, children } = groupByDominator(dominatorIndex, count);

  const smallBytes = retainedBytes.map(
    (bytes, index) => bytes - (index === count ? 0 : shallowBytesOf(graph, ordinals[index]!)),
  );
  for (let index = 0; index < count; index++) smallBytes[dominatorIndex[index]!]! -= retainedBytes[index]!;
  const smallChildren = new Float64Array(count + 1);
  const biggestSmallBytes = new Float64Array(count + 1);
  addOrdinal(big, 0);
  for (let ordinal = 1; ordinal < dominatorOf.length; ordinal++) {
    const dominator = dominatorOf[ordinal]!;
    if (dominator < 0 || !hasOrdinal(big, dominator) || hasOrdinal(big, ordinal)) continue;
    const index = indexOf(dominator);
    smallChildren[index]!++;
    const bytes = retainedUnits[ordinal]! * 8;
    if (bytes > biggestSmallBytes[index]!) biggestSmallBytes[index] = bytes;
  }
  return {
    minBytes: minUnits * 8,
    count,
    ordinals,
    retainedBytes,
    dominatorOf: dominatorIndex,
    firstChild,
    children,
    smallChildren,
    smallBytes,
    biggestSmallBytes,
  };
}

const bucketCount = 1 << 16;

/** The least threshold from `minUnits` up that no more than about `maxCount` objects reach, by a histogram of equally wide buckets. */
function raiseToLimit({ retainedUnits }: DominatorTree, minUnits: number, maxCount: number): number {
  const width = Math.max(1, Math.ceil((retainedUnits[0]! + 1 - minUnits) / bucketCount));
  const buckets = new Uint32Array(bucketCount);
  for (let ordinal = 1; ordinal < retainedUnits.length; ordinal++) {
    const units = retainedUnits[ordinal]!;
    if (units >= minUnits) buckets[Math.floor((units - minUnits) / width)]!++;
  }
  let count = 0;
  for (let bucket = bucketCount - 1; bucket >= 0; bucket--) {
    count += buckets[bucket]!;
    if (count > maxCount) return minUnits + (bucket + 1) * width;
  }
  return minUnits;
}

/** From the biggest down, then the super-root; also enters them in `big`. */
function collectBig({ retainedUnits }: DominatorTree, minUnits: number, big: OrdinalSet): Int32Array {
  let count = 0;
  for (let ordinal = 1; ordinal < retainedUnits.length; ordinal++) if (retainedUnits[ordinal]! >= minUnits) count++;
  const ordinals = new Int32Array(count + 1);
  count = 0;
  for (let ordinal = 1; ordinal < retainedUnits.length; ordinal++) {
    if (retainedUnits[ordinal]! < minUnits) continue;
    ordinals[count++] = ordinal;
    addOrdinal(big, ordinal);
  }
  ordinals.subarray(0, count).sort((a, b) => retainedUnits[b]! - retainedUnits[a]! || a - b);
  return ordinals;
}

/** Index of a big ordinal, by binary search in ascending ordinals. */
function createIndex(ordinals: Int32Array, count: number): (ordinal: number) => number {
  const order = Int32Array.from({ length: count }, (_, index) => index).sort((a, b) => ordinals[a]! - ordinals[b]!);
  const ascending = order.map((index) => ordinals[index]!);
  let lastOrdinal = 0;
  let lastIndex = count;
  return (ordinal) => {
    if (ordinal === lastOrdinal) return lastIndex;
    lastOrdinal = ordinal;
    lastIndex = ordinal === 0 ? count : order[positionOf(ascending, ordinal)]!;
    return lastIndex;
  };
}

function positionOf(ascending: Int32Array, wanted: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counts, then fills; going through the indexes in order leaves each group in order. */
function groupByDominator(dominatorIndex: Int32Array, count: number): { firstChild: Int32Array; children: Int32Array } {
  const firstChild = new Int32Array(count + 2);
  for (let index = 0; index < count; index++) firstChild[dominatorIndex[index]! + 1]!++;
  for (let index = 0; index <= count; index++) firstChild[index + 1]! += firstChild[index]!;
  const next = firstChild.slice();
  const children = new Int32Array(count);
  for (let index = 0; index < count; index++) children[next[dominatorIndex[index]!]!++] = index;
  return { firstChild, children };
}
