import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketOfCell, cellOfBucket, heatCells, heatGrid } from "../../../src/reports/pages/heat-cells.ts";
import { profileOf } from "../../stacks/profile-of.ts";
import { pageDataOf, setOf } from "./page-data-of.ts";

test("every bucket lies in one cell, and cells lie one after the other in time", () => {
  const grids = fc.record({
    bucket: fc.constantFrom(0.02, 0.1, 0.5, 1, 5, 60),
    seconds: fc.double({ min: 0.01, max: 90_000, noNaN: true }),
    width: fc.integer({ min: 100, max: 2000 }),
  });
  fc.assert(
    fc.property(grids, ({ bucket, seconds, width }) => {
      const grid = heatGrid(bucket, seconds, width)!;
      const cells = grid.columns * grid.cellsPerColumn;
      for (let cell = 0; cell < cells; cell += 1 + Math.floor(cells / 200)) {
        const first = bucketOfCell(grid, cell);
        expect(bucketOfCell(grid, cell + 1)).toBeGreaterThan(first);
        expect(cellOfBucket(grid, first)).toBe(cell);
        expect(cellOfBucket(grid, bucketOfCell(grid, cell + 1) - 1)).toBe(cell);
      }
      expect(grid.columns * grid.bucketsPerColumn * bucket).toBeGreaterThanOrEqual(seconds - 1e-6);
      expect(grid.cellsPerColumn).toBeLessThanOrEqual(50);
    }),
    { seed: 7 },
  );
});

test("a minute on a wide screen has seconds across and 20 ms down; a day has minutes", () => {
  expect(heatGrid(0.02, 60, 1200)).toMatchObject({ columns: 60, cellsPerColumn: 50, bucketsPerCell: 1 });
  expect(heatGrid(0.5, 86_400, 1200)).toMatchObject({ columns: 288, bucketsPerColumn: 600 });
  expect(heatGrid(null, 60, 1200)).toBeUndefined();
});

test("a cell's weight is that of the samples in it", async () => {
  const profile = profileOf("A 2, B 3, A 5", { sampleSeconds: Float64Array.of(0.01, 0.015, 1.05) });
  const { profiles, header } = await pageDataOf(setOf([profile], { durationSeconds: 2 }));
  const grid = heatGrid(profiles[0]!.bucketSeconds, 2, 1000)!;
  const selection = { measure: "weight", grouping: "none", scale: "share" } as const;
  const cells = heatCells(profiles[0]!, header, selection, grid);
  const filled = [...cells.entries()].filter(([, weight]) => weight > 0);
  expect(filled).toEqual([
    [0, 5],
    [52, 5],
  ]);
});
