import { StackBuilder } from "../src/bytes/stack-builder.ts";
import type { Profile } from "../src/model/profile.ts";

/** Numbers from 0 to 1 that are the same in every run. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

export interface RandomProfile {
  readonly stacks: number;
  readonly samples: number;
  readonly seconds: number;
  readonly threads: number;
}

/** Call stacks that grew at random, at most 60 deep; few of them have most of the samples, as in programs. */
export function randomProfile({ stacks, samples, seconds, threads }: RandomProfile): Profile {
  const random = seededRandom(1);
  const builder = new StackBuilder();
  const depth: number[] = [];
  while (builder.stackCount < stacks) {
    const near = builder.stackCount - 1 - Math.floor(random() ** 3 * builder.stackCount);
    const caller = builder.stackCount < 3 || (depth[near] ?? 60) >= 60 ? -1 : near;
    const name = `com.example.module${Math.floor(random() * 40)}.Service${Math.floor(random() * 200)}.call`;
    const stack = builder.call(caller, builder.frame(name));
    depth[stack] = caller < 0 ? 0 : depth[caller]! + 1;
  }
  const sampleStack = Int32Array.from({ length: samples }, (_, sample) =>
    samples === stacks ? sample : Math.floor(random() ** 4 * stacks),
  );
  return {
    kind: "cpu",
    event: "jdk.ExecutionSample",
    unit: "seconds",
    stacks: builder.table(),
    sampleStack,
    sampleWeight: new Float64Array(samples).fill(0.02),
    sampleCount: new Float64Array(samples).fill(1),
    sampleSeconds: Float64Array.from(sampleStack, (_, sample) => (sample / samples) * seconds),
    ...(threads > 0 && { sampleThread: Int32Array.from(sampleStack, () => Math.floor(random() ** 2 * threads)) }),
    confidence: { samplesWithoutStack: 0, truncatedStacks: 0, notes: [] },
  };
}
