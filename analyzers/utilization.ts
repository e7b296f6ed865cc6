import { type Interval, worstWindow } from "./intervals.ts";

/** Of the window of a length that has the most pauses, the share that was left to the program. */
export interface Utilization {
  readonly windowSeconds: number;
  readonly ratio: number;
}

const windows = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300];

/** Minimum mutator utilization over windows of many lengths; of those that are shorter than the time that was watched. */
export function utilizationOf(pauses: readonly Interval[], durationSeconds: number): readonly Utilization[] {
  return windows.flatMap((windowSeconds) => {
    if (windowSeconds > durationSeconds) return [];
    const worst = worstWindow(pauses, windowSeconds, durationSeconds);
    return [{ windowSeconds, ratio: worst === undefined ? 1 : Math.max(0, 1 - worst.ratio) }];
  });
}
