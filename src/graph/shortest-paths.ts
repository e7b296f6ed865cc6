import type { HeapGraph } from "../model/heap-graph.ts";
import { searchBreadthFirst } from "./breadth-first.ts";
import { freeBuffer } from "./free-buffer.ts";
import type { OrdinalSet } from "./ordinal-set.ts";

export interface PathOptions {
  /** Objects that no path may pass through or end at. */
  readonly avoid?: OrdinalSet;
}

/** A path of strong references: ordinals from an object that is a root to the target, both included. */
export type ReferencePath = Int32Array;

/**
 * For each target the literal shortest path from a GC root, undefined where there is none. One breadth-first search serves all of them and
 * stops when the last is found. Among paths of equal length the one that the search meets first wins: roots in ascending order, then the
 * references of each object in their order; so the result depends on the dump alone.
 */
export function shortestPaths(
  graph: HeapGraph,
  targets: ArrayLike<number>,
  options: PathOptions = {},
): (ReferencePath | undefined)[] {
  const referrerOf = searchBreadthFirst(graph, targets, options.avoid);
  const paths = Array.from(targets, (target) => pathTo(referrerOf, target));
  freeBuffer(referrerOf);
  return paths;
}

function pathTo(referrerOf: Int32Array, target: number): ReferencePath | undefined {
  if (target < 1 || target >= referrerOf.length || referrerOf[target] === 0) return undefined;
  let length = 0;
  for (let each = target; each > 0; each = referrerOf[each]! - 1) length++;
  const path = new Int32Array(length);
  for (let each = target; each > 0; each = referrerOf[each]! - 1) path[--length] = each;
  return path;
}
