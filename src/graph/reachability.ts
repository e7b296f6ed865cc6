import type { DominatorTree } from "../model/dominator-tree.ts";
import type { Reachability } from "../model/heap-evidence.ts";
import { edgeTargetMask, type HeapGraph, strengths, type WeakEdges } from "../model/heap-graph.ts";
import { addOrdinal, createOrdinalSet, hasOrdinal, type OrdinalSet } from "./ordinal-set.ts";

/** Index after the last of `strengths`: what no reference of any kind reaches. */
const unreachableLevel = strengths.length;

/** How strongly each object is reachable; `levelOf` reads it. */
export interface ReachabilityLevels {
  readonly dominatorOf: Int32Array;
  /** Objects that are reachable no more strongly than soft, weak, finalizer, phantom: `sets[level − 1]`. */
  readonly sets: readonly OrdinalSet[];
}

/** Index in `strengths` of the strongest way to an object, or `unreachableLevel`. */
export function levelOf(levels: ReachabilityLevels, ordinal: number): number {
  if (levels.dominatorOf[ordinal]! >= 0) return 0;
  for (let level = 1; level < unreachableLevel; level++) if (hasOrdinal(levels.sets[level - 1]!, ordinal)) return level;
  return unreachableLevel;
}

/** Counts objects and bytes per level and class in one pass over the objects. */
export function measureReachability(
  graph: HeapGraph,
  classCount: number,
  dominators: DominatorTree,
  levels: ReachabilityLevels = markReachability(graph, dominators),
): Reachability {
  const { objectCount, classOf, shallowUnits, largeObjects } = graph;
  const { dominatorOf } = dominators;
  const levelCount = unreachableLevel + 1;
  const classObjects = new Float64Array(levelCount * classCount);
  const classBytes = new Float64Array(levelCount * classCount);
  let large = 0;
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    const units = shallowUnits[ordinal]!;
    const bytes = units === 0xffff ? largeObjects.bytes[large++]! : units * 8;
    const level = dominatorOf[ordinal]! >= 0 ? 0 : levelOf(levels, ordinal);
    const slot = level * classCount + classOf[ordinal]!;
    classObjects[slot]!++;
    classBytes[slot]! += bytes;
  }
  return {
    objects: sumRows(classObjects, levelCount, classCount),
    shallowBytes: sumRows(classBytes, levelCount, classCount),
    classObjects,
    classBytes,
  };
}

/**
 * Follows weak references from what is strongly reachable, level by level as `java.lang.ref` orders them. A referent is followed once its
 * Reference object is reached, at the weaker of the two strengths.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: a search per level, told in one piece
export function markReachability(graph: HeapGraph, dominators: DominatorTree): ReachabilityLevels {
  const { objectCount, firstEdge, edgeTo } = graph;
  const { dominatorOf } = dominators;
  const sets = strengths.slice(1).map(() => createOrdinalSet(objectCount));
  if (graph.weakEdges.from.length === 0) return { dominatorOf, sets };
  const weak = indexWeakEdges(graph.weakEdges, objectCount);
  const reached = createOrdinalSet(objectCount);
  /** Objects that are marked but whose references are not followed yet. */
  const pending = new Int32Array(objectCount - countStrong(dominators) + 1);
  /** Weak references of reached objects that wait for a weaker level, by level. */
  const waiting: number[][] = strengths.map(() => []);

  for (let i = 0; i < weak.from.length; i++) {
    if (dominatorOf[weak.from[i]!]! >= 0) waiting[weak.strength[i]!]!.push(weak.to[i]!);
  }
  for (let level = 1; level < unreachableLevel; level++) {
    const set = sets[level - 1]!;
    let pendingCount = 0;
    const mark = (ordinal: number): void => {
      if (dominatorOf[ordinal]! >= 0 || hasOrdinal(reached, ordinal)) return;
      addOrdinal(reached, ordinal);
      addOrdinal(set, ordinal);
      pending[pendingCount++] = ordinal;
    };
    for (const ordinal of waiting[level]!) {
      mark(ordinal);
      while (pendingCount > 0) {
        const holder = pending[--pendingCount]!;
        let edge = firstEdge[holder]!;
        while (edge !== 0) {
          const entry = edgeTo[edge]!;
          mark(entry & edgeTargetMask);
          edge = entry < 0 ? 0 : edge + 1;
        }
        if (!hasOrdinal(weak.holders, holder)) continue;
        for (let i = firstWeakEdgeOf(weak, holder); weak.from[i] === holder; i++) {
          const strength = weak.strength[i]!;
          if (strength <= level) mark(weak.to[i]!);
          else waiting[strength]!.push(weak.to[i]!);
        }
      }
    }
  }
  return { dominatorOf, sets };
}

/** Weak references in ascending order of `from`. */
interface WeakIndex extends WeakEdges {
  readonly holders: OrdinalSet;
}

function indexWeakEdges(edges: WeakEdges, objectCount: number): WeakIndex {
  const holders = createOrdinalSet(objectCount);
  let isSorted = true;
  for (let i = 0; i < edges.from.length; i++) {
    addOrdinal(holders, edges.from[i]!);
    if (i > 0 && edges.from[i - 1]! > edges.from[i]!) isSorted = false;
  }
  if (isSorted) return { ...edges, holders };
  const order = Int32Array.from(edges.from, (_, i) => i).sort((a, b) => edges.from[a]! - edges.from[b]! || a - b);
  return {
    from: order.map((i) => edges.from[i]!),
    to: order.map((i) => edges.to[i]!),
    strength: Uint8Array.from(order, (i) => edges.strength[i]!),
    holders,
  };
}

function firstWeakEdgeOf({ from }: WeakIndex, holder: number): number {
  let low = 0;
  let high = from.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (from[middle]! < holder) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countStrong({ dominatorOf }: DominatorTree): number {
  let count = 0;
  for (let ordinal = 1; ordinal < dominatorOf.length; ordinal++) if (dominatorOf[ordinal]! >= 0) count++;
  return count;
}

function sumRows(cells: Float64Array, rowCount: number, columnCount: number): Float64Array {
  return Float64Array.from({ length: rowCount }, (_, row) =>
    cells.subarray(row * columnCount, (row + 1) * columnCount).reduce((sum, cell) => sum + cell, 0),
  );
}
