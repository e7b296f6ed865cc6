import fc from "fast-check";
import { expect, test } from "vitest";
import { attributeStacks, stacksThrough } from "../../src/stacks/attribution.ts";
import { heaviestPaths } from "../../src/stacks/heaviest-path.ts";
import { frameNamesOf } from "../../src/stacks/stack-totals.ts";
import { drawnRecording } from "../drawn-recording.ts";

const drawnStacks = fc.array(
  fc.record({
    stack: fc
      .array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 5 })
      .map((frames) => frames.join(";")),
    weight: fc.integer({ min: 1, max: 9 }),
    thread: fc.constantFrom("x", "y"),
  }),
  { minLength: 1, maxLength: 30 },
);

function profileOf(samples: readonly { stack: string; weight: number; thread: string }[]) {
  const { profiles } = drawnRecording({ profiles: [{ kind: "cpu", event: "e", unit: "count", samples }] });
  return { profile: profiles.profiles[0]!, threads: profiles.threads };
}

test("the heaviest path is the one that adding up prefixes finds", () => {
  fc.assert(
    fc.property(drawnStacks, (samples) => {
      const { profile, threads } = profileOf(samples);
      const paths = heaviestPaths(profile, (sample) => profile.sampleThread![sample]!, 0.5);
      for (const [thread, { weight, steps }] of paths) {
        const own = samples.filter((sample) => sample.thread === threads[thread]!.name);
        expect(weight).toBe(own.reduce((sum, sample) => sum + sample.weight, 0));
        expect(steps.map((step) => step.weight)).toEqual(expectedWeights(own));
      }
    }),
    { seed: 11, numRuns: 200 },
  );
});

/** Weights along the heaviest prefixes; ties by name, as the first in the alphabet. */
function expectedWeights(samples: readonly { stack: string; weight: number }[]): readonly number[] {
  const weights: number[] = [];
  let prefix = "";
  let last = samples.reduce((sum, { weight }) => sum + weight, 0);
  for (;;) {
    const next = ["a", "b", "c", "d"]
      .map((frame) => (prefix === "" ? frame : `${prefix};${frame}`))
      .map((path) => ({ path, weight: weightBelow(samples, path) }))
      .reduce((best, each) => (each.weight > best.weight ? each : best));
    if (next.weight === 0 || next.weight < 0.5 * last) return weights;
    weights.push(next.weight);
    prefix = next.path;
    last = next.weight;
  }
}

function weightBelow(samples: readonly { stack: string; weight: number }[], path: string): number {
  return samples
    .filter(({ stack }) => stack === path || stack.startsWith(`${path};`))
    .reduce((sum, { weight }) => sum + weight, 0);
}

test("a stack is attributed to its responsible frame nearest the leaf, and marked by what that one called", () => {
  fc.assert(
    fc.property(drawnStacks, (samples) => {
      const { stacks } = profileOf(samples).profile;
      const isResponsible = Uint8Array.from(stacks.frameNames, (name) => (name === "a" ? 1 : 0));
      const mark = Uint8Array.from(stacks.frameNames, (name) => (name === "b" ? 1 : name === "c" ? 2 : 0));
      const found = attributeStacks(stacks, isResponsible, mark);
      const through = stacksThrough(stacks, isResponsible);
      for (const stack of stacks.stackFrame.keys()) {
        const frame = stacks.frameNames[found.frame[stack]!];
        expect([frame, found.mark[stack], through[stack]]).toEqual(expectedOf(frameNamesOf(stacks, stack)));
      }
    }),
    { seed: 12, numRuns: 200 },
  );
});

/** Of names leaf first: the responsible frame, the mark of what it called, and whether there is one. */
function expectedOf(names: readonly string[]) {
  const at = names.indexOf("a");
  const called = (at < 0 ? names : names.slice(0, at)).findLast((name) => name === "b" || name === "c");
  return [at < 0 ? undefined : "a", called === undefined ? 0 : "_bc".indexOf(called), at < 0 ? 0 : 1];
}
