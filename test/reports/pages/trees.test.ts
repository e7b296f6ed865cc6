import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildTree, type PageTree, type TreeView } from "../../../src/reports/pages/call-tree.ts";
import { type FlameState, initialState, sceneOf } from "../../../src/reports/pages/flame-scene.ts";
import { framesMatching, matchedWidth } from "../../../src/reports/pages/frame-search.ts";
import { methodTotals, outermostStacks } from "../../../src/reports/pages/method-totals.ts";
import type { PageData } from "../../../src/reports/pages/page-data.ts";
import { selectedStacks } from "../../../src/reports/pages/selected-stacks.ts";
import { layOut, type TreeLayout } from "../../../src/reports/pages/tree-layout.ts";
import { pathOf, rowOfPath, stepFrom } from "../../../src/reports/pages/tree-walk.ts";
import { visibleBoxes } from "../../../src/reports/pages/visible-boxes.ts";
import { profileOf } from "../../stacks/profile-of.ts";
import { pageDataOf, setOf, threadOf } from "./page-data-of.ts";

const drawnStacks = fc.array(
  fc.record({
    frames: fc.array(fc.constantFrom("A", "B", "C", "D"), { minLength: 1, maxLength: 6 }),
    weight: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 1, maxLength: 25 },
);
type Drawn = readonly { readonly frames: readonly string[]; readonly weight: number }[];

function drawingOf(drawn: Drawn): string {
  return drawn.map(({ frames, weight }) => `${frames.join(" ")} ${weight}`).join("\n");
}

/** `A;B` → total of every node. */
function totalsOf(data: PageData, tree: PageTree): Record<string, number> {
  const names: string[] = [];
  const totals: Record<string, number> = {};
  for (let node = 0; node < tree.nodeCount; node++) {
    const own = data.header.frames[tree.frame[node]!] ?? `group ${tree.frame[node]! - data.header.frames.length - 1}`;
    names[node] = tree.parent[node]! < 0 ? own : `${names[tree.parent[node]!]};${own}`;
    totals[names[node]!] = Math.round(tree.totalAfter[node]! * 1e6) / 1e6;
  }
  return totals;
}

/** The same by adding up paths. */
function expectedTotals(paths: readonly { readonly frames: readonly string[]; readonly weight: number }[]) {
  const totals: Record<string, number> = {};
  for (const { frames, weight } of paths) {
    for (let length = 1; length <= frames.length; length++) {
      const key = frames.slice(0, length).join(";");
      totals[key] = (totals[key] ?? 0) + weight;
    }
  }
  return totals;
}

async function treeOf(drawing: string, view: Partial<TreeView> & { readonly focusName?: string }) {
  const data = await pageDataOf(setOf([profileOf(drawing)]));
  const selected = selectedStacks(data.profiles[0]!, data.header, initialState(data));
  const focus = view.focusName === undefined ? undefined : data.header.frames.indexOf(view.focusName);
  const tree = buildTree(data, selected, { direction: "callees", isGrouped: false, focus, ...view });
  return { data, selected, tree };
}

describe("a tree", () => {
  test("of calls has the totals of all paths from the root", async () => {
    await fc.assert(
      fc.asyncProperty(drawnStacks, async (drawn) => {
        const { data, tree } = await treeOf(drawingOf(drawn), {});
        expect(totalsOf(data, tree)).toEqual(expectedTotals(drawn));
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  test("of callers has the totals of all paths from the leaf", async () => {
    await fc.assert(
      fc.asyncProperty(drawnStacks, async (drawn) => {
        const { data, tree } = await treeOf(drawingOf(drawn), { direction: "callers" });
        expect(totalsOf(data, tree)).toEqual(
          expectedTotals(drawn.map(({ frames, weight }) => ({ frames: frames.toReversed(), weight }))),
        );
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  test("of calls from a method begins at its outermost call, of callers at its innermost", async () => {
    await fc.assert(
      fc.asyncProperty(drawnStacks, async (drawn) => {
        const withB = drawn.filter(({ frames }) => frames.includes("B"));
        if (withB.length === 0) return;
        const down = await treeOf(drawingOf(drawn), { focusName: "B" });
        expect(totalsOf(down.data, down.tree)).toEqual(
          expectedTotals(withB.map(({ frames, weight }) => ({ frames: frames.slice(frames.indexOf("B")), weight }))),
        );
        const up = await treeOf(drawingOf(drawn), { focusName: "B", direction: "callers" });
        expect(totalsOf(up.data, up.tree)).toEqual(
          expectedTotals(
            withB.map(({ frames, weight }) => ({
              frames: frames.slice(0, frames.lastIndexOf("B") + 1).toReversed(),
              weight,
            })),
          ),
        );
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  test("counts a recursive method once in its total", async () => {
    const { data, selected } = await treeOf("A B A 2, A 1, B A C 4", {});
    const totals = methodTotals(data, selected, outermostStacks(data));
    const byName = Object.fromEntries(
      data.header.frames.map((name, frame) => [name, [totals.selfAfter[frame], totals.totalAfter[frame]]]),
    );
    expect(byName).toEqual({ A: [3, 7], B: [0, 6], C: [4, 4] });
  });
});

describe("a layout", () => {
  test("holds children inside of their caller, side by side, the widest first", async () => {
    await fc.assert(
      fc.asyncProperty(drawnStacks, async (drawn) => {
        const { tree } = await treeOf(drawingOf(drawn), {});
        checkLayout(layOut(tree, "after"));
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  test("finds a row by its path, and the way round by keys", async () => {
    const { tree } = await treeOf("A B C 4, A D 2, E 1", {});
    const layout = layOut(tree, "after");
    for (let row = 0; row < layout.rows; row++) expect(rowOfPath(layout, pathOf(layout, row))).toBe(row);
    const nameAt = (row: number) => ["all", "A", "B", "C", "D", "E"][row]!;
    const seen = [0];
    for (const step of ["callee", "callee", "next", "previous", "callee", "caller", "caller", "next"] as const) {
      seen.push(stepFrom(layout, seen.at(-1)!, step));
    }
    expect(seen.map(nameAt)).toEqual(["all", "A", "B", "D", "B", "C", "B", "A", "E"]);
  });

  test("is drawn without gaps, with what is too narrow together", async () => {
    const small = Array.from({ length: 500 }, (_, index) => `A small${index} leaf 1`).join(",");
    const { tree } = await treeOf(`A big 9500,${small}`, {});
    const layout = layOut(tree, "after");
    const boxes = visibleBoxes(layout, { zoom: 0, widthPixels: 1000, fromDepth: 0, toDepth: 9 });
    expect(boxes.map(({ depth, x, width, smaller }) => ({ depth, x, width: Math.round(width), smaller }))).toEqual([
      { depth: 0, x: 0, width: 1000, smaller: 0 },
      { depth: 1, x: 0, width: 1000, smaller: 0 },
      { depth: 2, x: 0, width: 950, smaller: 0 },
      { depth: 2, x: 950, width: 50, smaller: 1000 },
    ]);
    const beyond = visibleBoxes(layout, { zoom: 0, widthPixels: 1000, fromDepth: 2, toDepth: 2 });
    expect(beyond.map(({ depth }) => depth)).toEqual([2, 2]);
  });
});

function checkLayout(layout: TreeLayout): void {
  for (let row = 1; row < layout.rows; row++) {
    const parent = layout.parent[row]!;
    expect(layout.depth[row]).toBe(layout.depth[parent]! + 1);
    expect(row > parent && layout.end[row]! <= layout.end[parent]!).toBe(true);
    expect(layout.start[row]).toBeGreaterThanOrEqual(layout.start[parent]! - 1e-9);
    expect(layout.start[row]! + layout.width[row]!).toBeLessThanOrEqual(
      layout.start[parent]! + layout.width[parent]! + 1e-9,
    );
    const next = layout.end[row]!;
    if (next >= layout.end[parent]!) continue;
    expect(layout.start[next]).toBeCloseTo(layout.start[row]! + layout.width[row]!, 9);
    expect(layout.width[next]).toBeLessThanOrEqual(layout.width[row]!);
  }
}

describe("a search", () => {
  test("counts what lies below two matches once", async () => {
    const { data, tree } = await treeOf("A match1 match2 3, A match2 2, B 5", {});
    const layout = layOut(tree, "after");
    const isMatch = framesMatching(data.header.frames, "match\\d")!;
    expect(matchedWidth(layout, isMatch, 0)).toBe(5);
  });

  test("takes half a pattern as it stands, and minds case where the pattern has upper case", () => {
    const names = ["a.Foo.bar(", "a.foo.Bar"];
    expect([...framesMatching(names, "bar(")!]).toEqual([1, 0]);
    expect([...framesMatching(names, "foo")!]).toEqual([1, 1]);
    expect([...framesMatching(names, "Foo")!]).toEqual([1, 0]);
    expect([...framesMatching(names, "\\Dar$")!]).toEqual([0, 1]);
    expect(framesMatching(names, "")).toBeUndefined();
  });
});

describe("a scene", () => {
  const threads = [threadOf("io-1", "io-*"), threadOf("io-2", "io-*"), threadOf("main", "main")];
  const profile = profileOf("A B 4, A C 2, D 1, A B 1", {
    sampleThread: Int32Array.of(0, 1, 2, -1),
    sampleSeconds: Float64Array.of(0, 1, 2, 3),
  });

  async function sceneWith(changes: Partial<FlameState>) {
    const data = await pageDataOf(setOf([profile], { threads, durationSeconds: 4 }));
    return sceneOf(data, { ...initialState(data), ...changes }, undefined);
  }

  test("of a pool has its threads' samples alone", async () => {
    const scene = await sceneWith({ pool: 0 });
    expect(totalsOf(scene.data, scene.tree)).toEqual({ A: 6, "A;B": 4, "A;C": 2 });
  });

  test("of a window of time has the samples in it", async () => {
    const scene = await sceneWith({ fromBucket: 50, toBucket: 150 });
    expect(totalsOf(scene.data, scene.tree)).toEqual({ A: 2, "A;C": 2, D: 1 });
  });

  test("put together by pool has a level of pools, the unknown one too", async () => {
    const scene = await sceneWith({ grouping: "pool" });
    const { layout, names } = scene;
    const roots = [...layout.frame.keys()].filter((row) => row < layout.rows && layout.depth[row] === 1);
    expect(roots.map((row) => [names[layout.frame[row]!]!.full, layout.width[row]])).toEqual([
      ["io-*", 6],
      ["(no thread recorded)", 1],
      ["main", 1],
    ]);
  });

  test("in samples counts events", async () => {
    const scene = await sceneWith({ measure: "count" });
    expect(totalsOf(scene.data, scene.tree)).toEqual({ A: 3, "A;B": 2, "A;C": 1, D: 1 });
  });

  test("keeps what a choice leaves as it was", async () => {
    const scene = await sceneWith({});
    const searched = sceneOf(scene.data, { ...scene.state, pattern: "C" }, scene);
    expect(searched.tree).toBe(scene.tree);
    expect(searched.layout).toBe(scene.layout);
    expect(searched.matchedShare).toBeCloseTo(2 / 8, 9);
  });

  test("of a comparison brings both recordings to shares, and keeps frames that are gone", async () => {
    const data = await pageDataOf(
      setOf([profileOf("A B 30, A C 10")], { durationSeconds: 10 }),
      setOf([profileOf("A B 1, A D 3")], { durationSeconds: 2 }),
    );
    const byName = (scale: "share" | "rate") => {
      const { tree, layout, data: same } = sceneOf(data, { ...initialState(data), scale }, undefined);
      const rows = Array.from({ length: layout.rows - 1 }, (_, index) => index + 1);
      return Object.fromEntries(
        rows.map((row) => {
          const node = layout.node[row]!;
          return [
            same.header.frames[tree.frame[node]!],
            [tree.totalBefore[node], tree.totalAfter[node], layout.width[row]],
          ];
        }),
      );
    };
    expect(byName("share")).toEqual({ A: [1, 1, 1], B: [0.25, 0.75, 0.5], D: [0.75, 0, 0.375], C: [0, 0.25, 0.125] });
    expect(byName("rate")).toEqual({ A: [2, 4, 3], B: [0.5, 3, 1.75], D: [1.5, 0, 0.75], C: [0, 1, 0.5] });
  });
});
