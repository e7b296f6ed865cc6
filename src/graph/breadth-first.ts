import type { HeapGraph } from "../model/heap-graph.ts";
import { addOrdinal, createOrdinalSet, hasOrdinal, type OrdinalSet } from "./ordinal-set.ts";
import { ReferenceQueue } from "./reference-queue.ts";

/**
 * Searches from the roots until all targets are found: roots in ascending order, then the references of each object in their order.
 * The result holds, by ordinal, 1 + the referrer by which an object was met first: 1 for roots (met from the super-root), 0 for what was not met.
 * Takes 4 bytes per object and the widest front of the search.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one pass in locals; calls would cost more than the work
export function searchBreadthFirst(
  graph: HeapGraph,
  targets: ArrayLike<number>,
  avoid: OrdinalSet | undefined,
): Int32Array<ArrayBuffer> {
  const { objectCount, firstEdge, roots } = graph;
  const referrerOf = new Int32Array(objectCount + 1);
  const wanted = createOrdinalSet(objectCount);
  let wantedCount = markWanted(wanted, targets, objectCount, avoid);
  const queue = new ReferenceQueue(graph);
  for (let i = 0; i < roots.length; i++) {
    const root = roots[i]!;
    if (avoid && hasOrdinal(avoid, root)) continue;
    referrerOf[root] = 1;
    if (hasOrdinal(wanted, root)) wantedCount--;
    if (firstEdge[root] !== 0) queue.push(root);
  }
  while (wantedCount > 0 && queue.next(wanted)) {
    const { count, holders, targets: found } = queue;
    queue.touch(referrerOf);
    for (let i = 0; i < count; i++) {
      const target = found[i]!;
      if (referrerOf[target] !== 0 || (avoid && hasOrdinal(avoid, target))) continue;
      referrerOf[target] = holders[i]! + 1;
      if (hasOrdinal(wanted, target)) wantedCount--;
      if (firstEdge[target] !== 0) queue.push(target);
    }
  }
  return referrerOf;
}

/** Puts each target once into `wanted` and counts them; those that cannot be found would only keep the search going. */
function markWanted(
  wanted: OrdinalSet,
  targets: ArrayLike<number>,
  objectCount: number,
  avoid: OrdinalSet | undefined,
): number {
  let count = 0;
  for (let i = 0; i < targets.length; i++) {
    const target = targets[i]!;
    if (target < 1 || target > objectCount || hasOrdinal(wanted, target)) continue;
    if (avoid && hasOrdinal(avoid, target)) continue;
    addOrdinal(wanted, target);
    count++;
  }
  return count;
}
