import type { FlameScene } from "./flame-scene.ts";
import { type Step, stepFrom } from "./tree-walk.ts";

/** What keys on the graph ask for. */
export interface GraphActions {
  moveTo(row: number): void;
  zoom(row: number): void;
  focus(frame: number, direction: "callers" | "callees"): void;
}

/** Acts on a key that was pressed on the graph; false: the key means nothing here. */
export function pressOnGraph(key: string, scene: FlameScene, cursor: number, actions: GraphActions): boolean {
  const step = stepOfKey(key, scene.state.orientation);
  if (step) {
    actions.moveTo(stepFrom(scene.layout, cursor, step));
    return true;
  }
  switch (key) {
    case "Enter":
    case " ":
      actions.zoom(cursor);
      return true;
    case "Home":
      actions.moveTo(0);
      return true;
    case "n":
    case "N":
      actions.moveTo(nextMatch(scene, cursor, key === "n" ? 1 : -1));
      return true;
    case "c":
    case "v":
      return focusOn(scene, cursor, key === "c" ? "callers" : "callees", actions);
    default:
      return false;
  }
}

/** Up is towards the root in an icicle, away from it in a flame. */
function stepOfKey(key: string, orientation: "icicle" | "flame"): Step | undefined {
  switch (key) {
    case "ArrowUp":
      return orientation === "icicle" ? "caller" : "callee";
    case "ArrowDown":
      return orientation === "icicle" ? "callee" : "caller";
    case "ArrowLeft":
      return "previous";
    case "ArrowRight":
      return "next";
    default:
      return undefined;
  }
}

/** The next row with a match, round the end of the tree. */
function nextMatch({ layout, isMatch }: FlameScene, cursor: number, direction: 1 | -1): number {
  if (!isMatch) return cursor;
  for (let steps = 1; steps < layout.rows; steps++) {
    const row = (cursor + direction * steps + layout.rows) % layout.rows;
    const frame = layout.frame[row]!;
    if (frame >= 0 && isMatch[frame] === 1) return row;
  }
  return cursor;
}

function focusOn(
  { layout, data, tree }: FlameScene,
  row: number,
  direction: "callers" | "callees",
  { focus }: GraphActions,
): boolean {
  const frame = layout.frame[row]!;
  if (row === 0 || frame >= data.header.frames.length || tree.merged[layout.node[row]!]! > 0) return false;
  focus(frame, direction);
  return true;
}
