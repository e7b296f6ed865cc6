import type { DominatorTree } from "../model/dominator-tree.ts";
import type { HeapGraph } from "../model/heap-graph.ts";
import type { ClassTable } from "./nested-groups.ts";
import { hasOrdinal, type OrdinalSet } from "./ordinal-set.ts";
import { RankedSet } from "./ranked-set.ts";

/** What is left to find out. */
export interface OpenObjects {
  readonly table: ClassTable;
  /** By grouping: the objects of which it is not known whether one of the same group lies above them. */
  readonly open: readonly OrdinalSet[];
  /** By group: takes what those that count retain. */
  readonly units: Float64Array;
}

/**
 * Settles open objects by a walk down the dominator tree, which knows how many objects of each group it is inside of: linear for any shape,
 * a list of millions too.
 */
export function walkOpen(graph: HeapGraph, dominators: DominatorTree, objects: OpenObjects): void {
  const members = markAbove(dominators, objects.open);
  if (members.count > 0) walkMembers(graph, dominators, linkMembers(dominators, members), objects);
}

/** The open objects and everything above them. A climb ends where an earlier one passed, so all of them together are linear. */
function markAbove({ dominatorOf }: DominatorTree, sets: readonly OrdinalSet[]): RankedSet {
  const members = new RankedSet(dominatorOf.length);
  for (const set of sets) {
    for (let ordinal = 1; ordinal < dominatorOf.length; ordinal++) {
      if (set[ordinal >>> 3] === 0) ordinal |= 7;
      else if (hasOrdinal(set, ordinal)) addWithAbove(members, dominatorOf, ordinal);
    }
  }
  members.rank();
  return members;
}

function addWithAbove(members: RankedSet, dominatorOf: Int32Array, ordinal: number): void {
  for (let each = ordinal; each > 0 && !members.has(each); each = dominatorOf[each]!) members.add(each);
}

/** The marked part of the dominator tree, by the numbers that `RankedSet` gives; 0 is the super-root, or “none”. */
interface MemberTree {
  readonly ordinalOf: Int32Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
}

function linkMembers({ dominatorOf }: DominatorTree, members: RankedSet): MemberTree {
  const ordinalOf = new Int32Array(members.count + 1);
  const firstChild = new Int32Array(members.count + 1);
  const nextSibling = new Int32Array(members.count + 1);
  let number = members.count;
  for (let ordinal = dominatorOf.length - 1; ordinal > 0; ordinal--) {
    if (!members.has(ordinal)) continue;
    const dominator = dominatorOf[ordinal]!;
    const parent = dominator === 0 ? 0 : members.numberOf(dominator);
    ordinalOf[number] = ordinal;
    nextSibling[number] = firstChild[parent]!;
    firstChild[parent] = number--;
  }
  return { ordinalOf, firstChild, nextSibling };
}

/** Depth first, using up the tree's own links: `firstChild` is the next child to visit, `nextSibling` of a visited one its parent. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one pass in locals; calls would cost more than the work
function walkMembers(
  { classOf }: HeapGraph,
  { retainedUnits }: DominatorTree,
  { ordinalOf, firstChild, nextSibling }: MemberTree,
  { table, open, units }: OpenObjects,
): void {
  const { classCount, groupingCount, groupOf, totalGroupCount } = table;
  const insideOf = new Int32Array(totalGroupCount);
  let current = 0;
  for (;;) {
    const child = firstChild[current]!;
    if (child === 0) {
      if (current === 0) return;
      const left = classOf[ordinalOf[current]!]!;
      for (let grouping = 0; grouping < groupingCount; grouping++) {
        const group = groupOf[grouping * classCount + left]!;
        if (group >= 0) insideOf[group]!--;
      }
      current = nextSibling[current]!;
      continue;
    }
    firstChild[current] = nextSibling[child]!;
    nextSibling[child] = current;
    current = child;
    const ordinal = ordinalOf[child]!;
    const entered = classOf[ordinal]!;
    for (let grouping = 0; grouping < groupingCount; grouping++) {
      const group = groupOf[grouping * classCount + entered]!;
      if (group < 0) continue;
      if (insideOf[group]!++ === 0 && hasOrdinal(open[grouping]!, ordinal)) units[group]! += retainedUnits[ordinal]!;
    }
  }
}
