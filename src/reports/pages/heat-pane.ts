import { formatAmount, formatDuration } from "./amounts.ts";
import { darkScheme, element, sizedContext, styleOf } from "./dom.ts";
import type { FlameScene } from "./flame-scene.ts";
import { bucketOfCell, type HeatGrid, heatCells, heatGrid } from "./heat-cells.ts";
import { axisPixels, drawHeat, gutterPixels, placeOfCell } from "./heat-drawing.ts";
import type { Tooltip } from "./tooltip.ts";

/** What the heat map asks for: a window of time, or all of it. */
export type SelectWindow = (window: { readonly from: number; readonly to: number } | undefined) => void;

/** Height of the cells, on a screen that has room and on one that has not. */
const mapPixels = 100;
const lowMapPixels = 60;
const lowWindowPixels = 700;
/** The choices that a heat map depends on. */
const timeKeys = ["measure", "pool", "thread", "label", "fromBucket", "toBucket"] as const;
const widestColumnPixels = 48;

/** Samples over time: seconds across, the parts of each second down. Dragging selects a window. */
export class HeatPane {
  readonly element: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #body: HTMLElement;
  readonly #status = element("span", { class: "heat-status" });
  readonly #clear: HTMLButtonElement;
  readonly #tooltip: Tooltip;
  readonly #select: SelectWindow;
  #scene: FlameScene | undefined;
  #grid: HeatGrid | undefined;
  #cells: Float64Array = new Float64Array();
  #columnPixels = 1;
  #mapPixels = mapPixels;
  /** Cells: the keyboard's cursor, and where a selection began. */
  #cursor = 0;
  #anchor: number | undefined;

