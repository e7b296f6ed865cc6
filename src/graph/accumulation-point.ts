import type { BigDominators } from "./big-dominators.ts";

export interface DescentOptions {
  /** Go on while the biggest child retains at least this share of its dominator; 0.7 unless told. */
  readonly minShare?: number;
  /** Give up below this depth; 1,000 unless told. */
  readonly maxDepth?: number;
}

/** The way down to where what an object retains is spread out. */
export interface Descent {
  /** Indexes in `BigDominators`, from the start to the accumulation point. */
  readonly path: readonly number[];
  /**
   * Why it ends: `spread` no child is big enough, `leaf` there are no children, `depth` too deep (a long list: there is no such point),
   * `small` the next one lies below the tree's `minBytes`.
   */
  readonly end: "spread" | "leaf" | "depth" | "small";
}

/** Eclipse MAT's accumulation point: from `start` always to the biggest child, while that retains most of what its dominator does. */
export function descendToAccumulation(
  tree: BigDominators,
  start: number,
  { minShare = 0.7, maxDepth = 1000 }: DescentOptions = {},
): Descent {
  const path = [start];
  for (let index = start; path.length <= maxDepth; ) {
    const needed = minShare * tree.retainedBytes[index]!;
    const first = tree.firstChild[index]!;
    if (first === tree.firstChild[index + 1]) {
      if (tree.smallChildren[index] === 0) return { path, end: "leaf" };
      return { path, end: tree.biggestSmallBytes[index]! >= needed ? "small" : "spread" };
    }
    const child = tree.children[first]!;
    if (tree.retainedBytes[child]! < needed) return { path, end: "spread" };
    path.push(child);
    index = child;
  }
  return { path, end: "depth" };
}
