import { edgeTargetMask, type HeapGraph } from "../model/heap-graph.ts";
import { createOrdinalSet } from "./ordinal-set.ts";

/**
 * Objects that hold at most objects which hold nothing (a leaf, or a String with its byte[]).
 * They can dominate nothing but leaves, so the search for dominators does without them: typically two thirds of a heap.
 */
export interface Peeling {
  /** Objects without references. */
  readonly leaves: Uint8Array<ArrayBuffer>;
  /** The leaves and those whose references all lead to leaves. */
  readonly peeled: Uint8Array<ArrayBuffer>;
  /** How many objects are left, reachable or not. */
  readonly coreCount: number;
}

export function findPeeled(graph: HeapGraph): Peeling {
  const leaves = findLeaves(graph);
  const peeled = leaves.slice();
  const { objectCount, firstEdge, edgeTo } = graph;
  let coreCount = 0;
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    let edge = firstEdge[ordinal]!;
    if (edge === 0) continue;
    let entry = 0;
    let isLeaf = 0;
    do {
      entry = edgeTo[edge++]!;
      const target = entry & edgeTargetMask;
      isLeaf = leaves[target >>> 3]! & (1 << (target & 7));
    } while (isLeaf !== 0 && entry >= 0);
    if (isLeaf === 0) coreCount++;
    else peeled[ordinal >>> 3]! |= 1 << (ordinal & 7);
  }
  return { leaves, peeled, coreCount };
}

/** The objects without references; 0, the super-root, is none of them. */
function findLeaves({ objectCount, firstEdge }: HeapGraph): Uint8Array<ArrayBuffer> {
  const leaves = createOrdinalSet(objectCount);
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    if (firstEdge[ordinal] === 0) leaves[ordinal >>> 3]! |= 1 << (ordinal & 7);
  }
  return leaves;
}