  constructor(tooltip: Tooltip, select: SelectWindow) {
    this.#tooltip = tooltip;
    this.#select = select;
    this.#canvas = element("canvas", {
      class: "heat-canvas",
      attributes: { tabindex: 0, role: "application", "aria-roledescription": "heat map" },
      on: {
        pointerdown: (event) => this.#press(event as PointerEvent),
        pointermove: (event) => this.#move(event as PointerEvent),
        pointerup: (event) => this.#release(event as PointerEvent),
        pointerleave: () => this.#tooltip.hide(),
        keydown: (event) => this.#key(event as KeyboardEvent),
        focus: () => this.#draw(),
        blur: () => this.#draw(),
      },
    });
    this.#clear = element("button", {
      class: "chip",
      text: "whole recording ✕",
      attributes: { type: "button" },
      on: { click: () => this.#select(undefined) },
    });
    this.#body = element("div", {}, [this.#canvas]);
    const title = element("div", { class: "heat-title" }, [
      element("strong", { text: "Over time" }),
      this.#status,
      this.#clear,
    ]);
    this.element = element("section", { class: "heat-pane", attributes: { "aria-label": "Heat map over time" } }, [
      title,
      this.#body,
    ]);
    new ResizeObserver(() => this.#refresh()).observe(this.#body);
    darkScheme().addEventListener("change", () => this.#draw());
  }

  /** Shows the samples of a scene's profile; hides itself where they have no times. */
  show(scene: FlameScene): void {
    const isSame =
      this.#scene?.profile === scene.profile && timeKeys.every((key) => this.#scene?.state[key] === scene.state[key]);
    this.#scene = scene;
    if (!isSame) this.#refresh();
  }

  #refresh(): void {
    const scene = this.#scene;
    if (!scene) return;
    const { profile, data } = scene;
    this.element.hidden = profile.bucketSeconds === null;
    this.#mapPixels = window.innerHeight < lowWindowPixels ? lowMapPixels : mapPixels;
    const width = this.#body.clientWidth - gutterPixels;
    this.#grid = heatGrid(profile.bucketSeconds, secondsOf(scene), width);
    if (!this.#grid || width <= 0) return;
    this.#columnPixels = Math.min(widestColumnPixels, width / this.#grid.columns);
    this.#cells = heatCells(profile, data.header, scene.state, this.#grid);
    this.#cursor = Math.min(this.#cursor, this.#cells.length - 1);
    this.#describe(scene, this.#grid);
    this.#draw();
  }

  #describe({ state, unit }: FlameScene, grid: HeatGrid): void {
    const { fromBucket, toBucket } = state;
    const hasWindow = fromBucket !== undefined && toBucket !== undefined;
    const cell = formatDuration(grid.bucketsPerCell * grid.bucketSeconds);
    const most = this.#cells.reduce((largest, value) => Math.max(largest, value), 0);
    this.#clear.hidden = !hasWindow;
    this.#status.textContent = hasWindow
      ? `${this.#timeOf(fromBucket)} – ${this.#timeOf(toBucket)} selected`
      : `drag to select a window · each cell is ${cell}, the darkest has ${formatAmount(most, unit)}`;
    this.#canvas.setAttribute(
      "aria-label",
      `Samples over time. Arrow keys move, Shift with arrows selects, Enter applies. ${this.#status.textContent}`,
    );
  }

  #draw(): void {
    const grid = this.#grid;
    if (!grid) return;
    const width = Math.max(gutterPixels + grid.columns * this.#columnPixels, this.#body.clientWidth);
    const context = sizedContext(this.#canvas, width, this.#mapPixels + axisPixels);
    drawHeat(context, {
      grid,
      cells: this.#cells,
      columnPixels: this.#columnPixels,
      mapPixels: this.#mapPixels,
      isDark: darkScheme().matches,
      isChosen: this.#chosenTest(grid),
      cursor: document.activeElement === this.#canvas ? this.#cursor : undefined,
      style: (property) => styleOf(this.element, property),
    });
  }

  /** Cells of the selection that is being made, or else of the one that was made. */
  #chosenTest(grid: HeatGrid): (cell: number) => boolean {
    const anchor = this.#anchor;
    const cursor = this.#cursor;
    if (anchor !== undefined) return (cell) => cell >= Math.min(anchor, cursor) && cell <= Math.max(anchor, cursor);
    const { fromBucket, toBucket } = this.#scene!.state;
    if (fromBucket === undefined || toBucket === undefined) return () => true;
    return (cell) => bucketOfCell(grid, cell) >= fromBucket && bucketOfCell(grid, cell) < toBucket;
  }

  #cellAt(event: PointerEvent): number {
    const grid = this.#grid!;
    const { left, top } = this.#canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - left - gutterPixels) / this.#columnPixels);
    const inColumn = Math.floor(((event.clientY - top) / this.#mapPixels) * grid.cellsPerColumn);
    const within = (value: number, end: number) => Math.max(0, Math.min(end - 1, value));
    return within(column, grid.columns) * grid.cellsPerColumn + within(inColumn, grid.cellsPerColumn);
  }

  #press(event: PointerEvent): void {
    if (!this.#grid || event.button !== 0) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#cursor = this.#cellAt(event);
    this.#anchor = this.#cursor;
    this.#draw();
  }

  #move(event: PointerEvent): void {
    if (!this.#grid) return;
    const cell = this.#cellAt(event);
    if (this.#anchor !== undefined && cell !== this.#cursor) {
      this.#cursor = cell;
      this.#draw();
    }
    this.#tell(cell, { left: event.clientX, top: event.clientY });
  }

  #release(event: PointerEvent): void {
    if (this.#anchor === undefined) return;
    this.#cursor = this.#cellAt(event);
    this.#apply();
  }

  #key(event: KeyboardEvent): void {
    const grid = this.#grid;
    if (!grid) return;
    const steps: Partial<Record<string, number>> = {
      ArrowLeft: -grid.cellsPerColumn,
      ArrowRight: grid.cellsPerColumn,
      ArrowUp: -1,
      ArrowDown: 1,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      if (event.shiftKey) this.#anchor ??= this.#cursor;
      else this.#anchor = undefined;
      this.#cursor = Math.max(0, Math.min(this.#cells.length - 1, this.#cursor + step));
      const { left, top } = this.#canvas.getBoundingClientRect();
      const { x, y } = placeOfCell(grid, this.#cursor, this.#columnPixels, this.#mapPixels);
      this.#tell(this.#cursor, { left: left + x, top: top + y });
      this.#draw();
    } else if (event.key === "Enter") this.#apply();
    else if (event.key === "Escape" && this.#scene?.state.fromBucket !== undefined) this.#select(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #apply(): void {
    const anchor = this.#anchor ?? this.#cursor;
    this.#anchor = undefined;
    const grid = this.#grid!;
    const [first, last] = [Math.min(anchor, this.#cursor), Math.max(anchor, this.#cursor)];
    this.#select({ from: bucketOfCell(grid, first), to: bucketOfCell(grid, last + 1) });
  }

  #tell(cell: number, at: { readonly left: number; readonly top: number }): void {
    const grid = this.#grid!;
    const from = this.#timeOf(bucketOfCell(grid, cell));
    const amount = formatAmount(this.#cells[cell]!, this.#scene!.unit);
    this.#tooltip.show(`${from}`, [{ label: "samples", text: amount }], at);
  }

  /** Since the start, and as the clock showed it. */
  #timeOf(bucket: number): string {
    const seconds = bucket * this.#grid!.bucketSeconds;
    const start = this.#scene!.data.header.startMillis;
    const since = `${Number(seconds.toFixed(3))} s`;
    return start === null ? since : `${since} (${new Date(start + seconds * 1000).toISOString().slice(11, 23)} UTC)`;
  }
}

function secondsOf({ data, profile }: FlameScene): number {
  const buckets = profile.sideRows[0]!.bucket.reduce((largest, bucket) => Math.max(largest, bucket), 0) + 1;
  return Math.max(data.header.durationSeconds ?? 0, buckets * (profile.bucketSeconds ?? 0));
}
