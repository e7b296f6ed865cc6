import type { DominatorTree } from "../model/dominator-tree.ts";
import type { HeapGraph } from "../model/heap-graph.ts";
import { batchLength, type ClassPairs, readClassesAbove } from "./class-pairs.ts";
import type { OrderedGrouping } from "./class-retained.ts";
import { walkOpen } from "./nested-walk.ts";
import { addOrdinal, createOrdinalSet, type OrdinalSet } from "./ordinal-set.ts";

/** Groupings side by side: entry `grouping * classCount + classIndex`. */
export interface ClassTable {
  readonly classCount: number;
  readonly groupingCount: number;
  /** Group of the class, counted through all groupings; −1 for none. */
  readonly groupOf: Int32Array;
  readonly componentOf: Int32Array;
  readonly totalGroupCount: number;
  /** By class index: 1 where pairs of classes leave open whether its objects count. */
  readonly mayBeOpen: Uint8Array;
}

/**
 * For each grouping, what the pairs of classes leave open: the bytes of objects whose dominator is of another group in the same component.
 * They count where none of the objects above them is of their group. Most meet one, or a place behind which there is none, a few steps up.
 */
export function sumNested(
  graph: HeapGraph,
  dominators: DominatorTree,
  groupings: readonly OrderedGrouping[],
  pairs: ClassPairs,
): Float64Array[] {
  const table = joinGroupings(groupings, pairs);
  const units = new Float64Array(table.totalGroupCount);
  const open = settleByClimbing(graph, dominators, table, units);
  walkOpen(graph, dominators, { table, open, units });
  let end = 0;
  return groupings.map(({ groupCount }) => {
    end += groupCount;
    return units.slice(end - groupCount, end).map((each) => each * 8);
  });
}

function joinGroupings(groupings: readonly OrderedGrouping[], pairs: ClassPairs): ClassTable {
  const { classCount } = pairs;
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
  const table = { classCount, groupingCount: groupings.length, groupOf, componentOf, totalGroupCount };
  return { ...table, mayBeOpen: findOpenClasses(table, pairs) };
}

function findOpenClasses(table: Omit<ClassTable, "mayBeOpen">, { count, classes, classCount }: ClassPairs): Uint8Array {
  const mayBeOpen = new Uint8Array(classCount);
  for (let pair = 0; pair < count; pair++) {
    const above = classes[2 * pair]!;
    const own = classes[2 * pair + 1]!;
    for (let row = 0; above < classCount && row < table.groupOf.length; row += classCount) {
      if (isOpen(table, row, own, above)) mayBeOpen[own] = 1;
    }
  }
  return mayBeOpen;
}

/** Objects that a climb of this many dominators does not settle are left to the walk. */
const mostSteps = 24;

/** Objects on their way up, each for one grouping; all of them go a step at a time, which keeps many cache misses in flight. */
interface Climbers {
  readonly table: ClassTable;
  count: number;
  readonly ordinals: Int32Array;
  /** Where they are in `ClassTable`: the start of their grouping. */
  readonly rows: Int32Array;
  /** The dominator that they have reached, and its class. */
  readonly reached: Int32Array;
  readonly classes: Int32Array;
}

/**
 * Adds the open objects that a short climb settles to `units`: it ends at an object of the same group, or of another component, behind
 * which the group cannot occur. The others are left, by grouping.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one pass over all objects, everything in locals
function settleByClimbing(
  graph: HeapGraph,
  dominators: DominatorTree,
  table: ClassTable,
  units: Float64Array,
): readonly OrdinalSet[] {
  const { objectCount, classOf } = graph;
  const { dominatorOf } = dominators;
  const { classCount, groupingCount, mayBeOpen } = table;
  const open = Array.from({ length: groupingCount }, () => createOrdinalSet(objectCount));
  const above = new Int32Array(batchLength);
  const climbers = createClimbers(table, batchLength * groupingCount);
  for (let start = 1; start <= objectCount; start += batchLength) {
    const end = Math.min(start + batchLength, objectCount + 1);
    readClassesAbove(graph, dominators, start, above);
    climbers.count = 0;
    for (let ordinal = start; ordinal < end; ordinal++) {
      const own = classOf[ordinal]!;
      if (mayBeOpen[own] === 0 || dominatorOf[ordinal]! <= 0) continue;
      const classAbove = above[ordinal - start]!;
      for (let row = 0; row < groupingCount * classCount; row += classCount) {
        if (isOpen(table, row, own, classAbove)) addClimber(climbers, ordinal, row, dominatorOf[ordinal]!);
      }
    }
    for (let steps = 0; steps < mostSteps && climbers.count > 0; steps++) climb(graph, dominators, climbers, units);
    for (let i = 0; i < climbers.count; i++) addOrdinal(open[climbers.rows[i]! / classCount]!, climbers.ordinals[i]!);
  }
  return open;
}

/** Whether a dominator of the same group may lie above the immediate one, whose group is another. */
function isOpen(
  { groupOf, componentOf }: Pick<ClassTable, "groupOf" | "componentOf">,
  row: number,
  own: number,
  above: number,
): boolean {
  const group = groupOf[row + own]!;
  return group >= 0 && componentOf[row + own] === componentOf[row + above] && groupOf[row + above] !== group;
}

function createClimbers(table: ClassTable, length: number): Climbers {
  const column = (): Int32Array => new Int32Array(length);
  return { table, count: 0, ordinals: column(), rows: column(), reached: column(), classes: column() };
}

function addClimber(climbers: Climbers, ordinal: number, row: number, dominator: number): void {
  const index = climbers.count++;
  climbers.ordinals[index] = ordinal;
  climbers.rows[index] = row;
  climbers.reached[index] = dominator;
}

/** One dominator further up; those that are settled by it drop out. */
function climb(
  { classOf }: HeapGraph,
  { dominatorOf, retainedUnits }: DominatorTree,
  climbers: Climbers,
  units: Float64Array,
): void {
  const { count, ordinals, rows, reached, classes } = climbers;
  const { groupOf, componentOf } = climbers.table;
  for (let i = 0; i < count; i++) reached[i] = dominatorOf[reached[i]!]!;
  for (let i = 0; i < count; i++) classes[i] = classOf[reached[i]!]!;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const ordinal = ordinals[i]!;
    const row = rows[i]!;
    const own = row + classOf[ordinal]!;
    const entry = row + classes[i]!;
    if (reached[i] === 0 || componentOf[entry] !== componentOf[own]) {
      units[groupOf[own]!]! += retainedUnits[ordinal]!;
      continue;
    }
    if (groupOf[entry] === groupOf[own]) continue;
    ordinals[kept] = ordinal;
    rows[kept] = row;
    reached[kept++] = reached[i]!;
  }
  climbers.count = kept;
}
