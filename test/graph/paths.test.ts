import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dominatorChain } from "../../src/graph/dominator-chain.ts";
import { buildDominators } from "../../src/graph/dominators.ts";
import { type MergeOptions, mergeShortestPaths } from "../../src/graph/merged-paths.ts";
import { addOrdinal, createOrdinalSet } from "../../src/graph/ordinal-set.ts";
import { shortestPaths } from "../../src/graph/shortest-paths.ts";
import { distances } from "./brute-force.ts";
import { type DrawnGraph, drawnGraph, graphOf } from "./drawn-graph.ts";
import { randomHeap, seed } from "./random-heap.ts";

function drawnPath(
  { graph, ordinalOf, nameOf }: DrawnGraph,
  target: string,
  avoided: readonly string[] = [],
): string | undefined {
  const avoid = createOrdinalSet(graph.objectCount);
  for (const name of avoided) addOrdinal(avoid, ordinalOf(name));
  const path = shortestPaths(graph, [ordinalOf(target)], { avoid })[0];
  return path && Array.from(path, nameOf).join(" → ");
}

describe("the shortest path", () => {
  test("is literal, not the dominator chain", () => {
    const drawn = drawnGraph`root → a → b → d → e; a → c → d`;
    expect(drawnPath(drawn, "e")).toBe("a → b → d → e");
    expect(Array.from(dominatorChain(buildDominators(drawn.graph), drawn.ordinalOf("e")), drawn.nameOf)).toEqual([
      "a",
      "d",
      "e",
    ]);
  });

  test("is the object alone when it is a root", () => {
    expect(drawnPath(drawnGraph`root → a → b; root → b`, "b")).toBe("b");
  });

  test("among equals comes from the lowest root, then from the first reference", () => {
    expect(drawnPath(drawnGraph`root → a → x → d; root → b → y → d`, "d")).toBe("a → x → d");
    expect(drawnPath(drawnGraph`x; y; root → a → y → d; a → x → d`, "d")).toBe("a → y → d");
  });

  test("does not follow weak references", () => {
    const drawn = drawnGraph`root → w ~weak~> b; root → a → c → b; w ~soft~> lost`;
    expect(drawnPath(drawn, "b")).toBe("a → c → b");
    expect(drawnPath(drawn, "lost")).toBeUndefined();
  });

  test("goes around what it shall avoid, or is not there", () => {
    const drawn = drawnGraph`root → a → d; root → b → c → d`;
    expect(drawnPath(drawn, "d", ["a"])).toBe("b → c → d");
    expect(drawnPath(drawn, "d", ["a", "c"])).toBeUndefined();
    expect(drawnPath(drawn, "d", ["d"])).toBeUndefined();
  });

  test("is given to each of several targets, repeated and unknown ones too", () => {
    const { graph } = drawnGraph`root → a → b → c`;
    const paths = shortestPaths(graph, [3, 1, 3, 99, 0]).map((path) => path && Array.from(path));
    expect(paths).toEqual([[1, 2, 3], [1], [1, 2, 3], undefined, undefined]);
  });

  test("on random heaps is a path and as short as can be, with and without objects to avoid", () => {
    fc.assert(
      fc.property(randomHeap(), fc.array(fc.integer({ min: 1, max: 14 }), { maxLength: 3 }), (heap, avoided) => {
        const graph = graphOf(heap);
        const avoid = createOrdinalSet(20);
        for (const ordinal of avoided) addOrdinal(avoid, ordinal);
        const distance = distances(heap, new Set(avoided));
        const ordinals = Array.from({ length: graph.objectCount }, (_, i) => i + 1);
        const paths = shortestPaths(graph, ordinals, { avoid });
        for (const ordinal of ordinals) {
          const path = paths[ordinal - 1];
          expect(path ? path.length : -1).toBe(distance[ordinal]);
          path?.forEach((each, i) => {
            expect(heap.targets[i === 0 ? 0 : path[i - 1]!]).toContain(each);
          });
          expect(path?.at(-1) ?? ordinal).toBe(ordinal);
        }
      }),
      { seed, numRuns: 3_000 },
    );
  });

  test("of an object at the end of 1,000,000 others is found", () => {
    const count = 1_000_000;
    const targets = Array.from({ length: count + 1 }, (_, ordinal) => (ordinal < count ? [ordinal + 1] : []));
    expect(shortestPaths(graphOf({ targets }), [count])[0]).toHaveLength(count);
  });
});

