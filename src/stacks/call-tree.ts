import type { Profile } from "../model/profile.ts";
import { compareNames } from "./name-order.ts";
import { stackTotals, usedStacks } from "./stack-totals.ts";

/**
 * Who called whom, as columns by node. Node 0 is the root, which has no frame. Nodes lie in breadth-first order: the children of a
 * node are `firstChild[node]` to `firstChild[node + 1]`, the heaviest first, ties by the name of the frame.
 */
export interface CallTree {
  readonly nodeCount: number;
  /** Frame of the profile's `StackTable`, −1 at the root. */
  readonly frame: Int32Array;
  /** Stack that the node stands for, −1 at the root: the way to any other column by stack. */
  readonly stack: Int32Array;
  /** −1 at the root. */
  readonly parent: Int32Array;
  /** One more entry than there are nodes. */
  readonly firstChild: Int32Array;
  /** 0 at the root. */
  readonly depth: Int32Array;
  /** Of samples that ended here; at the root, of samples without a stack. */
  readonly selfWeight: Float64Array;
  readonly selfCount: Float64Array;
  readonly totalWeight: Float64Array;
  readonly totalCount: Float64Array;
}

/** Builds the tree of all stacks that the profile's samples have. */
export function callTree(profile: Profile): CallTree {
  const { stacks } = profile;
  const totals = stackTotals(profile);
  const isUsed = usedStacks(profile);
  const children = childLists(stacks.stackCaller, isUsed);
  const names = stacks.frameNames;
  const heaviestFirst = (a: number, b: number) =>
    Math.abs(totals.totalWeight[b]!) - Math.abs(totals.totalWeight[a]!) ||
    compareNames(names[stacks.stackFrame[a]!]!, names[stacks.stackFrame[b]!]!);
  const tree = emptyTree(children.stacks.length + 1);
  let filled = 1;
  for (let node = 0; node < tree.nodeCount; node++) {
    const stack = tree.stack[node]!;
    const ofNode = children.stacks.subarray(children.first[stack + 1]!, children.first[stack + 2]!).sort(heaviestFirst);
    tree.firstChild[node] = filled;
    for (const child of ofNode) {
      tree.stack[filled] = child;
      tree.frame[filled] = stacks.stackFrame[child]!;
      tree.parent[filled] = node;
      tree.depth[filled] = tree.depth[node]! + 1;
      tree.selfWeight[filled] = totals.selfWeight[child]!;
      tree.selfCount[filled] = totals.selfCount[child]!;
      tree.totalWeight[filled] = totals.totalWeight[child]!;
      tree.totalCount[filled] = totals.totalCount[child]!;
      tree.totalWeight[0]! += node === 0 ? totals.totalWeight[child]! : 0;
      tree.totalCount[0]! += node === 0 ? totals.totalCount[child]! : 0;
      filled++;
    }
  }
  tree.firstChild[tree.nodeCount] = filled;
  tree.selfWeight[0] = totals.unknownWeight;
  tree.selfCount[0] = totals.unknownCount;
  tree.totalWeight[0]! += totals.unknownWeight;
  tree.totalCount[0]! += totals.unknownCount;
  return tree;
}

function emptyTree(nodeCount: number) {
  return {
    nodeCount,
    frame: new Int32Array(nodeCount).fill(-1),
    stack: new Int32Array(nodeCount).fill(-1),
    parent: new Int32Array(nodeCount).fill(-1),
    firstChild: new Int32Array(nodeCount + 1),
    depth: new Int32Array(nodeCount),
    selfWeight: new Float64Array(nodeCount),
    selfCount: new Float64Array(nodeCount),
    totalWeight: new Float64Array(nodeCount),
    totalCount: new Float64Array(nodeCount),
  };
}

/** The callees of stack `s` are `stacks[first[s + 1]]` to `stacks[first[s + 2]]`, so that those of −1 are the roots. */
function childLists(stackCaller: Int32Array, isUsed: Uint8Array) {
  const first = new Int32Array(stackCaller.length + 2);
  for (let stack = 0; stack < isUsed.length; stack++) {
    if (isUsed[stack] !== 0) first[stackCaller[stack]! + 2]!++;
  }
  for (let index = 1; index < first.length; index++) first[index]! += first[index - 1]!;
  const stacks = new Int32Array(first.at(-1)!);
  const next = first.slice();
  for (let stack = 0; stack < isUsed.length; stack++) {
    if (isUsed[stack] !== 0) stacks[next[stackCaller[stack]! + 1]!++] = stack;
  }
  return { first, stacks };
}
