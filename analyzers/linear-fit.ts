import { knownVariance, twoSidedProbability, twoSidedQuantile } from "../src/stacks/statistics.ts";

/** A straight line through values, and how sure its slope is. */
export interface LinearFit {
  readonly slope: number;
  /** Bounds of the slope, with the confidence that was asked for. */
  readonly low: number;
  readonly high: number;
  /** Of a slope at least as steep, in either direction, when there is none. */
  readonly probability: number;
}

/**
 * Least squares. The error of the slope is the larger of two: what the values' scatter around the line says, and what their own errors
 * (standard deviations) make of it. Two values have the latter only.
 */
export function linearFit(
  at: readonly number[],
  values: readonly number[],
  errors: readonly number[],
  falseAlarms: number,
): LinearFit | undefined {
  const count = at.length;
  const meanAt = mean(at);
  const spread = at.reduce((sum, x) => sum + (x - meanAt) ** 2, 0);
  if (count < 2 || spread === 0) return undefined;
  const meanValue = mean(values);
  const slope = at.reduce((sum, x, index) => sum + (x - meanAt) * (values[index]! - meanValue), 0) / spread;
  const residuals = at.map((x, index) => values[index]! - meanValue - slope * (x - meanAt));
  const ofErrors = at.reduce((sum, x, index) => sum + ((x - meanAt) * errors[index]!) ** 2, 0) / spread ** 2;
  const ofScatter = count < 3 ? 0 : residuals.reduce((sum, r) => sum + r * r, 0) / (count - 2) / spread;
  const error = Math.sqrt(Math.max(ofErrors, ofScatter));
  const freedom = ofScatter > ofErrors ? count - 2 : knownVariance;
  const reach = error * twoSidedQuantile(falseAlarms, freedom);
  const probability = error === 0 ? (slope === 0 ? 1 : 0) : twoSidedProbability(slope / error, freedom);
  return { slope, low: slope - reach, high: slope + reach, probability };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
