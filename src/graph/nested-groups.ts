import type { DominatorTree } from "../model/dominator-tree.ts";
import type { HeapGraph } from "../model/heap-graph.ts";
import type { OrderedGrouping } from "./class-retained.ts";
import { addOrdinal, createOrdinalSet, hasOrdinal, type OrdinalSet } from "./ordinal-set.ts";
import { RankedSet } from "./ranked-set.ts";

/** Groupings side by side: entry `grouping * classCount + classIndex`. */
interface ClassTable {
  readonly classCount: number;
  readonly groupingCount: number;
  /** Group of the class, counted through all groupings; −1 for none. */
  readonly groupOf: Int32Array;
  readonly componentOf: Int32Array;
  readonly totalGroupCount: number;
}

/**
 * Adds to `bytes` what the pairs of classes leave open: objects whose dominator is of another group in the same component. They count where
 * none of the objects above them is of their group, which a walk down the dominator tree knows by how many of each group it is inside of.
 */
export function sumNested(
  graph: HeapGraph,
  dominators: DominatorTree,
  groupings: readonly OrderedGrouping[],
  classCount: number,
  bytes: readonly Float64Array[],
): void {
  const table = joinGroupings(groupings, classCount);
  const units = new Float64Array(table.totalGroupCount);
  const { open, members } = settleByClimbing(graph, dominators, table, units);
  if (members.count > 0) walkMembers(graph, dominators, table, linkMembers(dominators, members), open, units);
  let first = 0;
  for (const groupBytes of bytes) {
    for (let group = 0; group < groupBytes.length; group++) groupBytes[group]! += units[first + group]! * 8;
    first += groupBytes.length;
  }
}

function joinGroupings(groupings: readonly OrderedGrouping[], classCount: number): ClassTable {
  const groupOf = new Int32Array(groupings.length * classCount).fill(-1);
  const componentOf = new Int32Array(groupings.length * classCount);
  let totalGroupCount = 0;
  groupings.forEach(({ groupOfClass, groupCount, componentOfClass }, grouping) => {
    const firstGroup = totalGroupCount;
    groupOf.set(
      groupOfClass.map((group) => (group < 0 ? -1 : firstGroup + group)),
      grouping * classCount,
    );
    componentOf.set(componentOfClass, grouping * classCount);
    totalGroupCount += groupCount;
  });
  return { classCount, groupingCount: groupings.length, groupOf, componentOf, totalGroupCount };
}

/** Objects that a climb of this many dominators does not settle are left to the walk. */
const mostSteps = 24;

/** What is known of an object after a climb: it counts, an object of its group is above it, or neither yet. */
const settled = { counts: 1, nested: 2, open: 3 } as const;

/** The objects that climbing did not settle, and everything above them. */
interface OpenObjects {
  readonly open: OrdinalSet;
  readonly members: RankedSet;
}

/**
 * Adds the open objects that a short climb settles to `units`: it ends at an object of the same group, or of another component, behind
 * which the group cannot occur. Marks the rest with all above them; a walk up ends where an earlier one passed, so together they are linear.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one pass over all objects, everything in locals
function settleByClimbing({ objectCount, classOf }: HeapGraph, dominators: DominatorTree, table: ClassTable, units: Float64Array): OpenObjects {
  const { dominatorOf, retainedUnits } = dominators;
  const { classCount, groupingCount, groupOf, componentOf } = table;
  const tableLength = groupingCount * classCount;
  const members = new RankedSet(objectCount);
  const open = createOrdinalSet(objectCount);
  const counting = new Int32Array(groupingCount);
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    const dominator = dominatorOf[ordinal]!;
    if (dominator <= 0) continue;
    const above = classOf[dominator]!;
    const own = classOf[ordinal]!;
    if (above === own) continue;
    let count = 0;
    let isOpen = false;
    for (let first = 0; first < tableLength; first += classCount) {
      const group = groupOf[first + own]!;
      const component = componentOf[first + own]!;
      if (group < 0 || component !== componentOf[first + above] || groupOf[first + above] === group) continue;
      let state: number = settled.open;
      for (let each = dominatorOf[dominator]!, steps = 0; steps < mostSteps; steps++) {
        const entry = each === 0 ? -1 : first + classOf[each]!;
        if (entry < 0 || componentOf[entry] !== component) state = settled.counts;
        else if (groupOf[entry] === group) state = settled.nested;
        if (state !== settled.open) break;
        each = dominatorOf[each]!;
      }
      if (state === settled.counts) counting[count++] = group;
      isOpen ||= state === settled.open;
    }
    if (isOpen) {
      addOrdinal(open, ordinal);
      for (let each = ordinal; each > 0 && !members.has(each); each = dominatorOf[each]!) members.add(each);
    } else for (let i = 0; i < count; i++) units[counting[i]!]! += retainedUnits[ordinal]!;
  }
  members.rank();
  return { open, members };
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
function walkMembers(
  { classOf }: HeapGraph,
  { retainedUnits }: DominatorTree,
  table: ClassTable,
  tree: MemberTree,
  open: OrdinalSet,
  units: Float64Array,
): void {
  const { classCount, groupOf, componentOf, totalGroupCount } = table;
  const { ordinalOf, firstChild, nextSibling } = tree;
  const tableLength = table.groupingCount * classCount;
  const insideOf = new Int32Array(totalGroupCount);
  let current = 0;
  let currentClass = -1;
  for (;;) {
    const child = firstChild[current]!;
    if (child === 0) {
      if (current === 0) return;
      for (let entry = currentClass; entry < tableLength; entry += classCount) if (groupOf[entry]! >= 0) insideOf[groupOf[entry]!]!--;
      current = nextSibling[current]!;
      currentClass = current === 0 ? -1 : classOf[ordinalOf[current]!]!;
      continue;
    }
    firstChild[current] = nextSibling[child]!;
    const childClass = classOf[ordinalOf[child]!]!;
    for (let first = 0; first < tableLength; first += classCount) {
      const group = groupOf[first + childClass]!;
      if (group < 0) continue;
      if (insideOf[group]!++ !== 0 || currentClass < 0) continue;
      const isOpen = hasOrdinal(open, ordinalOf[child]!) && componentOf[first + childClass] === componentOf[first + currentClass] && groupOf[first + currentClass] !== group;
      if (isOpen) units[group]! += retainedUnits[ordinalOf[child]!]!;
    }
    nextSibling[child] = current;
    current = child;
    currentClass = childClass;
  }
}
