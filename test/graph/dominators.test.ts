import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildDominators } from "../../src/graph/dominators.ts";
import { dominatorsByDefinition } from "./brute-force.ts";
import { type DrawnGraph, drawnGraph, graphOf, type PlainHeap } from "./drawn-graph.ts";
import { randomHeap, seed } from "./random-heap.ts";

/** `name: dominator retained` per object. */
function drawnDominators({ graph, nameOf }: DrawnGraph): string[] {
  const { dominatorOf, retainedUnits } = buildDominators(graph);
  const lines: string[] = [];
  for (let ordinal = 1; ordinal <= graph.objectCount; ordinal++) {
    const dominator = dominatorOf[ordinal]!;
    lines.push(
      `${nameOf(ordinal)}: ${dominator < 0 ? "unreachable" : nameOf(dominator)} ${retainedUnits[ordinal]! * 8}`,
    );
  }
  return lines;
}

describe("drawn heaps", () => {
  test("a diamond is dominated by its top", () => {
    expect(drawnDominators(drawnGraph`root → top → left → bottom(64); top → right → bottom`)).toEqual([
      "top: root 112",
      "left: top 16",
      "bottom: top 64",
      "right: top 16",
    ]);
  });

  test("an object that two roots reach is dominated by neither", () => {
    expect(drawnDominators(drawnGraph`root → a → d; root → b → d; d → e`)).toEqual([
      "a: root 16",
      "d: root 32",
      "b: root 16",
      "e: d 16",
    ]);
  });

  test("a root that another root's object refers to is dominated by nothing", () => {
    expect(drawnDominators(drawnGraph`root → a → b → c → a; root → b; root → c`)).toEqual([
      "a: root 16",
      "b: root 16",
      "c: root 16",
    ]);
  });

  test("a root that refers to itself retains itself once", () => {
    expect(drawnDominators(drawnGraph`root → a(24) → a`)).toEqual(["a: root 24"]);
  });

  test("a byte[] of one String is dominated by it, one that two Strings share by what holds both", () => {
    expect(drawnDominators(drawnGraph`root → map → s1 → own; map → s2 → shared; map → s3 → shared`)).toEqual([
      "map: root 96",
      "s1: map 32",
      "own: s1 16",
      "s2: map 16",
      "shared: map 16",
      "s3: map 16",
    ]);
  });

  test("a shared byte[] whose holders lie deep under different parents goes to their common dominator", () => {
    const drawn = drawnGraph`root → top → a1 → a2 → a3 → s1 → shared; top → b1 → b2 → s2 → shared; a3 → a1; b2 → top; a3 → x → a3; b2 → y → b1`;
    expect(drawnDominators(drawn)).toContain("shared: top 16");
  });

  test("what only weak references hold is not retained", () => {
    expect(drawnDominators(drawnGraph`root → ref ~weak~> value → part`)).toEqual([
      "ref: root 16",
      "value: unreachable 0",
      "part: unreachable 0",
    ]);
  });

  test("unreachable referrers do not count", () => {
    expect(
      drawnDominators(drawnGraph`root → a → b → c; garbage → b; garbage → c; more → leaf; garbage → more`),
    ).toEqual([
      "a: root 48",
      "b: a 32",
      "c: b 16",
      "garbage: unreachable 0",
      "more: unreachable 0",
      "leaf: unreachable 0",
    ]);
  });

  test("a heap without objects, or without roots, has an empty tree", () => {
    expect(buildDominators(graphOf({ targets: [[]] }))).toEqual({
      dominatorOf: Int32Array.of(0),
      retainedUnits: Uint32Array.of(0),
    });
    expect(drawnDominators(drawnGraph`a → b → a`)).toEqual(["a: unreachable 0", "b: unreachable 0"]);
  });

  test("the super-root retains the reachable heap", () => {
    const { graph } = drawnGraph`root → a(32) → b(48); root → c; garbage(1024) → a`;
    expect(buildDominators(graph).retainedUnits[0]! * 8).toBe(96);
  });

  test("sizes above 32 GiB are summed exactly", () => {
    const { graph, ordinalOf } = drawnGraph`root → a → b(40000000000) → c(40000000008); b → d(24)`;
    const { retainedUnits } = buildDominators(graph);
    expect(retainedUnits).toBeInstanceOf(Float64Array);
    expect(retainedUnits[ordinalOf("a")]! * 8).toBe(80_000_000_048);
    expect(retainedUnits[0]! * 8).toBe(80_000_000_048);
  });
});

describe("random heaps", () => {
  test("dominators and retained sizes are those of the definition", () => {
    fc.assert(
      fc.property(randomHeap(), (heap) => {
        const expected = dominatorsByDefinition(heap);
        const { dominatorOf, retainedUnits } = buildDominators(graphOf(heap));
        expect(Array.from(dominatorOf)).toEqual(expected.dominatorOf);
        expect(Array.from(retainedUnits, (units) => units * 8)).toEqual(expected.retainedBytes);
      }),
      { seed, numRuns: 10_000 },
    );
  });

  test("bigger ones too", () => {
    fc.assert(
      fc.property(randomHeap(60), (heap) => {
        expect(Array.from(buildDominators(graphOf(heap)).dominatorOf)).toEqual(
          dominatorsByDefinition(heap).dominatorOf,
        );
      }),
      { seed, numRuns: 500 },
    );
  });
});

describe("shapes that make quadratic algorithms stand still", () => {
  /** node i → next node, → item i → box i → leaf i; an array that is seen last holds the items too. */
  function queueOfItems(count: number): PlainHeap {
    const array = 4 * count + 1;
    const targets: number[][] = [[1, array], ...Array.from({ length: array }, () => [])];
    for (let i = 0; i < count; i++) {
      const [node, item, box, leaf] = [4 * i + 1, 4 * i + 2, 4 * i + 3, 4 * i + 4];
      targets[node] = i + 1 < count ? [node + 4, item] : [item];
      targets[item] = [box];
      targets[box] = [leaf];
      targets[array]!.push(item);
    }
    return { targets };
  }

  test("200,000 items of a queue that an array holds too", () => {
    const count = 200_000;
    const { dominatorOf, retainedUnits } = buildDominators(graphOf(queueOfItems(count)));
    for (let i = 0; i < count; i++) {
      const node = 4 * i + 1;
      if (dominatorOf[node + 1] !== 0 || dominatorOf[node] !== (i === 0 ? 0 : node - 4)) expect.fail(`item ${i}`);
    }
    expect(retainedUnits[1]).toBe(2 * count);
    expect(retainedUnits[2]).toBe(6);
  });

  test("a ring of 300,000 that is entered everywhere", () => {
    const count = 300_000;
    const targets = [[count + 1], ...Array.from({ length: count }, (_, i) => [((i + 1) % count) + 1, count + 2])];
    targets.push(
      Array.from({ length: count }, (_, i) => count - i),
      [1],
    );
    const { dominatorOf } = buildDominators(graphOf({ targets }));
    expect(dominatorOf.subarray(1, count + 1).every((dominator) => dominator === count + 1)).toBe(true);
    expect(dominatorOf[count + 2]).toBe(count + 1);
  });
});
