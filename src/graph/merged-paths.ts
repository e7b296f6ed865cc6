import type { HeapGraph } from "../model/heap-graph.ts";
import { searchBreadthFirst } from "./breadth-first.ts";
import { freeBuffer } from "./free-buffer.ts";
import { addOrdinal, createOrdinalSet, hasOrdinal } from "./ordinal-set.ts";
import type { PathOptions } from "./shortest-paths.ts";

export interface MergeOptions extends PathOptions {
  /** How many of the targets are looked at, evenly spaced; 10,000 unless told. */
  readonly maxTargets?: number;
  /** The prefix goes on while more than this share of the paths agrees; from 0.5, where only one way can be meant; 0.8 unless told. */
  readonly minShare?: number;
}

/** Where the shortest paths to many objects run together. */
export interface MergedPaths {
  /** Ordinals from a root on. */
  readonly prefix: Int32Array;
  /** `counts[i]` paths begin with `prefix[0…i]`. */
  readonly counts: Int32Array;
  /** Paths that were found, out of `targetCount` that were looked for. */
  readonly pathCount: number;
  readonly targetCount: number;
}

/**
 * Merges shortest paths from the root side, as Eclipse MAT does for suspects that are many small objects: follow what most paths go through
 * for as long as most do. The paths are never written out, which would take terabytes where the targets are a long linked list.
 */
export function mergeShortestPaths(
  graph: HeapGraph,
  targets: ArrayLike<number>,
  options: MergeOptions = {},
): MergedPaths {
  const chosen = chooseEvenly(targets, options.maxTargets ?? 10_000);
  const referrerOf = searchBreadthFirst(graph, chosen, options.avoid);
  const found = chosen.filter((target) => (referrerOf[target] ?? 0) !== 0);
  const pathsThrough = countPaths(referrerOf, found);
  const minCount = Math.max(options.minShare ?? 0.8, 0.5) * found.length;
  const prefix = followCommon(referrerOf, pathsThrough, found, minCount);
  const counts = prefix.map((ordinal) => pathsThrough[ordinal]!);
  freeBuffer(referrerOf);
  freeBuffer(pathsThrough);
  return { prefix, counts, pathCount: found.length, targetCount: chosen.length };
}

function chooseEvenly(targets: ArrayLike<number>, maxTargets: number): Int32Array {
  const count = Math.min(targets.length, maxTargets);
  return Int32Array.from({ length: count }, (_, i) => targets[Math.floor((i * targets.length) / count)]!);
}

/**
 * How many of the paths go through each object. Each walk up stops where an earlier one passed; taking the walks from the last to the first,
 * each from its target up, a count is complete before it is handed on.
 */
function countPaths(referrerOf: Int32Array, found: Int32Array): Int32Array<ArrayBuffer> {
  const pathsThrough = new Int32Array(referrerOf.length);
  const met = createOrdinalSet(referrerOf.length);
  /** Where each walk ended: an object that belongs to an earlier walk, or 0. */
  const walkEnd = found.map((target) => {
    let ordinal = target;
    while (ordinal > 0 && !hasOrdinal(met, ordinal)) {
      addOrdinal(met, ordinal);
      ordinal = referrerOf[ordinal]! - 1;
    }
    return ordinal;
  });
  for (const target of found) pathsThrough[target]!++;
  for (let walk = found.length - 1; walk >= 0; walk--) {
    for (let ordinal = found[walk]!; ordinal !== walkEnd[walk]; ) {
      const referrer = referrerOf[ordinal]! - 1;
      if (referrer > 0) pathsThrough[referrer]! += pathsThrough[ordinal]!;
      ordinal = referrer;
    }
  }
  return pathsThrough;
}

/** More than half of the paths can agree on one way only, so any path that has the lowest common object below it shows the whole way. */
function followCommon(
  referrerOf: Int32Array,
  pathsThrough: Int32Array,
  found: Int32Array,
  minCount: number,
): Int32Array {
  const seen = createOrdinalSet(referrerOf.length);
  let lowest = 0;
  let depth = 0;
  for (const target of found) {
    let ordinal = target;
    while (ordinal > 0 && pathsThrough[ordinal]! <= minCount && !hasOrdinal(seen, ordinal)) {
      addOrdinal(seen, ordinal);
      ordinal = referrerOf[ordinal]! - 1;
    }
    if (ordinal <= 0 || hasOrdinal(seen, ordinal)) continue;
    let above = 0;
    for (let each = ordinal; each > 0 && !hasOrdinal(seen, each); each = referrerOf[each]! - 1) {
      addOrdinal(seen, each);
      above++;
    }
    if (above > 0) {
      depth += above;
      lowest = ordinal;
    }
  }
  const prefix = new Int32Array(depth);
  for (let ordinal = lowest; ordinal > 0; ordinal = referrerOf[ordinal]! - 1) prefix[--depth] = ordinal;
  return prefix;
}
