import { describe, expect, test } from "vitest";
import { StackBuilder } from "../../src/bytes/stack-builder.ts";
import type { Profile } from "../../src/model/profile.ts";
import { alignedFrameName } from "../../src/stacks/aligned-names.ts";
import { defaultNormalization, profileDifference } from "../../src/stacks/difference.ts";
import {
  adjustedProbabilities,
  exactProbability,
  knownVariance,
  twoSidedProbability,
} from "../../src/stacks/statistics.ts";
import { profileOf } from "./profile-of.ts";

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Drawing {
  readonly samples: number;
  readonly frames?: number;
  /** By how much the cost of frame `f1` is multiplied. */
  readonly slowdown?: number;
  readonly weightOf?: (random: () => number) => number;
  /** Frames are hot in phases of this many seconds. */
  readonly phaseSeconds?: number;
  readonly seconds?: number;
}

/** A service of many frames, the first ones hotter: frame `f<k>` costs `1/(k + 3)`; samples in the order of time. */
function drawnProfile(random: () => number, drawing: Drawing): Profile {
  const { samples, frames = 120, slowdown = 1, weightOf = () => 1, phaseSeconds, seconds = 60 } = drawing;
  const costs = Array.from({ length: frames }, (_, frame) => (frame === 1 ? slowdown : 1) / (frame + 3));
  const builder = new StackBuilder();
  const root = builder.call(-1, builder.frame("run"));
  const groups = Array.from({ length: 10 }, (_, group) => builder.call(root, builder.frame(`g${group}`)));
  const leaves = costs.map((_, frame) => builder.call(groups[frame % 10]!, builder.frame(`f${frame}`)));
  const times = Float64Array.from({ length: samples }, () => random() * seconds).sort();
  const sumsByPhase = new Map<number, Float64Array>();
  const sumsAt = (time: number) => {
    const phase = phaseSeconds === undefined ? 0 : Math.floor(time / phaseSeconds);
    const known = sumsByPhase.get(phase);
    if (known) return known;
    let sum = 0;
    const boost = () => (phaseSeconds === undefined ? 1 : 2 ** (2 * random() - 1));
    const sums = Float64Array.from(costs, (cost) => {
      sum += cost * boost();
      return sum;
    });
    sumsByPhase.set(phase, sums);
    return sums;
  };
  const sampleStack = Int32Array.from(times, (time) => {
    const sums = sumsAt(time);
    const point = random() * sums.at(-1)!;
    return leaves[sums.findIndex((sum) => sum > point)]!;
  });
  return {
    ...profileOf("A 1"),
    stacks: builder.table(),
    sampleStack,
    sampleWeight: Float64Array.from({ length: samples }, () => weightOf(random)),
    sampleCount: new Float64Array(samples).fill(1),
    sampleSeconds: times,
  };
}

function compared(before: Profile, after: Profile, normalization: "samples" | "time" = "samples") {
  return profileDifference(
    { profile: before, exposureSeconds: 60 },
    { profile: after, exposureSeconds: 60 },
    normalization,
  );
}

const heavyTail = (random: () => number) => (1 - random()) ** (-1 / 1.5);
const runs = 40;