describe("merged paths", () => {
  const merged = ({ graph, ordinalOf, nameOf }: DrawnGraph, targets: string, options?: MergeOptions): string => {
    const { prefix, counts, pathCount, targetCount } = mergeShortestPaths(
      graph,
      targets.split(" ").map(ordinalOf),
      options,
    );
    return `${Array.from(prefix, (ordinal, i) => `${nameOf(ordinal)} ${counts[i]}`).join(" → ")} of ${pathCount}/${targetCount}`;
  };

  test("go on while more than 80 % agree", () => {
    const drawn = drawnGraph`root → a → b → c → v1; c → v2; c → v3; c → v4; b → v5; b → v6; root → v7`;
    expect(merged(drawn, "v1 v2 v3 v4 v5 v6 v7")).toBe("a 6 → b 6 of 7/7");
    expect(merged(drawn, "v1 v2 v3 v4 v5 v6 v7", { minShare: 0.5 })).toBe("a 6 → b 6 → c 4 of 7/7");
  });

  test("are empty where the paths part at the roots or there are none", () => {
    expect(merged(drawnGraph`root → a → v1; root → b → v2`, "v1 v2")).toBe(" of 2/2");
    expect(merged(drawnGraph`root → a; v1; v2`, "v1 v2")).toBe(" of 0/2");
  });

  test("leave targets out that are no objects", () => {
    const { graph } = drawnGraph`root → a → b`;
    expect(mergeShortestPaths(graph, [2, 99, 0, -1])).toMatchObject({ pathCount: 1, prefix: Int32Array.of(1, 2) });
  });

  test("of one target are its path", () => {
    expect(merged(drawnGraph`root → a → b → c`, "c")).toBe("a 1 → b 1 → c 1 of 1/1");
  });

  test("of more targets than allowed are those of evenly spaced ones", () => {
    expect(merged(drawnGraph`root → a → v1 → v2 → v3 → v4`, "v1 v2 v3 v4", { maxTargets: 2 })).toBe(
      "a 2 → v1 2 of 2/2",
    );
  });

  test("on random heaps are what counting along the single paths gives", () => {
    const shares = fc.constantFrom(0.5, 0.6, 0.8, 0.9);
    fc.assert(
      fc.property(
        randomHeap(),
        fc.array(fc.integer({ min: 1, max: 14 }), { maxLength: 12 }),
        shares,
        (heap, targets, minShare) => {
          const graph = graphOf(heap);
          const wanted = targets.filter((target) => target <= graph.objectCount);
          const paths = shortestPaths(graph, wanted).filter((path) => path !== undefined);
          const expected: [number, number][] = [];
          for (let i = 0; paths.length > 0; i++) {
            const countOf = (ordinal: number): number => paths.filter((path) => path[i] === ordinal).length;
            const next = paths
              .map((path) => path[i])
              .find((ordinal) => ordinal !== undefined && countOf(ordinal) > minShare * paths.length);
            if (next === undefined) break;
            expected.push([next, countOf(next)]);
          }
          const { prefix, counts } = mergeShortestPaths(graph, wanted, { minShare });
          expect(Array.from(prefix, (ordinal, i) => [ordinal, counts[i]])).toEqual(expected);
        },
      ),
      { seed, numRuns: 3_000 },
    );
  });

  test("of 10,000 items of a list of 1,000,000 are found in linear time and memory", () => {
    const count = 1_000_000;
    const targets = Array.from({ length: count + 1 }, (_, ordinal) => (ordinal < count ? [ordinal + 1] : []));
    const ordinals = Int32Array.from({ length: count }, (_, i) => i + 1);
    expect(mergeShortestPaths(graphOf({ targets }), ordinals).prefix).toHaveLength(199_901);
  });
});

describe("the dominator chain", () => {
  test("of an unreachable object is empty", () => {
    const { graph, ordinalOf } = drawnGraph`root → a; b → c`;
    expect(dominatorChain(buildDominators(graph), ordinalOf("c"))).toHaveLength(0);
    expect(dominatorChain(buildDominators(graph), 0)).toHaveLength(0);
  });
});
