/** Degrees of freedom that stand for a variance that is known rather than estimated. */
export const knownVariance = 1e6;

/** Probability of a value at least as far from 0 as `t`, in either direction, under Student's distribution. */
export function twoSidedProbability(t: number, degreesOfFreedom: number): number {
  if (!Number.isFinite(t)) return Number.isNaN(t) ? 1 : 0;
  return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

/** The `t` beyond which lies `probability` in both directions together, by bisection. */
export function twoSidedQuantile(probability: number, degreesOfFreedom: number): number {
  let low = 0;
  let high = 1;
  while (twoSidedProbability(high, degreesOfFreedom) > probability && high < 1e6) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (twoSidedProbability(middle, degreesOfFreedom) > probability) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Of `count` events, `first` fell into the first of two parts, which had `share` of the chances: how probable is something at most
 * as probable as that? Exact; with `population`, chances are drawn without being put back (Fisher's test).
 */
export function exactProbability(
  first: number,
  count: number,
  share: number,
  population?: { readonly first: number; readonly second: number },
): number {
  const logs = new Float64Array(count + 1);
  for (let k = 0; k <= count; k++) {
    logs[k] =
      population === undefined
        ? logChoose(count, k) + k * Math.log(share) + (count - k) * Math.log1p(-share)
        : logChoose(population.first, k) +
          logChoose(population.second, count - k) -
          logChoose(population.first + population.second, count);
  }
  const limit = logs[first]! + 1e-9;
  let sum = 0;
  for (const log of logs) if (log <= limit) sum += Math.exp(log);
  return Math.min(1, sum);
}

/** Benjamini and Hochberg: of all tests with an adjusted probability up to `p`, at most the share `p` are false alarms on average. */
export function adjustedProbabilities(probabilities: ArrayLike<number>): Float64Array {
  const count = probabilities.length;
  const order = Int32Array.from({ length: count }, (_, index) => index);
  order.sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  const adjusted = new Float64Array(count);
  let least = 1;
  for (const [position, index] of order.entries()) {
    least = Math.min(least, (probabilities[index]! * count) / (count - position));
    adjusted[index] = least;
  }
  return adjusted;
}

function logChoose(n: number, k: number): number {
  return k < 0 || k > n ? Number.NEGATIVE_INFINITY : logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/** Stirling's series, after moving small arguments to where it converges. */
function logGamma(value: number): number {
  let x = value;
  let shift = 0;
  while (x < 10) shift -= Math.log(x++);
  const inverse = 1 / x;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return shift + (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}

/** Regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let fraction = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-12) break;
  }
  return fraction;
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
