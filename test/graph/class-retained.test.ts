import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { retainedOfGroupings, retainedOfGroups } from "../../src/graph/class-retained.ts";
import { buildDominators } from "../../src/graph/dominators.ts";
import { dominatorsByDefinition } from "./brute-force.ts";
import { type DrawnGraph, drawnGraph, graphOf, type PlainHeap } from "./drawn-graph.ts";
import { randomHeap, seed } from "./random-heap.ts";

/** Walks up from every object. */
function groupsByDefinition(heap: PlainHeap, groupOfClass: Int32Array, groupCount: number): number[] {
  const { dominatorOf, retainedBytes } = dominatorsByDefinition(heap);
  const groupOf = (ordinal: number): number => groupOfClass[heap.classes?.[ordinal] ?? 0]!;
  const bytes = new Array<number>(groupCount).fill(0);
  for (let ordinal = 1; ordinal < heap.targets.length; ordinal++) {
    if (dominatorOf[ordinal]! < 0 || groupOf(ordinal) < 0) continue;
    let above = dominatorOf[ordinal]!;
    while (above > 0 && groupOf(above) !== groupOf(ordinal)) above = dominatorOf[above]!;
    if (above === 0) bytes[groupOf(ordinal)]! += retainedBytes[ordinal]!;
  }
  return bytes;
}

function retainedOfClasses({ graph, classNames }: DrawnGraph): Record<string, number> {
  const bytes = retainedOfGroups(
    graph,
    buildDominators(graph),
    Int32Array.from(classNames, (_, index) => index),
    classNames.length,
  );
  return Object.fromEntries(classNames.map((name, index) => [name, bytes[index]!]));
}

describe("retained bytes of a class", () => {
  test("count a list once, not once per node", () => {
    expect(retainedOfClasses(drawnGraph`root → list:List → a:Node → b:Node → c:Node; c → value:Value(64)`)).toEqual({
      Object: 0,
      List: 128,
      Node: 112,
      Value: 64,
    });
  });

  test("do not count a map in a map again, however much lies between", () => {
    const drawn = drawnGraph`root → m1:Map → n1:Node → m2:Map → n2:Node → v:Value; root → m3:Map(64)`;
    expect(retainedOfClasses(drawn)).toEqual({ Object: 0, Map: 144, Node: 64, Value: 16 });
  });

  test("are those of objects that share nothing added up", () => {
    expect(retainedOfClasses(drawnGraph`root → a:A → x:X; root → b:A → y:X; a → shared:X; b → shared`)).toEqual({
      Object: 0,
      A: 64,
      X: 48,
    });
  });

  test("of classes without a group are left out, but do not hide what lies above them", () => {
    const { graph } = drawnGraph`root → a:A → skipped:Skipped → b:A; root → skipped2:Skipped → c:A`;
    expect(Array.from(retainedOfGroups(graph, buildDominators(graph), Int32Array.of(-1, 0, -1), 1))).toEqual([64]);
  });

  test("leave unreachable objects out", () => {
    expect(retainedOfClasses(drawnGraph`root → a:A; garbage:A → more:B`)).toEqual({ Object: 0, A: 16, B: 0 });
  });

  test("agree with walking up from every object on random heaps, for several groupings at once", () => {
    const grouping = fc
      .array(fc.integer({ min: -1, max: 2 }), { minLength: 6, maxLength: 6 })
      .map((groups) => Int32Array.from(groups));
    fc.assert(
      fc.property(randomHeap(24), grouping, grouping, (heap, first, second) => {
        const graph = graphOf(heap);
        const groupings = [
          { groupOfClass: Int32Array.of(0, 1, 2, 3, 4, 5), groupCount: 6 },
          { groupOfClass: first, groupCount: 3 },
          { groupOfClass: second, groupCount: 3 },
        ];
        const expected = groupings.map((each) => groupsByDefinition(heap, each.groupOfClass, each.groupCount));
        expect(retainedOfGroupings(graph, buildDominators(graph), groupings).map((each) => Array.from(each))).toEqual(
          expected,
        );
      }),
      { seed, numRuns: 4_000 },
    );
  });

  test("take linear time on a chain of 1,000,000 objects of alternating classes", () => {
    const count = 1_000_000;
    const targets = Array.from({ length: count + 1 }, (_, ordinal) => (ordinal < count ? [ordinal + 1] : []));
    const graph = graphOf({ targets, classes: targets.map((_, ordinal) => (ordinal % 3 === 0 ? 2 : ordinal % 2)) });
    const bytes = retainedOfGroups(graph, buildDominators(graph), Int32Array.of(0, 1, 2), 3);
    expect(Array.from(bytes)).toEqual([16 * (count - 1), 16 * count, 16 * (count - 2)]);
  });

  test("cope with 100,000 classes that all dominate one another", () => {
    const count = 200_000;
    const targets = Array.from({ length: count + 1 }, (_, ordinal) => (ordinal < count ? [ordinal + 1] : []));
    const classOf = new Uint32Array(new SharedArrayBuffer(4 * (count + 1)));
    for (let ordinal = 1; ordinal <= count; ordinal++) classOf[ordinal] = ordinal % 100_000;
    const graph = { ...graphOf({ targets }), classOf };
    const groupOfClass = Int32Array.from({ length: 100_000 }, (_, index) => index);
    const bytes = retainedOfGroups(graph, buildDominators(graph), groupOfClass, 100_000);
    expect(bytes[1]).toBe(16 * count);
    expect(bytes[0]).toBe(16 * (count - 99_999));
  });
});
