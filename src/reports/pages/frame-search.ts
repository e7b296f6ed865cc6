import type { TreeLayout } from "./tree-layout.ts";

/** Frames whose names fit; a pattern that is no regular expression is looked for as it stands. */
export function framesMatching(names: readonly string[], pattern: string): Uint8Array | undefined {
  if (pattern === "") return undefined;
  const expression = expressionOf(pattern);
  return Uint8Array.from(names, (name) => Number(expression.test(name)));
}

/** Upper case in the pattern makes case matter. */
function expressionOf(pattern: string): RegExp {
  const flags = /[A-Z]/.test(pattern.replace(/\\[A-Z]/g, "")) ? "u" : "iu";
  try {
    return new RegExp(pattern, flags);
  } catch {
    // Half a pattern, as it is while someone types it.
    return new RegExp(pattern.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), flags);
  }
}

/** Width of everything below the outermost matches in a subtree, so that no match is counted twice. */
export function matchedWidth(layout: TreeLayout, isMatch: Uint8Array, from: number): number {
  let width = 0;
  let row = from;
  while (row < layout.end[from]!) {
    const frame = layout.frame[row]!;
    if (frame >= 0 && isMatch[frame] === 1) {
      width += layout.width[row]!;
      row = layout.end[row]!;
    } else {
      row++;
    }
  }
  return width;
}
