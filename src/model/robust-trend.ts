/** Values over time, oldest first; both columns have the same length. */
export interface TimedValues {
  readonly seconds: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

export interface TrendOptions {
  /** Fewer values than this are no trend; 16 unless said. */
  readonly leastValues?: number;
  /** Parts of equal length, or of equally many values where these come when something happens and not at intervals. */
  readonly partsBy?: "time" | "values";
}

/** One part of the series, by its lowest value. */
interface Low {
  readonly seconds: number;
  readonly value: number;
}

/** Into so many equal parts the time is cut; what swings faster than one of them does not count. */
const mostBlocks = 16;
/** Share of the parts that may be empty: jprof was not looking, or was stopped. */
const emptyShare = 1 / 4;
/** Standard deviations by which a trend must exceed what values in random order would show. */
const deviations = 3;
/** Least slope of either half, and least rise from a quarter to the next, as shares of the whole's. */
const lasting = { slopeOfHalf: 1 / 3, riseOfQuarter: 0.15 };

/**
 * The slope per second of the lower envelope of a series, when it is significant; undefined otherwise, and below `leastSeconds` or `leastValues`.
 *
 * The envelope (the lowest value in each part of the time) leaves out garbage that waits for its collection. The slope is the median of the
 * slopes between all pairs of points (Theil–Sen), which a quarter of wrong points does not move; its significance is Kendall's.
 */
export function significantSlope(
  series: TimedValues,
  leastSeconds: number,
  options: TrendOptions = {},
): number | undefined {
  const { leastValues = mostBlocks, partsBy = "time" } = options;
  const { seconds } = series;
  const first = seconds[0] ?? 0;
  const span = (seconds[seconds.length - 1] ?? 0) - first;
  if (seconds.length < leastValues || !(span >= leastSeconds)) return undefined;
  const blocks = Math.min(mostBlocks, seconds.length);
  const lows = lowsOf(series, blocks, partsBy);
  if (lows.length < blocks * (1 - emptyShare)) return undefined;
  const slopes = sortedSlopes(lows);
  const slope = median(slopes);
  if (!(slope !== 0 && isSignificant(slopes, lows.length, Math.sign(slope)))) return undefined;
  return isLasting(lows, slope) ? slope : undefined;
}

function lowsOf({ seconds, values }: TimedValues, blocks: number, partsBy: "time" | "values"): readonly Low[] {
  const first = seconds[0]!;
  const span = seconds[seconds.length - 1]! - first;
  const shareAt = (index: number) => (partsBy === "time" ? (seconds[index]! - first) / span : index / seconds.length);
  const lows: (Low | undefined)[] = [];
  for (let index = 0; index < seconds.length; index++) {
    const at = seconds[index]!;
    const value = values[index]!;
    if (!Number.isFinite(value)) continue;
    const block = Math.min(Math.floor(shareAt(index) * blocks), blocks - 1);
    const low = lows[block];
    if (low === undefined || value < low.value) lows[block] = { seconds: at, value };
  }
  return lows.filter((low) => low !== undefined);
}

function sortedSlopes(points: readonly Low[]): Float64Array {
  const slopes = new Float64Array((points.length * (points.length - 1)) / 2);
  let count = 0;
  for (const [index, later] of points.entries()) {
    for (const earlier of points.slice(0, index)) {
      slopes[count++] = (later.value - earlier.value) / (later.seconds - earlier.seconds);
    }
  }
  return slopes.sort();
}

function median(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Whether the slopes of one sign outnumber the others by more than chance (Kendall's S, whose variance is n(n−1)(2n+5)/18). */
function isSignificant(slopes: Float64Array, points: number, sign: number): boolean {
  const surplus = slopes.reduce((sum, slope) => sum + Math.sign(slope), 0) * sign;
  const variance = (points * (points - 1) * (2 * points + 5)) / 18;
  return surplus > deviations * Math.sqrt(variance);
}

/** Whether it goes on from part to part: a step, a warm-up or a few swings rise in some of them only. */
function isLasting(lows: readonly Low[], slope: number): boolean {
  if (partsOf(lows, 2).some((half) => median(sortedSlopes(half)) / slope < lasting.slopeOfHalf)) return false;
  const levels = partsOf(lows, 4).map((quarter) => median(Float64Array.from(quarter, ({ value }) => value).sort()));
  const rise = levels[3]! - levels[0]!;
  return [1, 2, 3].every((quarter) => (levels[quarter]! - levels[quarter - 1]!) / rise >= lasting.riseOfQuarter);
}

function partsOf(lows: readonly Low[], count: number): readonly (readonly Low[])[] {
  const bound = (part: number) => Math.round((part * lows.length) / count);
  return Array.from({ length: count }, (_, part) => lows.slice(bound(part), bound(part + 1)));
}
