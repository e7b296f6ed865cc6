import type { Profile, ProfileSet } from "../model/profile.ts";
import { rowsOf } from "../stacks/select.ts";
import { pageRows } from "./page-rows.ts";
import { keepStacks, type PageStacks } from "./page-stacks.ts";
import { pageThreads } from "./page-threads.ts";

/** How much of the recording a page holds; each step of `details` holds less. */
export interface Detail {
  readonly cutShare: number;
  /** Buckets of time are this many times wider than they could be; 0: no times. */
  readonly bucketFactor: number;
  readonly onlyPools: boolean;
}

export const details: readonly Detail[] = [
  { cutShare: 0, bucketFactor: 1, onlyPools: false },
  { cutShare: 1e-6, bucketFactor: 1, onlyPools: false },
  { cutShare: 1e-5, bucketFactor: 5, onlyPools: false },
  { cutShare: 2e-5, bucketFactor: 10, onlyPools: false },
  { cutShare: 5e-5, bucketFactor: 50, onlyPools: true },
  { cutShare: 1e-4, bucketFactor: 100, onlyPools: true },
  { cutShare: 2e-4, bucketFactor: 250, onlyPools: true },
  { cutShare: 5e-4, bucketFactor: 500, onlyPools: true },
  { cutShare: 1e-3, bucketFactor: 1000, onlyPools: true },
  { cutShare: 2e-3, bucketFactor: 2500, onlyPools: true },
  { cutShare: 2e-3, bucketFactor: 0, onlyPools: true },
];

/** More rows than this make a page slow to filter. */
const mostRows = 3_000_000;
const widestFactor = 2500;
/** One in so many stretches of time is looked at to estimate the rows of all. */
const stretches = 16;

/** Everything that a page is made of, before it is known how much of it. */
export interface PageSource {
  readonly sets: readonly ProfileSet[];
  /** The profiles that are shown, each with its counterpart in a comparison. */
  readonly shown: readonly (readonly Profile[])[];
  readonly stacks: PageStacks;
  readonly shares: Float64Array;
}

/** The first step of `details` that likely has few enough rows. */
export function firstDetail(source: PageSource): number {
  const samples = source.shown.flat().reduce((sum, { sampleStack }) => sum + sampleStack.length, 0);
  if (samples <= mostRows) return 0;
  const parts = source.shown.map((profiles) => profiles.map((profile) => someStretches(profile, source)));
  const step = details.findIndex((detail) => estimatedRows(source, parts, detail) <= mostRows);
  return step < 0 ? details.length - 1 : step;
}

/** Width of the buckets of time; a comparison has none: times of one recording mean nothing in the other. */
export function bucketSecondsOf(
  profiles: readonly Profile[],
  { durationSeconds = 0 }: ProfileSet,
  bucketFactor: number,
): number | undefined {
  const [first] = profiles;
  if (profiles.length > 1 || first?.sampleSeconds === undefined || bucketFactor === 0) return undefined;
  return finestBucket(Math.max(durationSeconds, first.sampleSeconds.at(-1) ?? 0)) * bucketFactor;
}

/** 20 ms for an hour, wider for more. */
function finestBucket(seconds: number): number {
  const mostBuckets = 180_000;
  return [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10].find((width) => seconds / width <= mostBuckets) ?? 60;
}

interface Part {
  readonly profile: Profile;
  readonly sampleStack: Int32Array;
  /** The profile's samples divided by those of the part. */
  readonly factor: number;
}

/** Samples in every n-th stretch of time, each as wide as the widest bucket; all samples where there are few stretches. */
function someStretches(profile: Profile, { sets, stacks }: PageSource): Part {
  const all = stacks.sampleStacks.get(profile)!;
  const width = bucketSecondsOf([profile], sets[0]!, widestFactor);
  const seconds = profile.sampleSeconds;
  if (width === undefined || seconds === undefined) return { profile, sampleStack: all, factor: 1 };
  const samples = Int32Array.from(all.keys()).filter(
    (sample) => Math.floor(seconds[sample]! / width) % stretches === stretches >> 1,
  );
  if (samples.length < all.length / stretches / 4) return { profile, sampleStack: all, factor: 1 };
  const sampleStack = samples.map((sample) => all[sample]!);
  return { profile: rowsOf(profile, samples), sampleStack, factor: all.length / samples.length };
}

function estimatedRows({ sets, stacks, shares }: PageSource, parts: readonly (readonly Part[])[], detail: Detail) {
  const { keptAs } = keepStacks(stacks.table, shares, detail.cutShare);
  const { threadIn } = pageThreads(sets, detail.onlyPools);
  const rows = parts.flatMap((ofProfile) =>
    ofProfile.map(({ profile, sampleStack, factor }, side) => {
      const stackOf = sampleStack.map((stack) => keptAs[stack]!);
      const bucketSeconds = bucketSecondsOf(
        ofProfile.map((part) => part.profile),
        sets[0]!,
        detail.bucketFactor,
      );
      return pageRows(profile, { stackOf, threadAs: threadIn.get(sets[side]!)!, bucketSeconds }).rows * factor;
    }),
  );
  return rows.reduce((sum, count) => sum + count, 0);
}
