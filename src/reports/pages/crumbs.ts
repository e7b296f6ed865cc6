import { formatCount, formatPercent } from "../../model/format-number.ts";
import { element } from "./dom.ts";
import type { FlameScene } from "./flame-scene.ts";
import { amountOf, nameOfRow } from "./frame-words.ts";

/** What the trail asks for. */
export interface CrumbActions {
  zoom(row: number): void;
  back(): void;
  leaveFocus(): void;
}

const mostCrumbs = 4;

/** The way from the root to what is zoomed into, and how much that is. */
export class Crumbs {
  readonly element = element("nav", { class: "crumbs", attributes: { "aria-label": "Zoomed into" } });
  readonly #actions: CrumbActions;

  constructor(actions: CrumbActions) {
    this.#actions = actions;
  }

  show(scene: FlameScene, canGoBack: boolean): void {
    this.element.replaceChildren(...crumbsOf(scene, canGoBack, this.#actions));
  }
}

function crumbsOf(scene: FlameScene, canGoBack: boolean, actions: CrumbActions): readonly Node[] {
  const { layout, zoom, state } = scene;
  const rows: number[] = [];
  for (let row = zoom; row >= 0; row = layout.parent[row]!) rows.unshift(row);
  const hidden = rows.length > mostCrumbs + 1 ? rows.slice(1, rows.length - mostCrumbs) : [];
  const items = rows
    .filter((row) => !hidden.includes(row))
    .flatMap((row, index) => {
      const name = shortNameOf(scene, row);
      const crumb =
        row === zoom
          ? element("span", { class: "crumb", text: name, attributes: { "aria-current": "true" } })
          : element("button", {
              class: "crumb",
              text: name,
              attributes: { type: "button", title: nameOfRow(scene, row) },
              on: { click: () => actions.zoom(row) },
            });
      const gap = index === 0 && hidden.length > 0 ? [element("span", { class: "crumb-gap", text: "…" })] : [];
      return [element("li", {}, [crumb, ...gap])];
    });
  return [
    element("button", {
      class: "button",
      text: "← Back",
      attributes: { type: "button", disabled: !canGoBack, title: "Back to what was shown before (Backspace)" },
      on: { click: () => actions.back() },
    }),
    element("ol", { class: "crumb-list" }, items),
    ...(state.focus === undefined
      ? []
      : [
          element("button", {
            class: "chip",
            text: "show all ✕",
            attributes: { type: "button", title: "Leave this method and show the whole profile (Escape)" },
            on: { click: () => actions.leaveFocus() },
          }),
        ]),
    element("output", {
      class: "matched",
      text: state.pattern === "" ? "" : `${formatPercent(scene.matchedShare)} matched`,
    }),
    element("span", { class: "crumb-sum", text: sumOf(scene) }),
  ];
}

/** How much is zoomed into, and what is not in the tree. */
function sumOf(scene: FlameScene): string {
  const { layout, zoom, tree } = scene;
  const width = layout.width[zoom]!;
  const share = zoom > 0 && layout.width[0]! > 0 ? ` · ${formatPercent(width / layout.width[0]!)} of all` : "";
  const shortened =
    tree.shortened > 0 ? ` · ${formatCount(tree.shortened)} of the lightest stacks without their further callers` : "";
  return `${amountOf(scene, width)}${share}${shortened}`;
}

function shortNameOf(scene: FlameScene, row: number): string {
  const isFrame = row > 0 && scene.tree.merged[scene.layout.node[row]!] === 0;
  return isFrame ? scene.names[scene.layout.frame[row]!]!.short : nameOfRow(scene, row);
}
