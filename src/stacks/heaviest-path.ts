import type { Profile, StackTable } from "../model/profile.ts";
import { compareNames } from "./name-order.ts";

/** The chain of heaviest callees of some samples. */
export interface HeaviestPath {
  /** Of all these samples. */
  readonly weight: number;
  readonly count: number;
  /** From the root; each step's weight is that of the stack that ends there, with all that it called. */
  readonly steps: readonly { readonly stack: number; readonly weight: number }[];
}

/** Groups samples and follows the heaviest callee of each group, as long as it keeps `stepShare` of its caller; −1 is no group. */
export function heaviestPaths(
  profile: Profile,
  groupOfSample: (sample: number) => number,
  stepShare: number,
): ReadonlyMap<number, HeaviestPath> {
  const groups = new Map<number, { weight: number; count: number; byStack: Map<number, number> }>();
  for (let sample = 0; sample < profile.sampleStack.length; sample++) {
    const key = groupOfSample(sample);
    if (key < 0) continue;
    const group = groups.get(key) ?? { weight: 0, count: 0, byStack: new Map<number, number>() };
    groups.set(key, group);
    const weight = profile.sampleWeight[sample]!;
    const stack = profile.sampleStack[sample]!;
    group.weight += weight;
    group.count += profile.sampleCount[sample]!;
    if (stack >= 0) group.byStack.set(stack, (group.byStack.get(stack) ?? 0) + weight);
  }
  return new Map(
    [...groups].map(([key, { weight, count, byStack }]) => [
      key,
      { weight, count, steps: stepsOf(profile.stacks, totalsOf(profile.stacks, byStack), { weight, stepShare }) },
    ]),
  );
}

/** Weight of each stack and of all that it called, of the stacks that occur alone. */
function totalsOf({ stackCaller }: StackTable, byStack: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const totals = new Map<number, number>();
  for (const [leaf, weight] of byStack) {
    for (let stack = leaf; stack >= 0; stack = stackCaller[stack]!) {
      totals.set(stack, (totals.get(stack) ?? 0) + weight);
    }
  }
  return totals;
}

function stepsOf(
  { frameNames, stackFrame, stackCaller }: StackTable,
  totals: ReadonlyMap<number, number>,
  { weight, stepShare }: { readonly weight: number; readonly stepShare: number },
) {
  const heaviest = new Map<number, { stack: number; weight: number }>();
  for (const [stack, total] of totals) {
    const best = heaviest.get(stackCaller[stack]!);
    const isHeavier =
      best === undefined ||
      total > best.weight ||
      (total === best.weight &&
        compareNames(frameNames[stackFrame[stack]!]!, frameNames[stackFrame[best.stack]!]!) < 0);
    if (isHeavier) heaviest.set(stackCaller[stack]!, { stack, weight: total });
  }
  const steps: { readonly stack: number; readonly weight: number }[] = [];
  let caller = { stack: -1, weight };
  for (;;) {
    const next = heaviest.get(caller.stack);
    if (next === undefined || next.weight < stepShare * caller.weight) return steps;
    steps.push(next);
    caller = next;
  }
}
