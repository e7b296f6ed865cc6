import type { DominatorTree } from "../../model/dominator-tree.ts";
import type { HeapCensus } from "../../model/heap-evidence.ts";
import { type HeapGraph, shallowBytesOf } from "../../model/heap-graph.ts";
import type { HeapColumns } from "./read-heap.ts";

/**
 * HotSpot from JDK 19 on fills holes in its heap with arrays of `jdk.internal.vm.FillerElement`, and dumps them as `int[]`.
 * An `int[]` with elements that nothing references, not even garbage, in a dump which has that class, is taken for one: its class in the graph
 * is changed, and the returned census counts it there. Empty ones cannot be told apart from the program's `int[0]` and stay.
 */
export function nameFillers(
  { graph, classes, census, emptyIntArrayBytes }: HeapColumns,
  { dominatorOf }: DominatorTree,
): HeapCensus {
  const filler = classes.find(({ name, kind }) => name === "jdk.internal.vm.FillerElement[]" && kind === "objectArray");
  const ints = classes.find(({ name, kind }) => name === "int[]" && kind === "primitiveArray");
  if (filler === undefined || ints === undefined) return census;
  const held = heldByGarbage(graph, dominatorOf);
  const instances = census.instances.slice();
  const shallowBytes = census.shallowBytes.slice();
  for (let ordinal = 1; ordinal <= graph.objectCount; ordinal++) {
    if (dominatorOf[ordinal]! >= 0 || graph.classOf[ordinal] !== ints.index || held[ordinal] === 1) continue;
    const bytes = shallowBytesOf(graph, ordinal);
    if (bytes <= emptyIntArrayBytes) continue;
    graph.classOf[ordinal] = filler.index;
    instances[ints.index]!--;
    shallowBytes[ints.index]! -= bytes;
    instances[filler.index]!++;
    shallowBytes[filler.index]! += bytes;
  }
  return { instances, shallowBytes };
}

/** What objects that are not strongly reachable refer to, and referents: one byte each. */
function heldByGarbage({ objectCount, firstEdge, edgeTo, weakEdges }: HeapGraph, dominatorOf: Int32Array): Uint8Array {
  const held = new Uint8Array(objectCount + 1);
  for (const ordinal of weakEdges.to) held[ordinal] = 1;
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    if (dominatorOf[ordinal]! >= 0) continue;
    for (let edge = firstEdge[ordinal]!; edge > 0; edge++) {
      held[edgeTo[edge]! & 0x7fffffff] = 1;
      if (edgeTo[edge]! < 0) break;
    }
  }
  return held;
}
