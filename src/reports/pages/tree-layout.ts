import type { PageTree } from "./call-tree.ts";
import { countingSort } from "./counting-sort.ts";

/** Which side of a comparison a node's width is. */
export type WidthOf = "after" | "before" | "both";

/**
 * A tree in preorder, as it is drawn: row 0 is the root, the subtree of a row ends before `end[row]`, the widest child comes
 * first and what was merged last.
 */
export interface TreeLayout {
  readonly rows: number;
  /** Node of the tree, −1 for the root. */
  readonly node: Int32Array;
  /** Frame as in the tree, −1 for the root. */
  readonly frame: Int32Array;
  /** Row of the caller, −1 for the root. */
  readonly parent: Int32Array;
  readonly end: Int32Array;
  readonly depth: Int32Array;
  readonly start: Float64Array;
  readonly width: Float64Array;
  readonly deepest: number;
}

/** Orders the nodes of a tree for drawing; nodes without weight are left out. */
export function layOut(tree: PageTree, widthOf: WidthOf): TreeLayout {
  const widths = widthsOf(tree, widthOf);
  const { children, firstChild } = childrenByWidth(tree, widths);
  const layout = emptyLayout(tree.nodeCount + 1);
  layout.node[0] = -1;
  layout.frame[0] = -1;
  layout.parent[0] = -1;
  layout.width[0] = sumOfRoots(tree, widths);
  const rowOf = new Int32Array(tree.nodeCount);
  /** Where the next child of a row begins. */
  const filledTo = new Float64Array(tree.nodeCount + 1);
  const pending: number[] = [];
  let rows = 1;
  let deepest = 0;
  const awaitChildren = (node: number) => {
    for (let child = firstChild[node + 2]! - 1; child >= firstChild[node + 1]!; child--) {
      if (widths[children[child]!]! > 0) pending.push(children[child]!);
    }
  };
  awaitChildren(-1);
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const row = rows++;
    const caller = tree.parent[node]!;
    const parent = caller < 0 ? 0 : rowOf[caller]!;
    rowOf[node] = row;
    layout.node[row] = node;
    layout.frame[row] = tree.frame[node]!;
    layout.parent[row] = parent;
    layout.depth[row] = layout.depth[parent]! + 1;
    layout.width[row] = widths[node]!;
    layout.start[row] = filledTo[parent]!;
    filledTo[row] = filledTo[parent]!;
    filledTo[parent]! += widths[node]!;
    deepest = Math.max(deepest, layout.depth[row]!);
    awaitChildren(node);
  }
  markEnds(layout, rows);
  return { rows, ...layout, deepest };
}

function emptyLayout(length: number) {
  return {
    node: new Int32Array(length),
    frame: new Int32Array(length),
    parent: new Int32Array(length),
    end: new Int32Array(length),
    depth: new Int32Array(length),
    start: new Float64Array(length),
    width: new Float64Array(length),
  };
}

function widthsOf({ totalAfter, totalBefore }: PageTree, widthOf: WidthOf): Float64Array {
  switch (widthOf) {
    case "after":
      return totalAfter;
    case "before":
      return totalBefore;
    case "both":
      return totalAfter.map((after, node) => (after + totalBefore[node]!) / 2);
    default:
      return widthOf satisfies never;
  }
}

/** Children of node n are `children[firstChild[n + 1]]` to `children[firstChild[n + 2]]`; −1 is the root. */
function childrenByWidth({ parent, nodeCount, merged }: PageTree, widths: Float64Array) {
  const children = countingSort(parent, nodeCount);
  const firstChild = new Int32Array(nodeCount + 2);
  for (let node = 0; node < nodeCount; node++) firstChild[parent[node]! + 2]!++;
  for (let index = 1; index < firstChild.length; index++) firstChild[index]! += firstChild[index - 1]!;
  const widestFirst = (a: number, b: number) =>
    Number(merged[a]! > 0) - Number(merged[b]! > 0) || widths[b]! - widths[a]! || a - b;
  for (let index = 0; index <= nodeCount; index++) {
    const from = firstChild[index]!;
    const to = firstChild[index + 1]!;
    if (to - from > 1) children.subarray(from, to).sort(widestFirst);
  }
  return { children, firstChild };
}

function sumOfRoots({ parent, nodeCount }: PageTree, widths: Float64Array): number {
  let sum = 0;
  for (let node = 0; node < nodeCount; node++) if (parent[node]! < 0) sum += widths[node]!;
  return sum;
}

/** A subtree ends where that of its last child does. */
function markEnds({ end, parent }: { readonly end: Int32Array; readonly parent: Int32Array }, rows: number): void {
  for (let row = rows - 1; row >= 0; row--) {
    if (end[row] === 0) end[row] = row + 1;
    const caller = parent[row]!;
    if (caller >= 0 && end[caller] === 0) end[caller] = end[row]!;
  }
}
