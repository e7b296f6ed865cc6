import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { descendToAccumulation } from "../../src/graph/accumulation-point.ts";
import { type BigDominators, buildBigDominators } from "../../src/graph/big-dominators.ts";
import { buildDominators } from "../../src/graph/dominators.ts";
import { type DrawnGraph, drawnGraph, graphOf } from "./drawn-graph.ts";
import { randomHeap, seed } from "./random-heap.ts";

const bigOf = ({ graph }: DrawnGraph, minBytes: number): BigDominators =>
  buildBigDominators(graph, buildDominators(graph), minBytes);

/** One line per object, children indented; what is left out in brackets. */
function outline(drawn: DrawnGraph, tree: BigDominators, index = tree.count, indent = ""): string[] {
  const lines: string[] = [];
  for (const child of tree.children.subarray(tree.firstChild[index], tree.firstChild[index + 1])) {
    lines.push(
      `${indent}${drawn.nameOf(tree.ordinals[child]!)} ${tree.retainedBytes[child]}`,
      ...outline(drawn, tree, child, `${indent}  `),
    );
  }
  const small = tree.smallChildren[index]!;
  if (small > 0)
    lines.push(`${indent}[${small} small ${tree.smallBytes[index]}, at most ${tree.biggestSmallBytes[index]}]`);
  return lines;
}

describe("the big part of the dominator tree", () => {
  test("lists children from the biggest, and what it leaves out", () => {
    const drawn = drawnGraph`root → a(32) → b(200); a → c(304) → d(104); a → e(8); a → f(24) → g(8); root → h(16); root → i(504); lost(904)`;
    expect(outline(drawn, bigOf(drawn, 100))).toEqual([
      "a 680",
      "  c 408",
      "    d 104",
      "  b 200",
      "  [2 small 40, at most 32]",
      "i 504",
      "[1 small 16, at most 16]",
    ]);
  });

  test("breaks ties by ordinal", () => {
    const drawn = drawnGraph`x; y; z; root → z; root → y; root → x`;
    expect(outline(drawn, bigOf(drawn, 1))).toEqual(["x 16", "y 16", "z 16"]);
  });

  test("of a heap without big objects is the super-root alone", () => {
    const drawn = drawnGraph`root → a → b`;
    expect(bigOf(drawn, 1000)).toMatchObject({
      count: 0,
      smallChildren: Float64Array.of(1),
      smallBytes: Float64Array.of(32),
    });
  });

  test("is bounded: a long list raises the threshold", () => {
    const count = 100_000;
    const targets = Array.from({ length: count + 1 }, (_, ordinal) => (ordinal < count ? [ordinal + 1] : []));
    const graph = graphOf({ targets });
    const tree = buildBigDominators(graph, buildDominators(graph), 16, { maxCount: 1000 });
    expect(tree.count).toBeGreaterThan(900);
    expect(tree.count).toBeLessThanOrEqual(1000);
    expect(tree.minBytes).toBeGreaterThan(16 * 99_000);
    expect(tree.smallChildren[tree.count - 1]).toBe(1);
  });

  test("on random heaps holds exactly the objects at or above the threshold, in order, and loses no byte", () => {
    fc.assert(
      fc.property(randomHeap(30), fc.integer({ min: 1, max: 400 }), (heap, minBytes) => {
        const graph = graphOf(heap);
        const dominators = buildDominators(graph);
        const tree = buildBigDominators(graph, dominators, minBytes);
        const bytesOf = (ordinal: number): number => dominators.retainedUnits[ordinal]! * 8;
        const expected = heap.targets
          .map((_, ordinal) => ordinal)
          .filter((ordinal) => ordinal > 0 && bytesOf(ordinal) >= minBytes)
          .sort((a, b) => bytesOf(b) - bytesOf(a) || a - b);
        expect(Array.from(tree.ordinals)).toEqual([...expected, 0]);
        for (let index = 0; index <= tree.count; index++) {
          const ordinal = tree.ordinals[index]!;
          const all = expected.filter((each) => dominators.dominatorOf[each] === ordinal);
          const children = tree.children.subarray(tree.firstChild[index], tree.firstChild[index + 1]);
          expect(Array.from(children, (child) => tree.ordinals[child])).toEqual(all);
          const small = heap.targets
            .map((_, each) => each)
            .filter((each) => each > 0 && dominators.dominatorOf[each] === ordinal && bytesOf(each) < minBytes);
          expect(tree.smallChildren[index]).toBe(small.length);
          expect(tree.smallBytes[index]).toBe(small.reduce((sum, each) => sum + bytesOf(each), 0));
          expect(tree.biggestSmallBytes[index]).toBe(Math.max(0, ...small.map(bytesOf)));
        }
      }),
      { seed, numRuns: 2_000 },
    );
  });
});

describe("the accumulation point", () => {
  const descent = (
    drawn: DrawnGraph,
    minBytes: number,
    options?: Parameters<typeof descendToAccumulation>[2],
  ): string => {
    const tree = bigOf(drawn, minBytes);
    const { path, end } = descendToAccumulation(tree, 0, options);
    return `${path.map((index) => drawn.nameOf(tree.ordinals[index]!)).join(" → ")}: ${end}`;
  };

  test("is where no child retains 70 % any more", () => {
    expect(descent(drawnGraph`root → a → b → c → d(600); c → e(600)`, 100)).toBe("a → b → c: spread");
  });

  test("is the lowest object of a tower", () => {
    expect(descent(drawnGraph`root → a → b → c(9000)`, 100)).toBe("a → b → c: leaf");
  });

  test("is not known where the way leads below the threshold, or is too long", () => {
    expect(descent(drawnGraph`root → a(24) → b → c(80)`, 100)).toBe("a: small");
    expect(descent(drawnGraph`root → a → b → c → d(9000)`, 100, { maxDepth: 2 })).toBe("a → b → c: depth");
  });
});
