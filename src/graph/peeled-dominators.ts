import { edgeTargetMask, type HeapGraph } from "../model/heap-graph.ts";
import { type CoreDominators, nearestCommonDominator } from "./core-dominators.ts";
import { rootNumber } from "./depth-first.ts";
import type { Peeling } from "./peeling.ts";

/** In `heldBy`: dominated by the super-root alone. */
export const heldByRoot = -1;

/**
 * Finds the dominators of the peeled objects by forward sweeps over their referrers, without reverse references.
 * `heldBy` has the numbers of core objects, which stay; peeled ones get the ordinal of their dominator or `heldByRoot`; 0 means unreachable.
 */
export function findPeeledDominators(graph: HeapGraph, peeling: Peeling, core: CoreDominators, heldBy: Int32Array): void {
  const { peeled } = peeling;
  const { roots } = graph;
  for (let i = 0; i < roots.length; i++) {
    const root = roots[i]!;
    if ((peeled[root >>> 3]! & (1 << (root & 7))) !== 0) heldBy[root] = heldByRoot;
  }
  sweepCore(graph, peeled, core, heldBy);
  sweepPeeled(graph, peeling, core, heldBy);
}

/** What core objects hold. */
function sweepCore(graph: HeapGraph, peeled: Uint8Array, core: CoreDominators, heldBy: Int32Array): void {
  const { objectCount, firstEdge, edgeTo } = graph;
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    if ((peeled[ordinal >>> 3]! & (1 << (ordinal & 7))) !== 0 || heldBy[ordinal] === 0) continue;
    let edge = firstEdge[ordinal]!;
    let entry = 0;
    do {
      entry = edgeTo[edge++]!;
      const target = entry & edgeTargetMask;
      if ((peeled[target >>> 3]! & (1 << (target & 7))) === 0) continue;
      const known = heldBy[target]!;
      if (known === 0) heldBy[target] = ordinal;
      else if (known !== ordinal && known !== heldByRoot) heldBy[target] = commonHolder(core, heldBy, known, ordinal);
    } while (entry >= 0);
  }
}

/** What peeled objects hold: leaves. Their own holders, in the core or the super-root, are final by now. */
function sweepPeeled(graph: HeapGraph, { leaves, peeled }: Peeling, core: CoreDominators, heldBy: Int32Array): void {
  const { objectCount, firstEdge, edgeTo } = graph;
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    const bit = 1 << (ordinal & 7);
    if ((peeled[ordinal >>> 3]! & ~leaves[ordinal >>> 3]! & bit) === 0) continue;
    const holder = heldBy[ordinal]!;
    if (holder === 0) continue;
    let edge = firstEdge[ordinal]!;
    let entry = 0;
    do {
      entry = edgeTo[edge++]!;
      const target = entry & edgeTargetMask;
      const known = heldBy[target]!;
      if (known === 0) heldBy[target] = ordinal;
      else if (known !== ordinal && known !== heldByRoot) {
        const isPeeled = (peeled[known >>> 3]! & (1 << (known & 7))) !== 0;
        heldBy[target] = commonHolder(core, heldBy, isPeeled ? heldBy[known]! : known, holder);
      }
    } while (entry >= 0);
  }
}

/** The nearest object that dominates two core objects, either of which may be `heldByRoot`. */
function commonHolder(core: CoreDominators, heldBy: Int32Array, first: number, second: number): number {
  if (first === second) return first;
  if (first === heldByRoot || second === heldByRoot) return heldByRoot;
  const number = nearestCommonDominator(core, heldBy[first]!, heldBy[second]!);
  return number === rootNumber ? heldByRoot : core.ordinalOf[number]!;
}
