import type { Profile, ProfileSet } from "../src/model/profile.ts";
import { hotThresholds } from "./thresholds-hot.ts";

/** Samplers of processor time, from the one that misses least: two of them are never added together. */
const preferredEvents = ["jdk.CPUTimeSample", "jdk.ExecutionSample"];

/** The profile that tells best where processor time went. */
export function cpuProfileOf({ profiles }: ProfileSet): Profile | undefined {
  const candidates = profiles.filter(({ kind, event }) => kind === "cpu" && event !== "jdk.NativeMethodSample");
  const rank = ({ event }: Profile) => {
    const place = preferredEvents.indexOf(event);
    return place < 0 ? preferredEvents.length : place;
  };
  return candidates
    .filter(({ sampleCount }) => sampleCount.length > 0)
    .sort((a, b) => rank(a) - rank(b) || b.sampleCount.length - a.sampleCount.length)[0];
}

/** Threads that so many samples keep busy on average; undefined where the time that was covered is not known. */
export function busyThreads(
  { unit, confidence }: Profile,
  part: { readonly weight: number; readonly count: number },
  durationSeconds: number | undefined,
): number | undefined {
  if (durationSeconds === undefined || durationSeconds <= 0) return undefined;
  const interval = confidence.intervalSeconds ?? hotThresholds.cpu.intervalSeconds;
  return (unit === "seconds" ? part.weight : part.count * interval) / durationSeconds;
}

/** Between what shares the true one lies with 95 % confidence (Wilson's interval). */
export function shareInterval(count: number, all: number): { readonly low: number; readonly high: number } {
  if (all <= 0) return { low: 0, high: 1 };
  const z = 1.96;
  const share = Math.min(1, count / all);
  const spread = z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all));
  const middle = share + (z * z) / (2 * all);
  const scale = 1 + (z * z) / all;
  return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) };
}
