import type { FrameMoments, Moments } from "./frame-moments.ts";
import { exactProbability, knownVariance, twoSidedProbability, twoSidedQuantile } from "./statistics.ts";

/** Two profiles over one `StackTable`, and the seconds that each is divided by; without: shares of the whole. */
export interface Comparison {
  readonly before: FrameMoments;
  readonly after: FrameMoments;
  readonly exposures: readonly [before: number, after: number] | undefined;
}

/** A cost on both sides, and how sure the change is. */
export interface Measured {
  readonly before: number;
  readonly after: number;
  readonly countBefore: number;
  readonly countAfter: number;
  readonly relative: number;
  readonly impact: number;
  readonly impactLow: number;
  readonly impactHigh: number;
  readonly probability: number;
}

/** The change of one frame. */
export interface MeasuredFrame extends Measured {
  readonly frame: number;
  readonly of: "self" | "total";
}

/** Fewer events, or few that outweigh the rest, cannot show a difference. */
const leastEffectiveEvents = 8;
/** With fewer events of equal weight the probability is computed exactly. */
const mostExact = 400;
const confidenceLeft = 0.05;

/** Compares every frame that has enough events on both sides together. */
export function compareMoments(comparison: Comparison): {
  readonly frames: readonly MeasuredFrame[];
  readonly untested: number;
} {
  const frames: MeasuredFrame[] = [];
  let untested = 0;
  for (const part of ["self", "total"] as const) {
    const before = comparison.before[part];
    const after = comparison.after[part];
    for (let frame = 0; frame < before.count.length; frame++) {
      if (part === "total" && isAllSelf(comparison, frame)) continue;
      const sums = sumsOf(comparison, before, after, frame);
      const effective = effectiveEvents(sums);
      if (effective >= leastEffectiveEvents) frames.push({ frame, of: part, ...measure(comparison, sums) });
      else if (effective > 0) untested++;
    }
  }
  return { frames, untested };
}

/** Whether a frame called nothing, so that its total says what its self says. */
function isAllSelf({ before, after }: Comparison, frame: number): boolean {
  return before.self.count[frame] === before.total.count[frame] && after.self.count[frame] === after.total.count[frame];
}

/** Everything together, per second. */
export function wholeChange(comparison: Comparison): Measured {
  return measure(comparison, { before: wholeOf(comparison.before), after: wholeOf(comparison.after) });
}

/** One number of one side. */
interface Side {
  readonly weight: number;
  readonly count: number;
  readonly squares: number;
  readonly byPart: Float64Array;
}

interface Sums {
  readonly before: Side;
  readonly after: Side;
}

function sumsOf(comparison: Comparison, before: Moments, after: Moments, frame: number): Sums {
  return {
    before: sideOf(before, frame, comparison.before.parts),
    after: sideOf(after, frame, comparison.after.parts),
  };
}

function sideOf(moments: Moments, frame: number, parts: number): Side {
  return {
    weight: moments.weight[frame]!,
    count: moments.count[frame]!,
    squares: moments.squares[frame]!,
    byPart: moments.byPart.subarray(frame * parts, (frame + 1) * parts),
  };
}

function wholeOf({ weight, count, squares, weightByPart }: FrameMoments): Side {
  return { weight, count, squares, byPart: weightByPart };
}

/** As many events of equal weight would vary as much; depends on both sides together only, so that choosing by it is fair. */
function effectiveEvents({ before, after }: Sums): number {
  const squares = before.squares + after.squares;
  return squares === 0 ? 0 : (before.weight + after.weight) ** 2 / squares;
}

function measure(comparison: Comparison, sums: Sums): Measured {
  const { before, after } = sums;
  const [divisorBefore, divisorAfter] = divisors(comparison);
  const costBefore = before.weight / divisorBefore;
  const change = after.weight / divisorAfter - costBefore;
  const wholeBefore = comparison.exposures === undefined ? 1 : comparison.before.weight / divisorBefore;
  const spread = overdispersion(comparison, sums);
  const pooledVariance = varianceOf(comparison, pooledSides(comparison, sums));
  const deviation = Math.sqrt(pooledVariance * spread.factor);
  // The larger of the two, so that an interval without 0 does not contradict the test.
  const margin =
    twoSidedQuantile(confidenceLeft, spread.degreesOfFreedom) *
    Math.sqrt(Math.max(pooledVariance, varianceOf(comparison, sums)) * spread.factor);
  return {
    before: costBefore,
    after: costBefore + change,
    countBefore: before.count,
    countAfter: after.count,
    relative: costBefore === 0 ? Number.POSITIVE_INFINITY : change / costBefore,
    impact: change / wholeBefore,
    // No cost falls below nothing, and no share grows beyond the whole.
    impactLow: Math.max(change - margin, -costBefore) / wholeBefore,
    impactHigh: Math.min(change + margin, comparison.exposures === undefined ? 1 - costBefore : Infinity) / wholeBefore,
    probability: probabilityOf(comparison, sums, { t: change / deviation, ...spread }),
  };
}

