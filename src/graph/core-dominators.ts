import { type DepthFirstTree, rootNumber } from "./depth-first.ts";
import { freeBuffer } from "./free-buffer.ts";

/**
 * The dominator tree of the core, in depth-first numbers, with Myers' skew-binary jump pointers ("An applicative random-access stack", 1983):
 * from any number each ancestor is O(log depth) steps away.
 */
export interface CoreDominators {
  readonly count: number;
  readonly ordinalOf: Int32Array<ArrayBuffer>;
  /** Less than the number itself, but for the super-root, which is its own. */
  readonly dominatorOf: Int32Array<ArrayBuffer>;
  readonly jumpOf: Int32Array<ArrayBuffer>;
  readonly depthOf: Int32Array<ArrayBuffer>;
}

/**
 * SEMI-NCA (Georgiadis, Tarjan & Werneck, "Finding dominators in practice", 2006) with jump pointers for the ancestor search, which alone is
 * quadratic on a long chain whose items are also held elsewhere. Takes over the arrays of `tree`.
 */
export function findCoreDominators(tree: DepthFirstTree): CoreDominators {
  const { count, ordinalOf, parentOf } = tree;
  const length = count + 1;
  const ancestorOf = new Int32Array(length);
  const labelOf = new Int32Array(length);
  findSemiDominators(tree, ancestorOf, labelOf);
  freeBuffer(tree.otherReferrers);
  climbToDominators(tree, ancestorOf, labelOf);
  freeBuffer(tree.firstReferrer);
  return { count, ordinalOf, dominatorOf: parentOf, jumpOf: ancestorOf, depthOf: labelOf };
}

/**
 * Leaves the semi-dominator of each number in `tree.firstReferrer`, whose lists are read on the way.
 * `labelOf` is the least semi-dominator from a number up to, not including, its `ancestorOf` in the part that is done.
 */
function findSemiDominators(tree: DepthFirstTree, ancestorOf: Int32Array, labelOf: Int32Array): void {
  const { count, parentOf, firstReferrer, otherReferrers } = tree;
  for (let number = count; number > rootNumber; number--) {
    const parent = parentOf[number]!;
    let semi = parent;
    for (let entry = firstReferrer[number]!; entry !== 0; entry = otherReferrers[2 * entry + 1]!) {
      const referrer = otherReferrers[2 * entry]!;
      const candidate = referrer <= number ? referrer : leastLabel(ancestorOf, labelOf, referrer, number);
      if (candidate < semi) semi = candidate;
    }
    firstReferrer[number] = semi;
    labelOf[number] = semi;
    ancestorOf[number] = parent;
  }
}

/** The least label between `start` and the root of its tree, a number ≤ `limit`; compresses the path, reversing links instead of a stack. */
function leastLabel(ancestorOf: Int32Array, labelOf: Int32Array, start: number, limit: number): number {
  let ancestor = ancestorOf[start]!;
  if (ancestor <= limit) return labelOf[start]!;
  let top = start;
  let below = 0;
  do {
    ancestorOf[top] = below;
    below = top;
    top = ancestor;
    ancestor = ancestorOf[top]!;
  } while (ancestor > limit);
  let least = labelOf[top]!;
  while (below !== 0) {
    const next = ancestorOf[below]!;
    const label = labelOf[below]!;
    if (label < least) least = label;
    else labelOf[below] = least;
    ancestorOf[below] = ancestor;
    below = next;
  }
  return least;
}

/** Turns `parentOf` into dominators: the nearest dominating ancestor of the parent whose number is at most the semi-dominator's. */
function climbToDominators(tree: DepthFirstTree, jumpOf: Int32Array, depthOf: Int32Array): void {
  const { count, parentOf: dominatorOf, firstReferrer: semiOf } = tree;
  dominatorOf[rootNumber] = rootNumber;
  jumpOf[rootNumber] = rootNumber;
  depthOf[rootNumber] = 0;
  for (let number = rootNumber + 1; number <= count; number++) {
    const semi = semiOf[number]!;
    let dominator = dominatorOf[number]!;
    while (dominator > semi) {
      const jump = jumpOf[dominator]!;
      dominator = jump >= semi ? jump : dominatorOf[dominator]!;
    }
    dominatorOf[number] = dominator;
    const depth = depthOf[dominator]!;
    const jump = jumpOf[dominator]!;
    const jumpDepth = depthOf[jump]!;
    const farJump = jumpOf[jump]!;
    depthOf[number] = depth + 1;
    jumpOf[number] = depth - jumpDepth === jumpDepth - depthOf[farJump]! ? farJump : dominator;
  }
}

/** Nearest common ancestor of two numbers in the dominator tree. */
export function nearestCommonDominator(tree: CoreDominators, first: number, second: number): number {
  const { dominatorOf, jumpOf, depthOf } = tree;
  const limit = Math.min(first, second);
  let low = Math.max(first, second);
  // Most often one dominates the other, which takes no depths to see: numbers fall on the way up.
  while (low > limit) low = jumpOf[low]! >= limit ? jumpOf[low]! : dominatorOf[low]!;
  if (low === limit) return limit;
  let high = limit;
  if (depthOf[high]! > depthOf[low]!) {
    high = low;
    low = limit;
  }
  const depth = depthOf[high]!;
  while (depthOf[low]! > depth) low = depthOf[jumpOf[low]!]! >= depth ? jumpOf[low]! : dominatorOf[low]!;
  while (high !== low) {
    const isCommon = jumpOf[high] === jumpOf[low];
    high = isCommon ? dominatorOf[high]! : jumpOf[high]!;
    low = isCommon ? dominatorOf[low]! : jumpOf[low]!;
  }
  return low;
}
