import type { Profile, StackTable } from "../model/profile.ts";

/** Weights and events by stack of the profile's `StackTable`. */
export interface StackTotals {
  /** Of samples that ended in exactly this stack. */
  readonly selfWeight: Float64Array;
  readonly selfCount: Float64Array;
  /** Of this stack and all that it called. */
  readonly totalWeight: Float64Array;
  readonly totalCount: Float64Array;
  /** Of samples that have no stack. */
  readonly unknownWeight: number;
  readonly unknownCount: number;
}

/** Adds samples up by stack, and stacks by what called them. */
export function stackTotals(profile: Profile): StackTotals {
  const { stacks, sampleStack, sampleWeight, sampleCount } = profile;
  const { stackCaller } = stacks;
  const selfWeight = new Float64Array(stackCaller.length);
  const selfCount = new Float64Array(stackCaller.length);
  let unknownWeight = 0;
  let unknownCount = 0;
  for (let sample = 0; sample < sampleStack.length; sample++) {
    const stack = sampleStack[sample]!;
    if (stack < 0) {
      unknownWeight += sampleWeight[sample]!;
      unknownCount += sampleCount[sample]!;
      continue;
    }
    selfWeight[stack]! += sampleWeight[sample]!;
    selfCount[stack]! += sampleCount[sample]!;
  }
  const totalWeight = sumsByCaller(stackCaller, selfWeight);
  const totalCount = sumsByCaller(stackCaller, selfCount);
  return { selfWeight, selfCount, totalWeight, totalCount, unknownWeight, unknownCount };
}

/** Callers precede callees, so one backward pass sums every subtree. */
export function sumsByCaller(stackCaller: Int32Array, self: Float64Array): Float64Array<ArrayBuffer> {
  const totals = Float64Array.from(self);
  for (let stack = totals.length - 1; stack >= 0; stack--) {
    const caller = stackCaller[stack]!;
    if (caller >= 0) totals[caller]! += totals[stack]!;
  }
  return totals;
}

/** 1 for stacks that samples ended in, and for those that called them; 0 for stacks of other profiles. */
export function usedStacks(profile: Profile): Uint8Array {
  const { stacks, sampleStack } = profile;
  const isUsed = new Uint8Array(stacks.stackCaller.length);
  for (let sample = 0; sample < sampleStack.length; sample++) {
    let stack = sampleStack[sample]!;
    while (stack >= 0 && isUsed[stack] === 0) {
      isUsed[stack] = 1;
      stack = stacks.stackCaller[stack]!;
    }
  }
  return isUsed;
}

/** Names of a stack's frames, the leaf first. */
export function frameNamesOf({ frameNames, stackFrame, stackCaller }: StackTable, stack: number): readonly string[] {
  const names: string[] = [];
  for (let at = stack; at >= 0; at = stackCaller[at]!) names.push(frameNames[stackFrame[at]!]!);
  return names;
}
