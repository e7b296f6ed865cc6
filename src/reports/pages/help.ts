import { element } from "./dom.ts";

const keys: readonly (readonly [string, string])[] = [
  ["arrow keys", "go to the caller, a call, or the frame beside it"],
  ["Enter", "zoom into the frame"],
  ["Escape", "one step out: search, zoom, method, window of time"],
  ["Backspace", "back to what was shown before"],
  ["/", "search; Enter goes to the graph"],
  ["n  N", "next or previous match"],
  ["c  v", "callers of the frame; calls from it (all places together)"],
  ["i", "invert: calls or callers"],
  ["f", "flame or icicle"],
  ["t", "table beside the graph, alone, or not at all"],
  ["?", "this list"],
];

const reading: readonly string[] = [
  "Each box is a frame. Its width is its share of what was sampled, itself and all it called together. What it called lies next to it, away from the root. Left to right is by size, not by time.",
  "“… n smaller” stands for frames that are narrower than a pixel here; zoom in to see them.",
  "In a comparison, red took more than before and blue less; the strongest colours are new or gone. Both recordings are brought to one scale, so shares differ by percentage points (pp).",
];

/** A dialog with the keys and how to read the graph. */
export function helpDialog(): HTMLDialogElement {
  const close = element("button", {
    class: "button",
    text: "Close",
    attributes: { type: "button" },
    on: { click: () => dialog.close() },
  });
  const dialog = element("dialog", { class: "help", attributes: { "aria-label": "Help" } }, [
    element("h2", { text: "How to read it" }),
    ...reading.map((text) => element("p", { text })),
    element("h2", { text: "Keys" }),
    element(
      "dl",
      {},
      keys.flatMap(([key, text]) => [element("dt", {}, [element("kbd", { text: key })]), element("dd", { text })]),
    ),
    close,
  ]);
  return dialog;
}
