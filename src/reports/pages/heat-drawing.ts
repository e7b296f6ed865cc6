import { formatDuration } from "./amounts.ts";
import type { HeatGrid } from "./heat-cells.ts";

/** Room left of the cells, and below them. */
export const gutterPixels = 44;
export const axisPixels = 18;

/** Everything that a heat map's picture is made of. */
export interface HeatPicture {
  readonly grid: HeatGrid;
  readonly cells: Float64Array;
  readonly columnPixels: number;
  readonly mapPixels: number;
  readonly isDark: boolean;
  /** The others lie behind a veil. */
  readonly isChosen: (cell: number) => boolean;
  /** Cell with the keyboard's cursor. */
  readonly cursor: number | undefined;
  readonly style: (property: string) => string;
}

/** Draws the cells, what is selected of them, and the axes. */
export function drawHeat(context: CanvasRenderingContext2D, picture: HeatPicture): void {
  const { grid, cells, columnPixels, mapPixels, isDark, isChosen, cursor, style } = picture;
  const cellPixels = mapPixels / grid.cellsPerColumn;
  const largest = cells.reduce((most, value) => Math.max(most, value), 0);
  const veil = style("--veil");
  for (let cell = 0; cell < cells.length; cell++) {
    const { x, y } = placeOfCell(grid, cell, columnPixels, mapPixels);
    context.fillStyle = heatColour(largest > 0 ? cells[cell]! / largest : 0, isDark);
    context.fillRect(x, y, columnPixels + 0.3, cellPixels + 0.3);
    if (isChosen(cell)) continue;
    context.fillStyle = veil;
    context.fillRect(x, y, columnPixels + 0.3, cellPixels + 0.3);
  }
  drawAxes(context, picture);
  if (cursor === undefined) return;
  const { x, y } = placeOfCell(grid, cursor, columnPixels, mapPixels);
  context.strokeStyle = style("--focus");
  context.lineWidth = 2;
  context.strokeRect(x - 1, y - 1, columnPixels + 2, cellPixels + 2);
}

/** Upper left corner of a cell. */
export function placeOfCell(grid: HeatGrid, cell: number, columnPixels: number, mapPixels: number) {
  const column = Math.floor(cell / grid.cellsPerColumn);
  const y = ((cell % grid.cellsPerColumn) * mapPixels) / grid.cellsPerColumn;
  return { x: gutterPixels + column * columnPixels, y };
}

function drawAxes(context: CanvasRenderingContext2D, { grid, columnPixels, mapPixels, style }: HeatPicture): void {
  context.fillStyle = style("--muted");
  context.font = style("--small-font");
  context.textBaseline = "middle";
  context.textAlign = "right";
  const seconds = grid.bucketsPerColumn * grid.bucketSeconds;
  context.fillText("+0 s", gutterPixels - 6, 7);
  context.fillText(`+${formatDuration(seconds)}`, gutterPixels - 6, mapPixels - 6);
  const every = Math.max(1, Math.ceil(80 / columnPixels));
  const step = [1, 2, 5, 10, 20, 30, 60, 100, 120, 300].find((columns) => columns >= every) ?? every;
  for (let column = 0; column < grid.columns; column += step) {
    context.textAlign = column === 0 ? "left" : "center";
    context.fillText(
      formatDuration(column * seconds),
      gutterPixels + column * columnPixels,
      mapPixels + axisPixels / 2 + 1,
    );
  }
  context.textAlign = "left";
}

/** Colour of a cell by its share of the fullest one; the root makes few samples visible beside many. */
function heatColour(share: number, isDark: boolean): string {
  if (share <= 0) return isDark ? "oklch(0.235 0.008 260)" : "oklch(0.965 0.004 260)";
  const strength = Math.sqrt(share);
  const lightness = isDark ? 0.32 + 0.52 * strength : 0.93 - 0.5 * strength;
  const hue = isDark ? 30 + 55 * strength : 85 - 60 * strength;
  return `oklch(${lightness.toFixed(3)} ${(0.06 + 0.11 * strength).toFixed(3)} ${hue.toFixed(1)})`;
}
