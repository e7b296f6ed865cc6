import { Crumbs } from "./crumbs.ts";
import { element } from "./dom.ts";
import { type FlameScene, type FlameState, initialState, sceneOf } from "./flame-scene.ts";
import { factsOfRow, nameOfBox, nameOfRow } from "./frame-words.ts";
import { pressOnGraph } from "./graph-keys.ts";
import { GraphPane } from "./graph-pane.ts";
import { HeatPane } from "./heat-pane.ts";
import { helpDialog } from "./help.ts";
import { legendOf } from "./legend.ts";
import { MethodTable } from "./method-table.ts";
import type { PageData } from "./page-data.ts";
import { notesOfScene, Toolbar } from "./toolbar.ts";
import { Tooltip } from "./tooltip.ts";
import { pathOf } from "./tree-walk.ts";

/** Where there is no room beside the graph, the table is asked for. */
const narrowPixels = 900;
const panes = ["both", "graph", "table"] as const;

/** A flame graph with all that belongs to it, inside an element of the page. */
export class FlameView {
  readonly #root: HTMLElement;
  readonly #data: PageData;
  readonly #tooltip = new Tooltip();
  readonly #graph = new GraphPane();
  readonly #toolbar = new Toolbar((choice) => this.#choose(choice));
  readonly #heat = new HeatPane(this.#tooltip, (window) =>
    this.#choose({ fromBucket: window?.from, toBucket: window?.to }),
  );
  readonly #table = new MethodTable({
    find: (frame) => this.#choose({ pattern: exactly(this.#scene.names[frame]!.full) }),
    focus: (frame, direction) => this.#focus(frame, direction),
  });
  readonly #crumbs = new Crumbs({
    zoom: (row) => this.#zoom(row),
    back: () => this.#back(),
    leaveFocus: () => this.#choose({ focus: undefined, path: [] }),
  });
  readonly #legend = element("div", { class: "legend" });
  readonly #notes = element("ul", { class: "notes" });
  readonly #status = element("div", { class: "unseen", attributes: { "aria-live": "polite" } });
  readonly #help = helpDialog();
  readonly #history: FlameState[] = [];
  #scene: FlameScene;
  /** Index into `panes`. */
  #panes: number;

  constructor(root: HTMLElement, data: PageData) {
    this.#root = root;
    this.#data = data;
    this.#scene = sceneOf(data, initialState(data), undefined);
    const buttons = element("div", { class: "view-buttons" }, [
      this.#button("Table", "Table beside the graph, alone, or not at all (t)", () => this.#turnPanes()),
      this.#button("?", "Help and keys (?)", () => this.#help.showModal()),
    ]);
    this.#panes = panes.indexOf(root.clientWidth < narrowPixels ? "graph" : "both");
    root.dataset.panes = panes[this.#panes]!;
    root.replaceChildren(
      this.#toolbar.element,
      this.#heat.element,
      element("div", { class: "trail" }, [this.#crumbs.element, this.#toolbar.drawing, buttons]),
      element("div", { class: "panes" }, [this.#graph.element, this.#table.element]),
      element("footer", { class: "foot" }, [this.#legend, this.#notes]),
      this.#tooltip.element,
      this.#status,
      this.#help,
    );
    this.#listen();
    this.#show();
  }

  #button(text: string, title: string, click: () => void): HTMLButtonElement {
    return element("button", { class: "button", text, attributes: { type: "button", title }, on: { click } });
  }

  #listen(): void {
    const { scroller } = this.#graph;
    scroller.addEventListener("pointermove", (event) => this.#point(event));
    scroller.addEventListener("pointerleave", () => this.#leave());
    scroller.addEventListener("click", (event) => this.#click(event));
    scroller.addEventListener("keydown", (event) => this.#keyOnGraph(event));
    scroller.addEventListener("focus", () => this.#graph.redraw());
    scroller.addEventListener("blur", () => this.#leave());
    this.#toolbar.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") scroller.focus();
    });
    this.#root.addEventListener("keydown", (event) => this.#key(event));
    // A page with one graph listens everywhere, so that keys work before anything has the focus.
    document.addEventListener("keydown", (event) => {
      const isOutside = event.target === document.body;
      if (isOutside && document.querySelector(".flame") === this.#root) this.#key(event);
    });
  }

  #choose(choice: Partial<FlameState>): void {
    const before = this.#scene.state;
    const state = { ...before, ...choice };
    const isTyping = Object.keys(choice).every((key) => key === "pattern");
    if (!isTyping) this.#history.push(before);
    this.#scene = sceneOf(this.#data, state, this.#scene);
    this.#show();
  }

  #back(): void {
    const state = this.#history.pop();
    if (!state) return;
    this.#scene = sceneOf(this.#data, { ...state, pattern: this.#scene.state.pattern }, this.#scene);
    this.#show();
  }

  #zoom(row: number): void {
    if (row !== this.#scene.zoom) this.#choose({ path: pathOf(this.#scene.layout, row) });
  }

  #focus(frame: number, direction: "callers" | "callees"): void {
    this.#choose({ focus: frame, direction, path: [] });
    this.#graph.scroller.focus();
  }

  #show(): void {
    const scene = this.#scene;
    this.#toolbar.show(scene);
    this.#heat.show(scene);
    this.#crumbs.show(scene, this.#history.length > 0);
    this.#graph.show(scene);
    this.#table.show(scene);
    this.#legend.replaceChildren(...legendOf(scene));
    this.#notes.replaceChildren(...notesOfScene(scene).map((text) => element("li", { text })));
    this.#announce(scene.zoom);
    this.#tooltip.hide();
  }

  #point(event: PointerEvent): void {
    const box = this.#graph.boxAt(event.clientX, event.clientY);
    this.#graph.hover(box ? box.row : -1);
    if (!box) {
      this.#tooltip.hide();
      return;
    }
    const facts = box.smaller > 0 ? [] : factsOfRow(this.#scene, box.row);
    this.#tooltip.show(nameOfBox(this.#scene, box), facts, { left: event.clientX, top: event.clientY });
  }

  #leave(): void {
    this.#graph.hover(-1);
    this.#tooltip.hide();
    this.#graph.redraw();
  }

  /** What is too narrow to have a box of its own is zoomed into by way of its caller. */
  #click(event: MouseEvent): void {
    const box = this.#graph.boxAt(event.clientX, event.clientY);
    if (box) this.#zoom(box.smaller > 0 ? Math.max(0, this.#scene.layout.parent[box.row]!) : box.row);
  }

  #keyOnGraph(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTaken = pressOnGraph(event.key, this.#scene, this.#graph.cursor, {
      moveTo: (row) => this.#moveTo(row),
      zoom: (row) => this.#zoom(row),
      focus: (frame, direction) => this.#focus(frame, direction),
    });
    if (!isTaken) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #moveTo(row: number): void {
    const { layout, zoom } = this.#scene;
    const isBeside = row < zoom || row >= layout.end[zoom]!;
    if (isBeside && row !== 0 && layout.depth[row]! >= layout.depth[zoom]!) return;
    this.#graph.moveCursor(row);
    this.#announce(row);
    const at = this.#graph.boxOf(row);
    if (at) this.#tooltip.show(nameOfRow(this.#scene, row), factsOfRow(this.#scene, row), at);
    else this.#tooltip.hide();
  }

  #announce(row: number): void {
    const facts = factsOfRow(this.#scene, row).map(({ label, text }) => `${label} ${text}`);
    const words = [nameOfRow(this.#scene, row), ...facts].join(", ");
    this.#status.textContent = words;
    this.#graph.scroller.setAttribute("aria-label", `Flame graph: ${words}`);
  }

  #key(event: KeyboardEvent): void {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.ctrlKey || event.metaKey || event.altKey || (isTyping && event.key !== "Escape")) return;
    const { state } = this.#scene;
    const actions: Partial<Record<string, () => void>> = {
      "/": () => this.#toolbar.search.select(),
      "?": () => this.#help.showModal(),
      i: () =>
        this.#choose({ direction: state.direction === "callers" ? "callees" : "callers", focus: undefined, path: [] }),
      f: () => this.#choose({ orientation: state.orientation === "flame" ? "icicle" : "flame" }),
      t: () => this.#turnPanes(),
      Backspace: () => this.#back(),
      Escape: () => this.#stepOut(),
    };
    const action = actions[event.key];
    if (!action || this.#help.open) return;
    action();
    event.preventDefault();
    event.stopPropagation();
  }

  /** What was chosen last is left first. */
  #stepOut(): void {
    const { state, layout, zoom } = this.#scene;
    if (state.pattern !== "") {
      this.#choose({ pattern: "" });
      this.#graph.scroller.focus();
    } else if (zoom > 0) this.#zoom(layout.parent[zoom]!);
    else if (state.focus !== undefined) this.#choose({ focus: undefined, path: [] });
    else if (state.fromBucket !== undefined) this.#choose({ fromBucket: undefined, toBucket: undefined });
  }

  #turnPanes(): void {
    this.#panes = (this.#panes + 1) % panes.length;
    this.#root.dataset.panes = panes[this.#panes]!;
  }
}

/** A pattern that fits this name alone. */
function exactly(name: string): string {
  return `^${name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}$`;
}
