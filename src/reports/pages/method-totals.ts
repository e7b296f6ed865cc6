import { sumsByCaller } from "../../stacks/stack-totals.ts";
import type { PageData } from "./page-data.ts";
import type { SelectedStacks } from "./selected-stacks.ts";

/** Self and total by frame, of both sides. */
export interface MethodTotals {
  readonly selfAfter: Float64Array;
  readonly selfBefore: Float64Array;
  readonly totalAfter: Float64Array;
  readonly totalBefore: Float64Array;
}

/** 1 for every stack whose frame is nowhere among its callers: a method's total counts only those, so recursion counts once. */
export function outermostStacks({ stackFrame, stackCaller }: PageData): Uint8Array {
  return Uint8Array.from(stackFrame, (frame, stack) => {
    let caller = stackCaller[stack]!;
    while (caller >= 0 && stackFrame[caller] !== frame) caller = stackCaller[caller]!;
    return Number(caller < 0);
  });
}

/** Adds selected stacks up by frame. */
export function methodTotals(data: PageData, selected: SelectedStacks, isOutermost: Uint8Array): MethodTotals {
  const after = totalsOf(data, selected, selected.after, isOutermost);
  const before = totalsOf(data, selected, selected.before, isOutermost);
  return { selfAfter: after.self, totalAfter: after.total, selfBefore: before.self, totalBefore: before.total };
}

function totalsOf(data: PageData, selected: SelectedStacks, weights: Float64Array, isOutermost: Uint8Array) {
  const { stackFrame, stackCaller, header } = data;
  const byStack = new Float64Array(stackFrame.length);
  for (let entry = 0; entry < selected.entries; entry++) byStack[selected.stack[entry]!]! += weights[entry]!;
  const sums = sumsByCaller(stackCaller, byStack);
  const self = new Float64Array(header.frames.length);
  const total = new Float64Array(header.frames.length);
  for (let stack = 0; stack < byStack.length; stack++) {
    const frame = stackFrame[stack]!;
    self[frame]! += byStack[stack]!;
    if (isOutermost[stack] === 1) total[frame]! += sums[stack]!;
  }
  return { self, total };
}
