import fc from "fast-check";
import { strengths } from "../../src/model/heap-graph.ts";
import type { PlainHeap } from "./drawn-graph.ts";

/** Fixed, so that a failure can be repeated. */
export const seed = 20261123;

/** Small heaps of any shape: self-loops, parallel references, unreachable parts, several roots, weak references, few classes. */
export function randomHeap(maxObjects = 14): fc.Arbitrary<PlainHeap> {
  return fc.integer({ min: 0, max: maxObjects }).chain((objectCount) => {
    if (objectCount === 0) return fc.constant<PlainHeap>({ targets: [[]] });
    const ordinal = fc.integer({ min: 1, max: objectCount });
    // A last ordinal of a short range makes chains and trees likely, where plain random targets make a tangle.
    const targets = fc.oneof(
      { weight: 3, arbitrary: fc.constant<number[]>([]) },
      { weight: 3, arbitrary: fc.array(ordinal, { minLength: 1, maxLength: 1 }) },
      { weight: 4, arbitrary: fc.array(ordinal, { minLength: 1, maxLength: 4 }) },
    );
    return fc.record({
      targets: fc
        .tuple(
          fc.array(ordinal, { maxLength: 3 }),
          fc.array(targets, { minLength: objectCount, maxLength: objectCount }),
        )
        .map(([roots, rest]) => [roots, ...rest]),
      bytes: fc
        .array(
          fc.oneof(
            { weight: 9, arbitrary: fc.integer({ min: 1, max: 12 }) },
            { weight: 1, arbitrary: fc.constant(80_000) },
          ),
          {
            minLength: objectCount,
            maxLength: objectCount,
          },
        )
        .map((units) => [0, ...units.map((each) => each * 8)]),
      classes: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: objectCount + 1, maxLength: objectCount + 1 }),
      weak: fc.array(fc.record({ from: ordinal, to: ordinal, strength: fc.constantFrom(...strengths.slice(1)) }), {
        maxLength: 6,
      }),
    });
  });
}
