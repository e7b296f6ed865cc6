import type { Profile, StackTable } from "../model/profile.ts";
import { compareNames } from "./name-order.ts";
import { frameNamesOf, type StackTotals, stackTotals, usedStacks } from "./stack-totals.ts";

/** Weights and events by frame of the profile's `StackTable`. */
export interface FrameTotals {
  /** Of samples with this frame at the leaf end. */
  readonly selfWeight: Float64Array;
  readonly selfCount: Float64Array;
  /** Of samples with this frame anywhere: a sample counts once, however often its stack has the frame. */
  readonly totalWeight: Float64Array;
  readonly totalCount: Float64Array;
}

/** One frame with what it costs. */
export interface TopFrame {
  readonly frame: number;
  readonly name: string;
  readonly selfWeight: number;
  readonly selfCount: number;
  readonly totalWeight: number;
  readonly totalCount: number;
}

/** One stack with what ended in it. */
export interface TopStack {
  readonly stack: number;
  /** Leaf first. */
  readonly frames: readonly string[];
  readonly weight: number;
  readonly count: number;
}

/** Self and total by frame, recursion counted once. */
export function frameTotals(profile: Profile, ofStacks: StackTotals = stackTotals(profile)): FrameTotals {
  const { stacks } = profile;
  const frameCount = stacks.frameNames.length;
  const selfWeight = new Float64Array(frameCount);
  const selfCount = new Float64Array(frameCount);
  const totalWeight = new Float64Array(frameCount);
  const totalCount = new Float64Array(frameCount);
  const isUsed = usedStacks(profile);
  const isOutermost = outermostCalls(stacks, isUsed);
  for (let stack = 0; stack < isUsed.length; stack++) {
    if (isUsed[stack] === 0) continue;
    const frame = stacks.stackFrame[stack]!;
    selfWeight[frame]! += ofStacks.selfWeight[stack]!;
    selfCount[frame]! += ofStacks.selfCount[stack]!;
    if (isOutermost[stack] === 0) continue;
    totalWeight[frame]! += ofStacks.totalWeight[stack]!;
    totalCount[frame]! += ofStacks.totalCount[stack]!;
  }
  return { selfWeight, selfCount, totalWeight, totalCount };
}

/** The frames with the largest self or total weight, ties by name; frames without samples are left out. */
export function topFrames(profile: Profile, limit: number, by: "self" | "total" = "self"): readonly TopFrame[] {
  const totals = frameTotals(profile);
  const weights = by === "self" ? totals.selfWeight : totals.totalWeight;
  const counts = by === "self" ? totals.selfCount : totals.totalCount;
  const names = profile.stacks.frameNames;
  const frames = [...counts.keys()].filter((frame) => counts[frame]! > 0);
  frames.sort((a, b) => weights[b]! - weights[a]! || compareNames(names[a]!, names[b]!));
  return frames.slice(0, limit).map((frame) => ({
    frame,
    name: names[frame]!,
    selfWeight: totals.selfWeight[frame]!,
    selfCount: totals.selfCount[frame]!,
    totalWeight: totals.totalWeight[frame]!,
    totalCount: totals.totalCount[frame]!,
  }));
}

/** The stacks in which most weight ended, ties by number. */
export function topStacks(profile: Profile, limit: number): readonly TopStack[] {
  const { selfWeight, selfCount } = stackTotals(profile);
  const stacks = [...selfCount.keys()].filter((stack) => selfCount[stack]! > 0);
  stacks.sort((a, b) => selfWeight[b]! - selfWeight[a]! || a - b);
  return stacks.slice(0, limit).map((stack) => ({
    stack,
    frames: frameNamesOf(profile.stacks, stack),
    weight: selfWeight[stack]!,
    count: selfCount[stack]!,
  }));
}

/** 1 for every used stack whose leaf frame is nowhere among its callers: a walk in depth, with the frames on the way counted. */
function outermostCalls({ frameNames, stackFrame, stackCaller }: StackTable, isUsed: Uint8Array): Uint8Array {
  const { firstCallee, nextCallee, firstRoot } = callees(stackCaller, isUsed);
  const isOutermost = new Uint8Array(isUsed.length);
  const onPath = new Int32Array(frameNames.length);
  let stack = firstRoot;
  while (stack >= 0) {
    const frame = stackFrame[stack]!;
    if (onPath[frame]!++ === 0) isOutermost[stack] = 1;
    if (firstCallee[stack]! >= 0) {
      stack = firstCallee[stack]!;
      continue;
    }
    for (;;) {
      onPath[stackFrame[stack]!]!--;
      if (nextCallee[stack]! >= 0) {
        stack = nextCallee[stack]!;
        break;
      }
      stack = stackCaller[stack]!;
      if (stack < 0) break;
    }
  }
  return isOutermost;
}

/** Who is called by whom, as lists linked through columns; roots are linked to each other. */
function callees(stackCaller: Int32Array, isUsed: Uint8Array) {
  const firstCallee = new Int32Array(isUsed.length).fill(-1);
  const nextCallee = new Int32Array(isUsed.length).fill(-1);
  let firstRoot = -1;
  for (let stack = isUsed.length - 1; stack >= 0; stack--) {
    if (isUsed[stack] === 0) continue;
    const caller = stackCaller[stack]!;
    nextCallee[stack] = caller < 0 ? firstRoot : firstCallee[caller]!;
    if (caller < 0) firstRoot = stack;
    else firstCallee[caller] = stack;
  }
  return { firstCallee, nextCallee, firstRoot };
}
