import { type BoxColour, changeColour, frameColours, groupColour } from "./colours.ts";
import { darkScheme, element, sizedContext, styleOf } from "./dom.ts";
import type { FlameScene } from "./flame-scene.ts";
import { nameOfBox } from "./frame-words.ts";
import { LabelFitter } from "./label-fitter.ts";
import { type Box, boxAt, visibleBoxes } from "./visible-boxes.ts";

const rowPixels = 20;

/** The graph on a canvas that is as large as what is seen of it, in a box that scrolls as if it were all there. */
export class GraphPane {
  readonly element: HTMLElement;
  readonly scroller: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly #spacer = element("div", { class: "graph-spacer" });
  readonly #fitter = new LabelFitter();
  #scene: FlameScene | undefined;
  #boxes: readonly Box[] = [];
  #colours: readonly BoxColour[] = [];
  #coloursOf: unknown;
  /** Row with the keyboard's cursor, and the one below the pointer. */
  #cursor = 0;
  #hovered = -1;
  #isPending = false;

  constructor() {
    this.canvas = element("canvas", { class: "graph-canvas", attributes: { "aria-hidden": "true" } });
    this.scroller = element(
      "div",
      {
        class: "graph-scroller",
        attributes: { tabindex: 0, role: "application", "aria-roledescription": "flame graph" },
        on: { scroll: () => this.redraw() },
      },
      [this.canvas, this.#spacer],
    );
    this.element = element("div", { class: "graph-pane" }, [this.scroller]);
    new ResizeObserver(() => this.redraw()).observe(this.scroller);
    darkScheme().addEventListener("change", () => {
      this.#coloursOf = undefined;
      this.redraw();
    });
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** Shows a scene; the zoomed row comes into view when it is another one. */
  show(scene: FlameScene): void {
    const isNew = this.#scene?.layout !== scene.layout || this.#scene?.zoom !== scene.zoom;
    const isTurned = this.#scene?.state.orientation !== scene.state.orientation;
    const wasMeasured = this.#scene?.names === scene.names;
    this.#scene = scene;
    if (!wasMeasured) this.#fitter.forget();
    if (isNew) {
      this.#cursor = scene.zoom;
      this.#hovered = -1;
    }
    this.#spacer.style.height = `${(scene.layout.deepest + 1) * rowPixels + 1}px`;
    if (isNew || isTurned) this.#scrollToZoom(scene);
    this.redraw();
  }

  /** Moves the keyboard's cursor. */
  moveCursor(row: number): void {
    this.#cursor = row;
    const scene = this.#scene!;
    const top = this.#topOf(scene, scene.layout.depth[row]!);
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top;
    if (top + rowPixels > scrollTop + clientHeight) this.scroller.scrollTop = top + rowPixels - clientHeight;
    this.redraw();
  }

  /** Marks what is below the pointer. */
  hover(row: number): void {
    if (this.#hovered === row) return;
    this.#hovered = row;
    this.redraw();
  }

  /** The box at a point of the window. */
  boxAt(clientX: number, clientY: number): Box | undefined {
    const scene = this.#scene;
    if (!scene) return undefined;
    const { left, top } = this.scroller.getBoundingClientRect();
    const y = clientY - top + this.scroller.scrollTop;
    const fromTop = Math.floor(y / rowPixels);
    const depth = scene.state.orientation === "icicle" ? fromTop : this.#bottomRow(scene) - fromTop;
    return boxAt(this.#boxes, clientX - left, depth);
  }

  /** Where a row is on the screen; undefined when it is too narrow to have a box. */
  boxOf(row: number): { readonly left: number; readonly top: number } | undefined {
    const box = this.#boxes.find((candidate) => candidate.row === row);
    if (!box || !this.#scene) return undefined;
    const frame = this.scroller.getBoundingClientRect();
    const top = this.#topOf(this.#scene, box.depth) - this.scroller.scrollTop;
    return { left: frame.left + box.x, top: frame.top + top + rowPixels };
  }

  /** Draws before the next picture, once, however often it is asked for. */
  redraw(): void {
    if (this.#isPending) return;
    this.#isPending = true;
    requestAnimationFrame(() => {
      this.#isPending = false;
      if (this.#scene) this.#draw(this.#scene);
    });
  }

  #draw(scene: FlameScene): void {
    const width = this.scroller.clientWidth;
    const height = this.scroller.clientHeight;
    if (width === 0 || height === 0) return;
    const context = sizedContext(this.canvas, width, height);
    const { scrollTop } = this.scroller;
    const first = Math.floor(scrollTop / rowPixels);
    const last = Math.ceil((scrollTop + height) / rowPixels);
    const bottom = this.#bottomRow(scene);
    const isIcicle = scene.state.orientation === "icicle";
    this.#boxes = visibleBoxes(scene.layout, {
      zoom: scene.zoom,
      widthPixels: width,
      fromDepth: isIcicle ? first : bottom - last,
      toDepth: isIcicle ? last : bottom - first,
    });
    this.#colour(scene);
    context.font = styleOf(this.element, "--graph-font");
    context.textBaseline = "middle";
    for (const box of this.#boxes) this.#drawBox(context, scene, box);
    for (const box of this.#boxes) this.#drawMarks(context, scene, box);
  }

  #drawBox(context: CanvasRenderingContext2D, scene: FlameScene, box: Box): void {
    const { fill, text } = this.#colourOf(scene, box);
    const top = this.#topOf(scene, box.depth) - this.scroller.scrollTop;
    const width = Math.max(0.5, box.width - (box.width > 3 ? 1 : 0));
    const isAncestor = box.depth < scene.layout.depth[scene.zoom]!;
    const isFaded = isAncestor || (scene.isMatch !== undefined && !isMatched(scene, box));
    context.globalAlpha = isFaded ? (isAncestor ? 0.55 : 0.28) : 1;
    context.fillStyle = fill;
    context.fillRect(box.x, top, width, rowPixels - 1);
    if (box.width < 24) return;
    context.globalAlpha = isFaded ? 0.7 : 1;
    context.fillStyle = text;
    const label = this.#labelOf(context, scene, box, width - 8);
    if (label !== "") context.fillText(label, box.x + 4, top + rowPixels / 2);
  }

  /** Outlines go on top of all boxes. */
  #drawMarks(context: CanvasRenderingContext2D, scene: FlameScene, box: Box): void {
    context.globalAlpha = 1;
    const top = this.#topOf(scene, box.depth) - this.scroller.scrollTop;
    const outline = (property: string, size: number) => {
      context.strokeStyle = styleOf(this.element, property);
      context.lineWidth = size;
      context.strokeRect(box.x + size / 2, top + size / 2, Math.max(1, box.width - 1 - size), rowPixels - 1 - size);
    };
    if (scene.isMatch !== undefined && isMatched(scene, box) && box.width > 2) outline("--match", 1);
    if (box.row === this.#hovered) outline("--text", 1);
    if (box.row === this.#cursor && document.activeElement === this.scroller) outline("--focus", 2);
  }

  #labelOf(context: CanvasRenderingContext2D, scene: FlameScene, box: Box, pixels: number): string {
    const isNamed = box.row > 0 && box.smaller === 0 && scene.tree.merged[scene.layout.node[box.row]!] === 0;
    if (!isNamed) return this.#fitter.fitText(context, nameOfBox(scene, box), pixels);
    const frame = scene.layout.frame[box.row]!;
    return this.#fitter.fit(context, scene.names[frame]!, pixels);
  }

  #colourOf(scene: FlameScene, { row, smaller }: Box): BoxColour {
    const frame = scene.layout.frame[row]!;
    const isGroup = frame >= scene.data.header.frames.length;
    if (row === 0 || smaller > 0 || isGroup) return this.#colours.at(-1)!;
    if (!scene.isComparison) return this.#colours[frame]!;
    const node = scene.layout.node[row]!;
    return changeColour(scene.tree.totalBefore[node]!, scene.tree.totalAfter[node]!, darkScheme().matches);
  }

  #colour({ data }: FlameScene): void {
    if (this.#coloursOf === data) return;
    this.#coloursOf = data;
    const isDark = darkScheme().matches;
    this.#colours = [...frameColours(data, isDark), groupColour(isDark)];
  }

  #topOf(scene: FlameScene, depth: number): number {
    return (scene.state.orientation === "icicle" ? depth : this.#bottomRow(scene) - depth) * rowPixels;
  }

  /** Row of the screen, from the top of what scrolls, in which a flame stands: the lowest, also where there is room to spare. */
  #bottomRow(scene: FlameScene): number {
    return Math.max(scene.layout.deepest, Math.floor(this.scroller.clientHeight / rowPixels) - 1);
  }

  /** The caller of the zoomed row stays in sight: it is the way back. */
  #scrollToZoom(scene: FlameScene): void {
    const depth = Math.max(0, scene.layout.depth[scene.zoom]! - 1);
    const top = this.#topOf(scene, depth);
    this.scroller.scrollTop =
      scene.state.orientation === "icicle" ? top : top + rowPixels - this.scroller.clientHeight + 1;
  }
}

/** What stands for many frames is matched when one of them is. */
function isMatched({ isMatch, layout }: FlameScene, { row, smaller }: Box): boolean {
  for (let one = row; one < row + Math.max(1, smaller); one++) {
    const frame = layout.frame[one]!;
    if (frame >= 0 && isMatch?.[frame] === 1) return true;
  }
  return false;
}
