import type { HeapGraph } from "../model/heap-graph.ts";
import type { CoreDominators } from "./core-dominators.ts";
import { heldByRoot, PeeledHolders } from "./peeled-holders.ts";
import type { Peeling } from "./peeling.ts";

/**
 * Finds the dominators of the peeled objects by forward sweeps over their referrers, without reverse references.
 * `heldBy` has the numbers of core objects, which stay; peeled ones get the ordinal of their dominator or `heldByRoot`; 0 means unreachable.
 */
export function findPeeledDominators(
  graph: HeapGraph,
  peeling: Peeling,
  core: CoreDominators,
  heldBy: Int32Array,
): void {
  const { objectCount, roots } = graph;
  const { leaves, peeled } = peeling;
  const holders = new PeeledHolders(graph, peeled, core, heldBy);
  for (let i = 0; i < roots.length; i++) {
    const root = roots[i]!;
    if ((peeled[root >>> 3]! & (1 << (root & 7))) !== 0) heldBy[root] = heldByRoot;
  }
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    const isCore = (peeled[ordinal >>> 3]! & (1 << (ordinal & 7))) === 0;
    if (isCore && heldBy[ordinal] !== 0) holders.addReferencesOf(ordinal);
  }
  holders.flush();
  // What holds the peeled ones, in the core or the super-root, is final by now; leaves are what they hold.
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    const isHolder = (peeled[ordinal >>> 3]! & ~leaves[ordinal >>> 3]! & (1 << (ordinal & 7))) !== 0;
    if (isHolder && heldBy[ordinal] !== 0) holders.addReferencesOf(ordinal);
  }
  holders.flush();
}
