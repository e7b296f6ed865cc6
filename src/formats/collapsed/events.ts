/** How many events rows of weights stand for, as well as weights alone tell. */
export interface EventsOfWeights {
  readonly sampleCount: Float64Array;
  readonly notes: readonly string[];
}

/** Weights that are all multiples of such a number are samples of that weight: nanoseconds of a sampling interval. */
const leastInterval = 1000;
/** Weights as large as this are no counts of samples. */
const leastMagnitude = 1000;

/** A file of collapsed stacks holds weights, and does not say of how many events; statistics need to know. */
export function eventsOf(weights: Float64Array): EventsOfWeights {
  const divisor = commonDivisor(weights);
  if (divisor >= leastInterval) {
    return {
      sampleCount: weights.map((weight) => Math.abs(weight) / divisor),
      notes: [`all values are multiples of ${divisor}, which is taken for the weight of one sample`],
    };
  }
  if (
    weights.every((weight) => Math.abs(weight) >= leastMagnitude || weight === 0) ||
    !weights.every(Number.isInteger)
  ) {
    return {
      sampleCount: weights.map((weight) => (weight === 0 ? 0 : 1)),
      notes: ["the file does not say how many events its values stand for: each line counts as one"],
    };
  }
  return { sampleCount: weights.map(Math.abs), notes: [] };
}

/** 0 where weights are no whole numbers, or all of them are 0. */
function commonDivisor(weights: Float64Array): number {
  let divisor = 0;
  for (const weight of weights) {
    if (!Number.isSafeInteger(weight)) return 0;
    let a = Math.abs(weight);
    while (a !== 0) [divisor, a] = [a, divisor % a];
    if (divisor === 1) return 1;
  }
  return divisor;
}
