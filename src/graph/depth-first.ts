import { edgeTargetMask, type HeapGraph } from "../model/heap-graph.ts";
import { freeBuffer } from "./free-buffer.ts";
import { blockLength, LookAhead } from "./look-ahead.ts";
import type { Peeling } from "./peeling.ts";

/** Number of the super-root in depth-first order; 0 stands for “none”. */
export const rootNumber = 1;

/**
 * The reachable core of a heap in depth-first order: numbers 1…count, the super-root is 1 and a parent's number is less than its children's.
 * References outside the tree are kept as lists, which makes a reverse graph unnecessary: an object with one referrer has an empty list.
 */
export interface DepthFirstTree {
  readonly count: number;
  /** Ordinal of each number. */
  readonly ordinalOf: Int32Array<ArrayBuffer>;
  readonly parentOf: Int32Array<ArrayBuffer>;
  /** First entry in `otherReferrers` of each number, 0 for none. */
  readonly firstReferrer: Int32Array<ArrayBuffer>;
  /** Entry e: `[2e]` the referrer's number, `[2e + 1]` the next entry of the same object, 0 at the end. */
  readonly otherReferrers: Int32Array<ArrayBuffer>;
}

/**
 * Numbers the core objects in `numberOf` (by ordinal; all 0 before, and still 0 afterwards where unreachable or peeled).
 * Arrays are allocated for the worst case; the system commits only the pages that are written.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the search is one loop over locals, run for every reference of the core
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the same
export function numberDepthFirst(graph: HeapGraph, peeling: Peeling, numberOf: Int32Array): DepthFirstTree {
  const { firstEdge, edgeTo, roots, edgeCount } = graph;
  const { peeled, coreCount } = peeling;
  const ordinalOf = new Int32Array(coreCount + 2);
  const parentOf = new Int32Array(coreCount + 2);
  const firstReferrer = new Int32Array(coreCount + 2);
  const otherReferrers = new Int32Array(2 * (edgeCount + roots.length + 1));
  /** By depth: the edge to go on with, 0 when the last one was taken. */
  const resumeEdge = new Int32Array(coreCount + 1);
  let count = rootNumber;
  let referrerCount = 0;
  const lookAhead = new LookAhead(graph, peeled, numberOf);

  for (let i = 0; i < roots.length; i++) {
    const root = roots[i]!;
    if ((peeled[root >>> 3]! & (1 << (root & 7))) !== 0) continue;
    const seen = numberOf[root]!;
    if (seen !== 0) {
      referrerCount++;
      otherReferrers[2 * referrerCount] = rootNumber;
      otherReferrers[2 * referrerCount + 1] = firstReferrer[seen]!;
      firstReferrer[seen] = referrerCount;
      continue;
    }
    let current = ++count;
    numberOf[root] = current;
    ordinalOf[current] = root;
    parentOf[current] = rootNumber;
    let depth = 0;
    let edge = firstEdge[root]!;
    while (edge !== 0) {
      if ((edge & (blockLength - 1)) === 0) lookAhead.touchBlock(edge);
      const entry = edgeTo[edge++]!;
      const target = entry & edgeTargetMask;
      if ((peeled[target >>> 3]! & (1 << (target & 7))) === 0) {
        const targetNumber = numberOf[target]!;
        if (targetNumber === 0) {
          numberOf[target] = ++count;
          ordinalOf[count] = target;
          parentOf[count] = current;
          resumeEdge[depth++] = entry < 0 ? 0 : edge;
          current = count;
          edge = firstEdge[target]!;
          continue;
        }
        referrerCount++;
        otherReferrers[2 * referrerCount] = current;
        otherReferrers[2 * referrerCount + 1] = firstReferrer[targetNumber]!;
        firstReferrer[targetNumber] = referrerCount;
      }
      if (entry >= 0) continue;
      edge = 0;
      while (edge === 0 && depth > 0) {
        edge = resumeEdge[--depth]!;
        current = parentOf[current]!;
      }
    }
  }
  freeBuffer(resumeEdge);
  return { count, ordinalOf, parentOf, firstReferrer, otherReferrers };
}
