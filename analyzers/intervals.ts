/** A part of the recording, in seconds since its start. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** The window in which the most time was spent. */
export interface WorstWindow {
  readonly startSeconds: number;
  readonly windowSeconds: number;
  readonly spentSeconds: number;
  readonly ratio: number;
}

/** Overlapping intervals as one, in the order of time: so that no second counts twice. */
export function unionOf(intervals: readonly Interval[]): Interval[] {
  const union: { start: number; end: number }[] = [];
  for (const { start, end } of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = union.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else union.push({ start, end });
  }
  return union;
}

/** Seconds in the intervals, each second once. */
export function secondsIn(intervals: readonly Interval[]): number {
  return unionOf(intervals).reduce((seconds, { start, end }) => seconds + end - start, 0);
}

/**
 * The window of a length that has the most of the intervals' time; of a recording that is shorter, all of it. A fullest window
 * ends where an interval ends, or begins where one begins, which is the same with time reversed.
 */
export function worstWindow(
  intervals: readonly Interval[],
  windowSeconds: number,
  durationSeconds: number,
): WorstWindow | undefined {
  const union = unionOf(intervals).flatMap(({ start, end }) => {
    const within = { start: Math.max(0, start), end: Math.min(end, durationSeconds) };
    return within.start <= within.end ? [within] : [];
  });
  const length = Math.min(windowSeconds, durationSeconds);
  if (union.length === 0 || !(length > 0)) return undefined;
  const reversed = union.map(({ start, end }) => ({ start: durationSeconds - end, end: durationSeconds - start }));
  const forward = fullestByEnd(union, length);
  const backward = fullestByEnd(reversed.reverse(), length);
  const isForward = forward.spent >= backward.spent;
  const start = isForward ? forward.end - length : durationSeconds - backward.end;
  const spentSeconds = Math.min(length, Math.max(forward.spent, backward.spent));
  return {
    startSeconds: Math.max(0, Math.min(start, durationSeconds - length)),
    windowSeconds: length,
    spentSeconds,
    ratio: spentSeconds / length,
  };
}

/** Of the windows that end with an interval, the one with the most of their time. */
function fullestByEnd(union: readonly Interval[], length: number): { readonly end: number; readonly spent: number } {
  let fullest = { end: 0, spent: -1 };
  let first = 0;
  let inFull = 0;
  for (const [index, { start, end }] of union.entries()) {
    inFull += end - start;
    while (first < index && union[first]!.end <= end - length) {
      inFull -= union[first]!.end - union[first]!.start;
      first++;
    }
    const spent = inFull - Math.max(0, end - length - union[first]!.start);
    if (spent > fullest.spent) fullest = { end, spent };
  }
  return fullest;
}

/** The value that this share of the sorted values is at or below. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted.length === 0 ? Number.NaN : sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
