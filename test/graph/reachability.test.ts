import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildDominators } from "../../src/graph/dominators.ts";
import { levelOf, markReachability, measureReachability } from "../../src/graph/reachability.ts";
import { levelsByDefinition } from "./brute-force.ts";
import { type DrawnGraph, drawnGraph, graphOf } from "./drawn-graph.ts";
import { randomHeap, seed } from "./random-heap.ts";

const levelNames = ["strong", "soft", "weak", "finalizer", "phantom", "unreachable"];

function drawnLevels({ graph, nameOf }: DrawnGraph): Record<string, string | undefined> {
  const levels = markReachability(graph, buildDominators(graph));
  return Object.fromEntries(
    Array.from({ length: graph.objectCount }, (_, i) => [nameOf(i + 1), levelNames[levelOf(levels, i + 1)]]),
  );
}

describe("an object", () => {
  test("is as reachable as the strongest way to it", () => {
    expect(
      drawnLevels(
        drawnGraph`root → s ~soft~> a → b; root → w ~weak~> b; w ~weak~> c; root → p ~phantom~> c; p ~phantom~> d`,
      ),
    ).toEqual({
      s: "strong",
      a: "soft",
      b: "soft",
      w: "strong",
      c: "weak",
      p: "strong",
      d: "phantom",
    });
  });

  test("that a soft reference inside weakly reachable data refers to is weakly reachable", () => {
    expect(drawnLevels(drawnGraph`root → w ~weak~> a → s ~soft~> b; b → f ~finalizer~> c`)).toMatchObject({
      a: "weak",
      s: "weak",
      b: "weak",
      f: "weak",
      c: "finalizer",
    });
  });

  test("stays strongly reachable when weak references point at it too", () => {
    expect(drawnLevels(drawnGraph`root → a → b; root → w ~weak~> b`)).toMatchObject({ b: "strong" });
  });

  test("is unreachable when only unreachable Reference objects refer to it", () => {
    expect(drawnLevels(drawnGraph`root → a; w ~soft~> b → c`)).toEqual({
      a: "strong",
      w: "unreachable",
      b: "unreachable",
      c: "unreachable",
    });
  });

  test("of random heaps has the level of the definition", () => {
    fc.assert(
      fc.property(randomHeap(), (heap) => {
        const graph = graphOf(heap);
        const levels = markReachability(graph, buildDominators(graph));
        const found = heap.targets.map((_, ordinal) => levelOf(levels, ordinal));
        expect(found).toEqual(levelsByDefinition(heap));
      }),
      { seed, numRuns: 5_000 },
    );
  });
});

describe("counts", () => {
  test("are objects and bytes by level and class", () => {
    const { graph, classNames } = drawnGraph`root → a:A(32) ~soft~> b:B(48) → c:A; d:B(1048576)`;
    const { objects, shallowBytes, classObjects, classBytes } = measureReachability(
      graph,
      classNames.length,
      buildDominators(graph),
    );
    expect(Array.from(objects)).toEqual([1, 2, 0, 0, 0, 1]);
    expect(Array.from(shallowBytes)).toEqual([32, 64, 0, 0, 0, 1_048_576]);
    expect(Array.from(classObjects)).toEqual([0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(Array.from(classBytes)).toEqual([0, 32, 0, 0, 16, 48, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1_048_576]);
  });

  test("take linear time where 300,000 weak references hang one on another", () => {
    const count = 300_000;
    const weak = Array.from({ length: count - 1 }, (_, i) => ({
      from: count - 1 - i,
      to: count - i,
      strength: "weak" as const,
    }));
    const graph = graphOf({ targets: [[1], ...Array.from({ length: count }, () => [])], weak });
    expect(Array.from(measureReachability(graph, 1, buildDominators(graph)).objects)).toEqual([
      1,
      0,
      count - 1,
      0,
      0,
      0,
    ]);
  });
});
