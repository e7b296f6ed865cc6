import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { StackBuilder } from "../../src/bytes/stack-builder.ts";
import type { Profile } from "../../src/model/profile.ts";
import { callTree } from "../../src/stacks/call-tree.ts";
import { collapse } from "../../src/stacks/collapse.ts";
import { frameTotals, topFrames, topStacks } from "../../src/stacks/frame-totals.ts";
import { invert } from "../../src/stacks/invert.ts";
import { mergeProfileSets, mergeProfiles } from "../../src/stacks/merge.ts";
import { selectSamples } from "../../src/stacks/select.ts";
import { frameNamesOf } from "../../src/stacks/stack-totals.ts";
import { profileOf } from "./profile-of.ts";

const names = ["A", "B", "C", "D"];
const drawnSamples = fc.array(
  fc.record({
    frames: fc.array(fc.constantFrom(...names), { maxLength: 6 }),
    weight: fc.integer({ min: -3, max: 9 }),
  }),
  { maxLength: 30 },
);
const drawnProfile = drawnSamples.map((samples) => ({
  samples,
  profile: profileOf(samples.map(({ frames, weight }) => `${["-", ...frames].join(" ")} ${weight}`).join("\n")),
}));

/** Root first; what a profile says when every sample is written out. */
function samplesOf(profile: Profile) {
  return [...profile.sampleStack].map((stack, sample) => ({
    frames: [...frameNamesOf(profile.stacks, stack)].reverse(),
    weight: profile.sampleWeight[sample]!,
  }));
}

function collapsedOf(profile: Profile): readonly string[] {
  return [...collapse(profile)].map(({ path, weight }) => `${path} ${weight}`).sort();
}

