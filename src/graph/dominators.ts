import type { DominatorTree } from "../model/dominator-tree.ts";
import type { HeapGraph } from "../model/heap-graph.ts";
import { findCoreDominators } from "./core-dominators.ts";
import { numberDepthFirst } from "./depth-first.ts";
import { findPeeledDominators } from "./peeled-dominators.ts";
import { findPeeled } from "./peeling.ts";
import { sumRetainedSizes } from "./retained-sizes.ts";

/**
 * The exact dominator tree of the strongly reachable objects, with retained sizes, in near-linear time for any shape of heap.
 * Both columns lie on SharedArrayBuffers. One array holds, one after the other, depth-first numbers, holders and dominators.
 */
export function buildDominators(graph: HeapGraph): DominatorTree {
  const heldBy = new Int32Array(new SharedArrayBuffer(4 * (graph.objectCount + 1)));
  const peeling = findPeeled(graph);
  const tree = numberDepthFirst(graph, peeling, heldBy);
  const core = findCoreDominators(tree);
  findPeeledDominators(graph, peeling, core, heldBy);
  return sumRetainedSizes(graph, peeling, core, heldBy);
}
