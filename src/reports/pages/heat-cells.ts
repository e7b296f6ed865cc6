import type { PageProfile } from "./page-data.ts";
import type { RowSelection } from "./selected-stacks.ts";
import type { WireHeader } from "./wire.ts";

/** How time is folded into cells: columns of some seconds, each cut into equal parts from top to bottom. */
export interface HeatGrid {
  readonly bucketSeconds: number;
  readonly columns: number;
  readonly cellsPerColumn: number;
  readonly bucketsPerColumn: number;
  readonly bucketsPerCell: number;
}

const columnSeconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400];
const narrowestColumnPixels = 3;
const mostCells = 50;

/** A grid for so many seconds on so many pixels; undefined where there are no times. */
export function heatGrid(bucketSeconds: number | null, seconds: number, widthPixels: number): HeatGrid | undefined {
  if (bucketSeconds === null || seconds <= 0) return undefined;
  const ofColumn =
    columnSeconds.find(
      (width) => width >= bucketSeconds && Math.ceil(seconds / width) * narrowestColumnPixels <= widthPixels,
    ) ?? columnSeconds.at(-1)!;
  const bucketsPerColumn = Math.max(1, Math.round(ofColumn / bucketSeconds));
  const bucketsPerCell = Math.max(1, Math.ceil(bucketsPerColumn / mostCells));
  return {
    bucketSeconds,
    columns: Math.max(1, Math.ceil(seconds / bucketSeconds / bucketsPerColumn)),
    cellsPerColumn: Math.ceil(bucketsPerColumn / bucketsPerCell),
    bucketsPerColumn,
    bucketsPerCell,
  };
}

/** Weight by cell, column by column. */
export function heatCells(
  profile: PageProfile,
  { threadPool }: WireHeader,
  { measure, pool, thread, label }: RowSelection,
  grid: HeatGrid,
): Float64Array {
  const cells = new Float64Array(grid.columns * grid.cellsPerColumn);
  const rows = profile.sideRows[0]!;
  const column = measure === "count" ? rows.count : rows.weight;
  for (let row = 0; row < rows.rows; row++) {
    if (thread !== undefined && rows.thread[row] !== thread) continue;
    if (pool !== undefined && threadPool[rows.thread[row]!] !== pool) continue;
    if (label !== undefined && rows.label[row] !== label) continue;
    const cell = cellOfBucket(grid, rows.bucket[row]!);
    if (cell < cells.length) cells[cell]! += column[row]!;
  }
  return cells;
}

/** The cell that a bucket lies in. */
export function cellOfBucket(grid: HeatGrid, bucket: number): number {
  const column = Math.floor(bucket / grid.bucketsPerColumn);
  const inColumn = Math.floor((bucket % grid.bucketsPerColumn) / grid.bucketsPerCell);
  return column * grid.cellsPerColumn + inColumn;
}

/** First bucket of a cell; that of the cell after it is where the cell ends. */
export function bucketOfCell(grid: HeatGrid, cell: number): number {
  const column = Math.floor(cell / grid.cellsPerColumn);
  const inColumn = cell % grid.cellsPerColumn;
  return column * grid.bucketsPerColumn + Math.min(grid.bucketsPerColumn, inColumn * grid.bucketsPerCell);
}