function divisors({ before, after, exposures }: Comparison): readonly [number, number] {
  return exposures ?? [before.weight, after.weight];
}

/** Both sides as they would be if nothing differed: each has its part of what both have together. */
function pooledSides(comparison: Comparison, { before, after }: Sums): Sums {
  const [divisorBefore, divisorAfter] = divisors(comparison);
  const partOf = (divisor: number) => divisor / (divisorBefore + divisorAfter);
  const pooled = (side: Side, part: number): Side => ({
    ...side,
    weight: (before.weight + after.weight) * part,
    squares: (before.squares + after.squares) * part,
  });
  return { before: pooled(before, partOf(divisorBefore)), after: pooled(after, partOf(divisorAfter)) };
}

/** Of the difference of two costs. */
function varianceOf(comparison: Comparison, { before, after }: Sums): number {
  const [divisorBefore, divisorAfter] = divisors(comparison);
  return (
    sideVariance(comparison, comparison.before, before) / divisorBefore ** 2 +
    sideVariance(comparison, comparison.after, after) / divisorAfter ** 2
  );
}

/**
 * Events that come at random, each with its weight (a compound Poisson process): the variance of a sum is the sum of the squares.
 * A share varies with what is in it and with what is not: `(1 − p)²` of the squares within, `p²` of those without.
 */
function sideVariance({ exposures }: Comparison, whole: FrameMoments, side: Side): number {
  if (exposures !== undefined) return side.squares;
  const share = side.weight / whole.weight;
  const others = Math.max(0, whole.squares - side.squares);
  return (1 - share) ** 2 * side.squares + share ** 2 * others;
}

interface Spread {
  /** By how much larger the variance is than that of independent events; at least 1. */
  readonly factor: number;
  readonly degreesOfFreedom: number;
}

/** How much a cost varies from part to part of the recordings, against what independent events would. */
function overdispersion(comparison: Comparison, sums: Sums): Spread {
  const { before, after } = comparison;
  const isKnown = { factor: 1, degreesOfFreedom: knownVariance };
  if (before.parts === 1 || after.parts === 1) return isKnown;
  const [divisorBefore, divisorAfter] = divisors(comparison);
  const observed =
    observedVariance(comparison, before, sums.before) / divisorBefore ** 2 +
    observedVariance(comparison, after, sums.after) / divisorAfter ** 2;
  const factor = observed / varianceOf(comparison, sums);
  return factor > 1 ? { factor, degreesOfFreedom: before.parts + after.parts - 2 } : isKnown;
}

/** Of a sum over the parts of a recording, by how its parts differ from what each would have on average. */
function observedVariance(
  { exposures }: Comparison,
  { parts, weightByPart, weight }: FrameMoments,
  side: Side,
): number {
  let residuals = 0;
  for (let part = 0; part < parts; part++) {
    const mean = exposures === undefined ? (side.weight / weight) * weightByPart[part]! : side.weight / parts;
    residuals += (side.byPart[part]! - mean) ** 2;
  }
  return (residuals * parts) / (parts - 1);
}

/** Exact where events are few and of equal weight, else by the distribution of a sum of many. */
function probabilityOf(comparison: Comparison, sums: Sums, test: Spread & { readonly t: number }): number {
  const { before, after } = sums;
  const count = before.count + after.count;
  const { exposures } = comparison;
  const weighted = exposures === undefined ? comparison : sums;
  if (test.factor !== 1 || count > mostExact || !haveEqualWeights(weighted.before, weighted.after)) {
    return twoSidedProbability(test.t, test.degreesOfFreedom);
  }
  if (exposures !== undefined) {
    return exactProbability(before.count, count, exposures[0] / (exposures[0] + exposures[1]));
  }
  return exactProbability(before.count, count, 0, { first: comparison.before.count, second: comparison.after.count });
}

/** Whole events, all of one weight: equal exactly when the squares are the least that the sums allow. */
function haveEqualWeights(...sides: readonly Pick<Side, "weight" | "count" | "squares">[]): boolean {
  const sumOf = (key: "weight" | "count" | "squares") => sides.reduce((sum, side) => sum + side[key], 0);
  const least = sumOf("weight") ** 2 / sumOf("count");
  return sides.every(({ count }) => Number.isInteger(count)) && Math.abs(sumOf("squares") - least) < 1e-9 * least;
}
