import { descendToAccumulation } from "../src/graph/accumulation-point.ts";
import { type BigDominators, buildBigDominators } from "../src/graph/big-dominators.ts";
import { mergeShortestPaths } from "../src/graph/merged-paths.ts";
import { shortestPaths } from "../src/graph/shortest-paths.ts";
import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import type { Bytes } from "../src/model/units.ts";
import { reachableBytesOf, retainedBytesOf } from "./heap-lookup.ts";
import { isHeldByStackOnly, offStackHeapOf, offStackMergedPath, offStackPaths } from "./off-stack-paths.ts";
import { thresholds } from "./thresholds.ts";

/** One object that nothing else dominates and that retains much, with the place where what it retains spreads out. */
export interface SingleSuspect {
  readonly kind: "single";
  readonly ordinal: number;
  readonly retainedBytes: Bytes;
  /** Dominators from the suspect down to its accumulation point. */
  readonly chain: readonly number[];
  readonly accumulationPoint: number;
  /** Literal shortest path from a root to the accumulation point. */
  readonly path: readonly number[];
  /** The path leaves local variables out, because the shortest of all starts at one and says nothing more. */
  readonly isOffStack: boolean;
}

/** Many objects of one class that are each small, retain much together and are no other suspect's. */
export interface GroupSuspect {
  readonly kind: "group";
  readonly classIndex: number;
  readonly members: Int32Array;
  readonly retainedBytes: Bytes;
  /** The literal path that most of the members' shortest paths have in common, from a root on; empty when there is none. */
  readonly path: readonly number[];
  /** As of a single suspect. */
  readonly isOffStack: boolean;
  /** Share of the paths that go that way. */
  readonly pathShare: number;
  /** Where there is no common path: shortest paths to some of the biggest members. */
  readonly examples: readonly (readonly number[])[];
}

export type Suspect = SingleSuspect | GroupSuspect;

/** Eclipse MAT's Find Leaks over the strong dominator tree, without its randomness: biggest first. */
export function findSuspects(heap: HeapEvidence): Suspect[] {
  const reachableBytes = reachableBytesOf(heap);
  const limit = Math.floor(reachableBytes * thresholds.suspects.share);
  if (limit <= 0) return [];
  const tree = buildBigDominators(heap.graph, heap.dominators, Math.max(64, Math.floor(reachableBytes / 1000)));
  const singles = findSingles(heap, tree, limit);
  const groups = findGroups(heap, limit);
  return [...singles, ...groups].sort((a, b) => b.retainedBytes - a.retainedBytes);
}

function findSingles(heap: HeapEvidence, tree: BigDominators, limit: Bytes): SingleSuspect[] {
  const topLevel = [...tree.children.subarray(tree.firstChild[tree.count]!, tree.firstChild[tree.count + 1]!)];
  const found = topLevel
    .filter((index) => tree.retainedBytes[index]! > limit)
    .map((index) => ({ index, chain: chainOf(heap, tree, index) }));
  const paths =
    found.length === 0
      ? []
      : shortestPaths(
          heap.graph,
          found.map(({ chain }) => chain.at(-1)!),
        );
  const telling = tellingPaths(
    heap,
    found.map(({ chain }, i) => [...(paths[i] ?? chain)]),
  );
  return found.map(({ index, chain }, i) => ({
    kind: "single",
    ordinal: tree.ordinals[index]!,
    retainedBytes: tree.retainedBytes[index]!,
    chain,
    accumulationPoint: chain.at(-1)!,
    ...telling[i]!,
  }));
}

/** A map that a thread is just putting something into is also held by that thread's stack, which says nothing of whose it is. */
function tellingPaths(
  heap: HeapEvidence,
  paths: readonly (readonly number[])[],
): { readonly path: readonly number[]; readonly isOffStack: boolean }[] {
  const ofStack = paths.filter((path) => isHeldByStackOnly(heap, path));
  if (ofStack.length === 0) return paths.map((path) => ({ path, isOffStack: false }));
  const found = offStackPaths(
    heap,
    offStackHeapOf(heap),
    ofStack.map((path) => path.at(-1)!),
  );
  return paths.map((path) => {
    const other = found[ofStack.indexOf(path)];
    return { path: other ?? path, isOffStack: other !== undefined };
  });
}

