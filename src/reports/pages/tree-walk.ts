import type { TreeLayout } from "./tree-layout.ts";

/** Ways to go from one frame to another. */
export type Step = "caller" | "callee" | "previous" | "next";

/** The row that lies one step away, or the same where there is none. */
export function stepFrom(layout: TreeLayout, row: number, step: Step): number {
  switch (step) {
    case "caller":
      return Math.max(0, layout.parent[row]!);
    case "callee":
      return row + 1 < layout.end[row]! ? row + 1 : row;
    case "next":
      return sideways(layout, row, layout.end[row]!, 1);
    case "previous":
      return sideways(layout, row, row - 1, -1);
    default:
      return step satisfies never;
  }
}

/** The nearest row of the same depth, also one of another caller. */
function sideways(layout: TreeLayout, row: number, from: number, direction: 1 | -1): number {
  const depth = layout.depth[row]!;
  for (let other = from; other > 0 && other < layout.rows; other += direction) {
    if (layout.depth[other] === depth) return other;
  }
  return row;
}

/** Frames from below the root to a row. */
export function pathOf(layout: TreeLayout, row: number): readonly number[] {
  const path: number[] = [];
  for (let at = row; at > 0; at = layout.parent[at]!) path.push(layout.frame[at]!);
  return path.reverse();
}

/** The row at the end of a path of frames, or as far along it as the tree goes. */
export function rowOfPath(layout: TreeLayout, path: readonly number[]): number {
  let row = 0;
  for (const frame of path) {
    let child = row + 1;
    while (child < layout.end[row]! && layout.frame[child] !== frame) child = layout.end[child]!;
    if (child >= layout.end[row]!) return row;
    row = child;
  }
  return row;
}
