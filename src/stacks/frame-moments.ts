import type { Profile } from "../model/profile.ts";

/** What statistics need to know of one number per frame. */
export interface Moments {
  /** Weight and events, by frame. */
  readonly weight: Float64Array;
  readonly count: Float64Array;
  /** Squares of the weights of single events, added: the variance of the weight when events are independent. */
  readonly squares: Float64Array;
  /** Weight by frame and part of the time: `byPart[frame * parts + part]`. */
  readonly byPart: Float64Array;
}

/** A profile as statistics see it: sums, squares, and how both spread over equal parts of the recording's time. */
export interface FrameMoments {
  readonly self: Moments;
  readonly total: Moments;
  readonly weight: number;
  readonly count: number;
  readonly squares: number;
  /** Parts of equal length; 1 when times are not known or samples are too few to be split. */
  readonly parts: number;
  readonly weightByPart: Float64Array;
}

/** Enough to estimate a variance, few enough that a part outlasts most phases of a service. */
const mostParts = 20;
const leastPerPart = 5;

/** Adds up a profile by frame, and by frame and part of the time. A stack counts once for each frame that it has. */
export function frameMoments(profile: Profile): FrameMoments {
  const { stacks, sampleStack, sampleWeight, sampleCount } = profile;
  const partOf = partsOfTime(profile);
  const parts = partOf === undefined ? 1 : mostParts;
  const frameCount = stacks.frameNames.length;
  const self = emptyMoments(frameCount, parts);
  const total = emptyMoments(frameCount, parts);
  const weightByPart = new Float64Array(parts);
  /** Row that last counted for a frame. */
  const lastRow = new Int32Array(frameCount).fill(-1);
  let weight = 0;
  let count = 0;
  let squares = 0;
  for (let row = 0; row < sampleStack.length; row++) {
    const stack = sampleStack[row]!;
    const rowCount = sampleCount[row]!;
    if (rowCount === 0) continue;
    const rowWeight = sampleWeight[row]!;
    const part = partOf?.(row) ?? 0;
    const moment = { weight: rowWeight, count: rowCount, squares: (rowWeight * rowWeight) / rowCount, part };
    weight += rowWeight;
    count += rowCount;
    squares += moment.squares;
    weightByPart[part]! += rowWeight;
    if (stack >= 0) addTo(self, stacks.stackFrame[stack]!, parts, moment);
    for (let at = stack; at >= 0; at = stacks.stackCaller[at]!) {
      const frame = stacks.stackFrame[at]!;
      if (lastRow[frame] === row) continue;
      lastRow[frame] = row;
      addTo(total, frame, parts, moment);
    }
  }
  return { self, total, weight, count, squares, parts, weightByPart };
}

interface Moment {
  readonly weight: number;
  readonly count: number;
  readonly squares: number;
  readonly part: number;
}

function addTo(moments: Moments, frame: number, parts: number, moment: Moment): void {
  moments.weight[frame]! += moment.weight;
  moments.count[frame]! += moment.count;
  moments.squares[frame]! += moment.squares;
  moments.byPart[frame * parts + moment.part]! += moment.weight;
}

function emptyMoments(frameCount: number, parts: number): Moments {
  return {
    weight: new Float64Array(frameCount),
    count: new Float64Array(frameCount),
    squares: new Float64Array(frameCount),
    byPart: new Float64Array(frameCount * parts),
  };
}

/** The part of the time that a row lies in; undefined when it cannot be told. */
function partsOfTime({ sampleSeconds, sampleStack }: Profile): ((row: number) => number) | undefined {
  if (sampleSeconds === undefined || sampleStack.length < mostParts * leastPerPart) return undefined;
  const first = sampleSeconds[0]!;
  const length = sampleSeconds.at(-1)! - first;
  if (!(length > 0)) return undefined;
  return (row) => Math.min(mostParts - 1, Math.floor(((sampleSeconds[row]! - first) / length) * mostParts));
}
