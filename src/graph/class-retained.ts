import type { DominatorTree } from "../model/dominator-tree.ts";
import type { HeapGraph } from "../model/heap-graph.ts";
import { type ClassPairs, sumClassPairs } from "./class-pairs.ts";
import { sumNested } from "./nested-groups.ts";
import { strongComponents } from "./strong-components.ts";

/** A partition of the classes: into single classes, loaders, packages … */
export interface Grouping {
  /** By class index; −1: belongs to no group. */
  readonly groupOfClass: Int32Array;
  readonly groupCount: number;
}

/** A grouping with what its classes' order in the dominator tree can be: within a component in any order, otherwise in one only. */
export interface OrderedGrouping extends Grouping {
  /** By class index; the classes of a group are in one component. */
  readonly componentOfClass: Int32Array;
}

/** `retainedOfGroupings` for one grouping. */
export function retainedOfGroups(
  graph: HeapGraph,
  dominators: DominatorTree,
  groupOfClass: Int32Array,
  groupCount: number,
): Float64Array {
  return retainedOfGroupings(graph, dominators, [{ groupOfClass, groupCount }])[0]!;
}

/**
 * Bytes that the objects of each group retain, an object counting only where none of its dominators belongs to the same group.
 * Exact, and linear for any shape: pairs of classes settle most objects; those whose group and dominator's group occur in either order
 * (a map in a map) are settled one by one.
 */
export function retainedOfGroupings(
  graph: HeapGraph,
  dominators: DominatorTree,
  groupings: readonly Grouping[],
): Float64Array[] {
  const classCount = groupings.reduce((most, { groupOfClass }) => Math.max(most, groupOfClass.length), 0);
  const pairs = sumClassPairs(graph, dominators, classCount);
  const ordered = groupings.map((grouping) => orderGroups(grouping, pairs));
  const nested = sumNested(graph, dominators, ordered, pairs);
  return ordered.map((grouping, index) => {
    const inner = nested[index]!;
    return sumSettled(grouping, pairs).map((bytes, group) => bytes + inner[group]!);
  });
}

/** Group −1 takes part as one more group: what lies between two objects of a group may belong to none. */
function orderGroups(grouping: Grouping, pairs: ClassPairs): OrderedGrouping {
  const { groupOfClass, groupCount } = grouping;
  const nodeOf = (classIndex: number): number => {
    const group = groupOfClass[classIndex]!;
    return group < 0 ? groupCount : group;
  };
  const inner = Int32Array.from({ length: pairs.count }, (_, pair) => pair).filter(
    (pair) => pairs.classes[2 * pair] !== pairs.classCount,
  );
  const componentOf = strongComponents({
    nodeCount: groupCount + 1,
    from: inner.map((pair) => nodeOf(pairs.classes[2 * pair]!)),
    to: inner.map((pair) => nodeOf(pairs.classes[2 * pair + 1]!)),
  });
  return { ...grouping, componentOfClass: groupOfClass.map((_, classIndex) => componentOf[nodeOf(classIndex)]!) };
}

/** Objects at the top, or whose dominator's group never lies below theirs: no dominator can be of the same group. */
function sumSettled(
  { groupOfClass, groupCount, componentOfClass }: OrderedGrouping,
  { classCount, count, classes, retainedUnits }: ClassPairs,
): Float64Array {
  const bytes = new Float64Array(groupCount);
  for (let pair = 0; pair < count; pair++) {
    const above = classes[2 * pair]!;
    const own = classes[2 * pair + 1]!;
    const group = groupOfClass[own]!;
    if (group < 0) continue;
    if (above === classCount || componentOfClass[above] !== componentOfClass[own])
      bytes[group]! += retainedUnits[pair]! * 8;
  }
  return bytes;
}