describe("totals by frame", () => {
  test("count a sample once for each frame that its stack has, as adding up by hand does", () => {
    fc.assert(
      fc.property(drawnProfile, ({ samples, profile }) => {
        const totals = frameTotals(profile);
        for (const [frame, name] of profile.stacks.frameNames.entries()) {
          const having = samples.filter(({ frames }) => frames.includes(name));
          const ending = samples.filter(({ frames }) => frames.at(-1) === name);
          expect(totals.totalCount[frame]).toBe(having.length);
          expect(totals.totalWeight[frame]).toBe(having.reduce((sum, { weight }) => sum + weight, 0));
          expect(totals.selfCount[frame]).toBe(ending.length);
          expect(totals.selfWeight[frame]).toBe(ending.reduce((sum, { weight }) => sum + weight, 0));
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("of a profile take no notice of stacks that only other profiles have", () => {
    const all = profileOf("A B 1, C D 5, A A 2");
    const first = selectSamples(all, { isFrame: (name) => name === "B" });
    expect(topFrames(first, 9, "total").map(({ name }) => name)).toEqual(["A", "B"]);
  });

  test("name the hottest frames and stacks first", () => {
    const profile = profileOf("A B 1, A C 5, A B 2, C 1");
    expect(topFrames(profile, 2).map(({ name, selfWeight, totalWeight }) => [name, selfWeight, totalWeight])).toEqual([
      ["C", 6, 6],
      ["B", 3, 3],
    ]);
    expect(topFrames(profile, 1, "total")[0]).toMatchObject({ name: "A", totalWeight: 8, totalCount: 3 });
    expect(topStacks(profile, 2).map(({ frames, weight, count }) => [frames, weight, count])).toEqual([
      [["C", "A"], 5, 1],
      [["B", "A"], 3, 2],
    ]);
  });
});

describe("the call tree", () => {
  test("holds every sample's weight at its stack, children of a node side by side, heaviest first", () => {
    fc.assert(
      fc.property(drawnProfile, ({ samples, profile }) => {
        const tree = callTree(profile);
        expect(tree.totalWeight[0]).toBe(samples.reduce((sum, { weight }) => sum + weight, 0));
        expect(tree.totalCount[0]).toBe(samples.length);
        const seen = new Set<string>();
        for (let node = 0; node < tree.nodeCount; node++) {
          const path = pathOf(node);
          expect(seen.has(path)).toBe(false);
          seen.add(path);
          const ending = samples.filter(({ frames }) => frames.join(";") === path);
          expect(tree.selfCount[node]).toBe(ending.length);
          expect(tree.selfWeight[node]).toBe(ending.reduce((sum, { weight }) => sum + weight, 0));
          const children = tree.totalWeight.subarray(tree.firstChild[node], tree.firstChild[node + 1]);
          expect([...children]).toEqual([...children].sort((a, b) => Math.abs(b) - Math.abs(a)));
          for (let child = tree.firstChild[node]!; child < tree.firstChild[node + 1]!; child++) {
            expect(tree.parent[child]).toBe(node);
          }
        }
        function pathOf(node: number): string {
          const frames: string[] = [];
          for (let at = node; at > 0; at = tree.parent[at]!) {
            frames.unshift(profile.stacks.frameNames[tree.frame[at]!]!);
          }
          return frames.join(";");
        }
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});

describe("inversion", () => {
  test("turns every stack, and turned twice it is the same profile", () => {
    fc.assert(
      fc.property(drawnProfile, ({ profile }) => {
        const turned = samplesOf(invert(profile));
        expect(turned).toEqual(samplesOf(profile).map(({ frames, weight }) => ({ frames: frames.reverse(), weight })));
        expect(samplesOf(invert(invert(profile)))).toEqual(samplesOf(profile));
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

describe("merging", () => {
  test("keeps every sample of profiles over different tables", () => {
    fc.assert(
      fc.property(drawnProfile, drawnProfile, ({ profile: a }, { profile: b }) => {
        expect(samplesOf(mergeProfiles([a, b]))).toEqual([...samplesOf(a), ...samplesOf(b)]);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  test("refuses profiles of different kinds", () => {
    expect(() => mergeProfiles([profileOf("A 1"), profileOf("A 1", { kind: "alloc", unit: "bytes" })])).toThrow(
      "expected profiles of cpu 'cpu' in count, got alloc 'cpu' in bytes",
    );
  });

  test("of files shifts times, keeps threads apart and brings labels together", () => {
    const thread = (name: string) => ({ name, pool: name, javaId: undefined, osId: undefined, isVirtual: false });
    const set = (startMillis: number, label: string) => ({
      profiles: [
        profileOf("A 1, B 2", {
          sampleSeconds: Float64Array.of(0, 3),
          sampleThread: Int32Array.of(0, -1),
          sampleLabel: Int32Array.of(0, -1),
          labels: [label],
        }),
      ],
      threads: [thread(`of ${startMillis}`)],
      startMillis,
      durationSeconds: 4,
    });
    const merged = mergeProfileSets([set(3000, "x"), set(1000, "y"), set(2000, "x")]);
    const [profile] = merged.profiles;
    expect(merged).toMatchObject({ startMillis: 1000, durationSeconds: 12 });
    expect([...profile!.sampleSeconds!]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...profile!.sampleThread!].map((index) => merged.threads[index]?.name)).toEqual([
      "of 1000",
      "of 2000",
      "of 3000",
      undefined,
      undefined,
      undefined,
    ]);
    expect([...profile!.sampleLabel!].map((index) => profile!.labels![index])).toEqual([
      "y",
      "x",
      "x",
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("selection", () => {
  const thread = (name: string, pool: string) => ({ name, pool, javaId: 1, osId: 1, isVirtual: false });
  const threads = [thread("io-1", "io-*"), thread("main", "main")];
  const profile = profileOf("A B 1, A C 2, D 4, - 8", {
    sampleSeconds: Float64Array.of(0, 1, 2, 3),
    sampleThread: Int32Array.of(0, 1, -1, 0),
    sampleLabel: Int32Array.of(-1, 0, 1, 1),
    labels: ["byte[]", "char[]"],
  });
  const weights = (selection: Parameters<typeof selectSamples>[1]) => [
    ...selectSamples(profile, selection, threads).sampleWeight,
  ];

  test("takes samples by time, thread, label and frame, and all of them together", () => {
    expect(weights({})).toEqual([1, 2, 4, 8]);
    expect(weights({ fromSeconds: 1, toSeconds: 3 })).toEqual([2, 4]);
    expect(weights({ isThread: ({ pool }) => pool === "io-*" })).toEqual([1, 8]);
    expect(weights({ isLabel: (label) => label === "char[]" })).toEqual([4, 8]);
    expect(weights({ isFrame: (name) => name === "A" })).toEqual([1, 2]);
    expect(weights({ isFrame: (name) => name === "A", fromSeconds: 1 })).toEqual([2]);
  });

  test("by time leaves out samples whose time is not known", () => {
    expect([...selectSamples(profileOf("A 1"), { fromSeconds: 0 }).sampleWeight]).toEqual([]);
  });
});

describe("the stack builder", () => {
  test("gives equal stacks equal numbers, callers first, through many enlargements", () => {
    const builder = new StackBuilder();
    const frames = Array.from({ length: 700 }, (_, index) => builder.frame(`f${index}`));
    const build = () =>
      frames.map((frame, index) => builder.stack(frames.slice(index % 50, (index % 50) + 9).concat(frame)));
    const first = build();
    expect(build()).toEqual(first);
    const { stackCaller } = builder.table();
    expect(stackCaller.every((caller, stack) => caller < stack)).toBe(true);
    expect(new Set(first).size).toBe(700);
  });

  test("keeps frames of equal name and different kind apart", () => {
    const builder = new StackBuilder();
    expect(builder.frame("read", "native")).not.toBe(builder.frame("read", "kernel"));
    expect(builder.frame("read", "native")).toBe(0);
  });
});

test("collapsed stacks hold no separator within a frame", () => {
  const builder = new StackBuilder();
  const stack = builder.stack([builder.frame("a;b"), builder.frame("c\nd")]);
  const profile = { ...profileOf("A 1"), stacks: builder.table(), sampleStack: Int32Array.of(stack) };
  expect(collapsedOf(profile)).toEqual(["a:b;c d 1"]);
});
