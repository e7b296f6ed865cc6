const twoTo28 = 2 ** 28;

/** A signed long of three parts; NaN for the smallest one, Infinity for the largest. */
export function signedLong(low: number, middle: number, top: number): number {
  if (top === -128 && middle === 0 && low === 0) return Number.NaN;
  if (top === 127 && middle === 0xfffffff && low === 0xfffffff) return Number.POSITIVE_INFINITY;
  return (top * twoTo28 + middle) * twoTo28 + low;
}

/** JFR writes an unknown share as −Infinity. */
export function floatValue(value: number): number {
  return value === Number.NEGATIVE_INFINITY ? Number.NaN : value;
}
