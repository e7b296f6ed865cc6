import type { TreeLayout } from "./tree-layout.ts";

/** One box to draw. */
export interface Box {
  /** Row of the layout; of several merged ones, the first. */
  readonly row: number;
  readonly x: number;
  readonly width: number;
  readonly depth: number;
  /** Frames that stand here together because each is narrower than a pixel; 0 for a frame of its own. */
  readonly smaller: number;
}

/** What part of a tree is looked at, and how wide that is on the screen. */
export interface Viewport {
  /** Row that fills the width. */
  readonly zoom: number;
  readonly widthPixels: number;
  /** Depths that are on the screen. */
  readonly fromDepth: number;
  readonly toDepth: number;
}

/** Narrower boxes are drawn together. */
const narrowestPixels = 1;

/** The boxes that a viewport shows: the callers of the zoomed row at full width, then what it calls. */
export function visibleBoxes(layout: TreeLayout, viewport: Viewport): readonly Box[] {
  const { zoom, widthPixels, fromDepth, toDepth } = viewport;
  const boxes: Box[] = [];
  const add = (box: Box) => {
    if (box.depth >= fromDepth) boxes.push(box);
  };
  for (let row = layout.parent[zoom]!; row >= 0; row = layout.parent[row]!) {
    const depth = layout.depth[row]!;
    if (depth <= toDepth) add({ row, x: 0, width: widthPixels, depth, smaller: 0 });
  }
  const scale = layout.width[zoom]! > 0 ? widthPixels / layout.width[zoom]! : 0;
  let row = zoom;
  while (row < layout.end[zoom]!) {
    const depth = layout.depth[row]!;
    if (depth > toDepth) {
      row = layout.end[row]!;
      continue;
    }
    const x = (layout.start[row]! - layout.start[zoom]!) * scale;
    const isNarrow = row !== zoom && layout.width[row]! * scale < narrowestPixels;
    const { next, width } = isNarrow ? narrowSiblings(layout, row, narrowestPixels / scale) : oneRow(layout, row);
    const smaller = isNarrow ? next - row : 0;
    if (!isNarrow || width * scale >= narrowestPixels / 2) add({ row, x, width: width * scale, depth, smaller });
    row = next;
  }
  return boxes;
}

function oneRow(layout: TreeLayout, row: number) {
  return { next: row + 1, width: layout.width[row]! };
}

/** The narrow siblings that begin with `row`, and all below them. */
function narrowSiblings(layout: TreeLayout, row: number, narrowest: number) {
  const parent = layout.parent[row]!;
  let width = 0;
  let next = row;
  while (next < layout.end[parent]! && layout.width[next]! < narrowest) {
    width += layout.width[next]!;
    next = layout.end[next]!;
  }
  return { next, width };
}

/** The box at a point; depths are counted from the root. */
export function boxAt(boxes: readonly Box[], x: number, depth: number): Box | undefined {
  return boxes.find((box) => box.depth === depth && x >= box.x && x < box.x + box.width);
}