/** MAT gives up on long lists; here the object that holds the first of the run of equals is the point. */
function chainOf(heap: HeapEvidence, tree: BigDominators, start: number): number[] {
  const { accumulationRatio: minShare, accumulationDepth: maxDepth } = thresholds.suspects;
  const descent = descendToAccumulation(tree, start, { minShare, maxDepth });
  const chain = descent.path.map((index) => tree.ordinals[index]!);
  const classes = chain.map((ordinal) => heap.graph.classOf[ordinal]!);
  const runClass = classes.at(-1);
  const runStart = classes.findLastIndex((each) => each !== runClass) + 1;
  const isRun = classes.length - runStart >= 3;
  return isRun && runStart > 0 ? chain.slice(0, runStart) : chain;
}

function findGroups(heap: HeapEvidence, limit: Bytes): GroupSuspect[] {
  const { dominatorOf } = heap.dominators;
  const { classOf, objectCount } = heap.graph;
  const bytes = new Float64Array(heap.classes.length);
  const counts = new Float64Array(heap.classes.length);
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    if (dominatorOf[ordinal] !== 0) continue;
    const retainedBytes = retainedBytesOf(heap, ordinal);
    if (retainedBytes > limit) continue;
    bytes[classOf[ordinal]!]! += retainedBytes;
    counts[classOf[ordinal]!]!++;
  }
  return heap.classes
    .filter(({ index }) => bytes[index]! > limit && counts[index]! > 1)
    .map(({ index }) => groupOf(heap, index, membersOf(heap, index, counts[index]!, limit), bytes[index]!));
}

function membersOf(heap: HeapEvidence, classIndex: number, count: number, limit: Bytes): Int32Array {
  const members = new Int32Array(count);
  const { dominatorOf } = heap.dominators;
  const { classOf, objectCount } = heap.graph;
  for (let ordinal = 1, next = 0; ordinal <= objectCount && next < count; ordinal++) {
    if (classOf[ordinal] !== classIndex || dominatorOf[ordinal] !== 0) continue;
    if (retainedBytesOf(heap, ordinal) <= limit) members[next++] = ordinal;
  }
  return members;
}

/** The objects of one class right below a suspect's accumulation point, as a group of their own. */
export function groupBelow(heap: HeapEvidence, point: number, classIndex: number, retainedBytes: Bytes): GroupSuspect {
  const { dominatorOf } = heap.dominators;
  const { classOf, objectCount } = heap.graph;
  const members: number[] = [];
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    if (dominatorOf[ordinal] === point && classOf[ordinal] === classIndex) members.push(ordinal);
  }
  return groupOf(heap, classIndex, Int32Array.from(members), retainedBytes);
}

/** Objects of one class with the way that most of them are held. */
export function groupOf(
  heap: HeapEvidence,
  classIndex: number,
  members: Int32Array,
  retainedBytes: Bytes,
): GroupSuspect {
  const { groupInstances: maxTargets, groupPathShare: minShare } = thresholds.suspects;
  const options = { maxTargets, minShare };
  const nearest = mergeShortestPaths(heap.graph, members, options);
  const isOfStack = isHeldByStackOnly(heap, [...nearest.prefix, members[0]!]);
  const merged = (isOfStack && offStackMergedPath(heap, offStackHeapOf(heap), members, options)) || nearest;
  const pathShare = merged.pathCount === 0 || merged.counts.length === 0 ? 0 : merged.counts.at(-1)! / merged.pathCount;
  const examples =
    merged.prefix.length > 0
      ? []
      : shortestPaths(heap.graph, biggestOf(heap, members)).map((path) => [...(path ?? [])]);
  return {
    kind: "group",
    classIndex,
    members,
    retainedBytes,
    path: [...merged.prefix],
    isOffStack: merged !== nearest,
    pathShare,
    examples: examples.filter(({ length }) => length > 1),
  };
}

function biggestOf({ dominators: { retainedUnits } }: HeapEvidence, members: Int32Array): Int32Array {
  return members
    .slice()
    .sort((a, b) => retainedUnits[b]! - retainedUnits[a]! || a - b)
    .subarray(0, thresholds.suspects.groupExamples);
}