/** In how many of many comparisons of a service with itself something is told to differ. */
function falseAlarms(drawing: Drawing, normalization: "samples" | "time"): number {
  let alarms = 0;
  for (let run = 0; run < runs; run++) {
    const random = randomOf(1000 + run);
    const poisson = () => Math.round(drawing.samples + Math.sqrt(drawing.samples) * normal(random));
    const before = drawnProfile(random, { ...drawing, samples: poisson() });
    const after = drawnProfile(random, { ...drawing, samples: poisson() });
    if (compared(before, after, normalization).changes.some(({ verdict }) => verdict !== "no difference shown"))
      alarms++;
  }
  return alarms;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

describe("a service compared with itself", () => {
  // 5 % of 40 are 2; 6 or more would come up once in a hundred times by chance.
  const most = 5;

  test.each([
    ["samples of equal weight, by share", { samples: 2000 }, "samples"],
    ["samples of equal weight, by time", { samples: 2000 }, "time"],
    ["waits of heavy-tailed length, by time", { samples: 800, weightOf: heavyTail }, "time"],
    ["waits of heavy-tailed length, by share", { samples: 800, weightOf: heavyTail }, "samples"],
    ["few samples", { samples: 150 }, "samples"],
    ["phases of two seconds, by share", { samples: 2000, phaseSeconds: 2 }, "samples"],
  ] as const)("shows no difference: %s", (_, drawing, normalization) => {
    expect(falseAlarms(drawing, normalization)).toBeLessThanOrEqual(most);
  });
});

describe("a frame that became slower", () => {
  const slowed = (slowdown: number, samples: number) => {
    const found = Array.from({ length: 20 }, (_, run) => {
      const random = randomOf(run);
      const before = drawnProfile(random, { samples });
      const after = drawnProfile(random, { samples, slowdown });
      return compared(before, after).changes.find(({ name, of }) => name === "f1" && of === "self")!;
    });
    return found;
  };

  test("by 10 % is found with 200,000 samples, its size within the interval, and nothing else is called slower", () => {
    const random = randomOf(7);
    const before = drawnProfile(random, { samples: 200_000 });
    const after = drawnProfile(random, { samples: 200_000, slowdown: 1.1 });
    const { changes } = compared(before, after);
    const change = changes.find(({ name, of }) => name === "f1" && of === "self")!;
    const shareBefore = change.before;
    const expected = (1.1 * shareBefore) / (1 + 0.1 * shareBefore) - shareBefore;
    expect(change.verdict).toBe("more");
    expect(change.impactLow).toBeLessThan(expected);
    expect(change.impactHigh).toBeGreaterThan(expected);
    expect(changes.filter(({ verdict }) => verdict === "more").map(({ name }) => name)).toEqual(["f1"]);
  });

  test("by 100 % is found with 2,000 samples, nearly always", () => {
    expect(slowed(2, 2000).filter(({ verdict }) => verdict === "more").length).toBeGreaterThanOrEqual(18);
  });

  test("has an interval that holds the truth 19 times of 20", () => {
    const inside = slowed(1.5, 3000).filter(({ before, impactLow, impactHigh }) => {
      const share = 1 / 4 / harmonic(120);
      const truth = (1.5 * share) / (1 + 0.5 * share) - share;
      expect(before).toBeGreaterThan(0);
      return impactLow < truth && truth < impactHigh;
    });
    expect(inside.length).toBeGreaterThanOrEqual(17);
  });
});

function harmonic(frames: number): number {
  return Array.from({ length: frames }, (_, frame) => 1 / (frame + 3)).reduce((sum, cost) => sum + cost, 0);
}

describe("a difference", () => {
  test("tells frames that are new and gone, and calls generated names by one name", () => {
    const before = profileOf(repeated("run Foo$$Lambda/0x00007f1c2c0aa000.apply 1", 40, "run old 1", 40));
    const after = profileOf(repeated("run Foo$$Lambda/0x00007f99990bb000.apply 1", 40, "run fresh 1", 40));
    const { changes } = compared(before, after);
    const own = changes.filter(({ of }) => of === "self");
    expect(own.map(({ name, verdict, isNew, isGone }) => [name, verdict, isNew, isGone])).toEqual([
      ["fresh", "more", true, false],
      ["old", "less", false, true],
      ["Foo$$Lambda.apply", "no difference shown", false, false],
    ]);
  });

  test("by time tells what the whole costs, and by samples does not", () => {
    const before = profileOf(repeated("run a 1", 100));
    const after = profileOf(repeated("run a 1", 300));
    expect(compared(before, after, "time")).toMatchObject({
      wholeVerdict: "more",
      whole: { relative: expect.closeTo(2) },
    });
    expect(compared(before, after, "samples").whole).toBeUndefined();
    expect(compared(before, after, "samples").changes.every(({ verdict }) => verdict === "no difference shown")).toBe(
      true,
    );
  });

  test("is not shown by one long wait among short ones", () => {
    const before = profileOf(repeated("run lock 0.01", 60));
    const after = profileOf(`${repeated("run lock 0.01", 60)}\nrun lock 20`);
    expect(compared(before, after, "time").changes.map(({ verdict }) => verdict)).not.toContain("more");
  });

  test("is by time where nothing bounds the cost, and by samples where a sampler does", () => {
    expect(defaultNormalization("lock", true)).toBe("time");
    expect(defaultNormalization("lock", false)).toBe("samples");
    expect(defaultNormalization("cpu", true)).toBe("samples");
  });
});

function repeated(first: string, times: number, second = "", secondTimes = 0): string {
  return [...Array(times).fill(first), ...Array(secondTimes).fill(second)].join("\n");
}

describe("statistics", () => {
  test("agree with tables of Student's and the normal distribution", () => {
    expect(twoSidedProbability(1.96, knownVariance)).toBeCloseTo(0.05, 4);
    expect(twoSidedProbability(2.228, 10)).toBeCloseTo(0.05, 4);
    expect(twoSidedProbability(6, knownVariance)).toBeCloseTo(1.973e-9, 11);
    expect(twoSidedProbability(0, 5)).toBeCloseTo(1, 9);
  });

  test("agree with exact tests done by hand", () => {
    expect(exactProbability(0, 5, 0.5)).toBeCloseTo(2 / 32, 9);
    expect(exactProbability(1, 9, 0, { first: 10, second: 10 })).toBeCloseTo(0.00547749, 6);
  });

  test("correct for many tests as Benjamini and Hochberg do", () => {
    expect([...adjustedProbabilities([0.01, 0.04, 0.03, 0.005])]).toEqual([0.02, 0.04, 0.04, 0.02]);
  });
});

describe("names that are made up anew in each run", () => {
  test.each([
    ["a.Foo$$Lambda/0x00007f1c2c0aa000.run", "a.Foo$$Lambda.run"],
    ["a.Foo$$Lambda$123/1556995360.run", "a.Foo$$Lambda.run"],
    ["a.Foo$$Lambda$14/0x0000000800c03000.run", "a.Foo$$Lambda.run"],
    ["a.Foo$$Lambda$167+0x00007f47940f9460/1698883427.run", "a.Foo$$Lambda.run"],
    ["a.Foo$$Lambda.0x00007f1c2c0aa000.run", "a.Foo$$Lambda.run"],
    ["a.Foo.lambda$main$0", "a.Foo.lambda$main$0"],
    ["jdk.internal.reflect.GeneratedMethodAccessor12.invoke", "jdk.internal.reflect.GeneratedMethodAccessor.invoke"],
    ["java.lang.invoke.LambdaForm$MH/0x0000000800c03000.invoke", "java.lang.invoke.LambdaForm$MH.invoke"],
    ["java.lang.invoke.LambdaForm$DMH.0x00007f47940e7fa0.invokeStatic", "java.lang.invoke.LambdaForm$DMH.invokeStatic"],
    ["jdk.proxy2.$Proxy12.call", "jdk.proxy.$Proxy.call"],
    ["com.sun.proxy.$Proxy7.call", "jdk.proxy.$Proxy.call"],
    ["a.Foo$$SpringCGLIB$$0.get", "a.Foo$$SpringCGLIB.get"],
    ["a.Foo$$EnhancerBySpringCGLIB$$a1b2c3d4.get", "a.Foo$$EnhancerBySpringCGLIB.get"],
    ["a.Hidden/0x00007f1c2c0aa000.run", "a.Hidden.run"],
    ["java.util.HashMap$Node.<init>", "java.util.HashMap$Node.<init>"],
    ["java.util.stream.ReferencePipeline$3$1.accept", "java.util.stream.ReferencePipeline$3$1.accept"],
  ])("%s is %s", (name, aligned) => {
    expect(alignedFrameName(name)).toBe(aligned);
  });
});
