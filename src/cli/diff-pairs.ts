import { TargetError, UsageError } from "../model/errors.ts";
import type { Profile, ProfileSet } from "../model/profile.ts";
import {
  defaultNormalization,
  type Normalization,
  type ProfileDifference,
  profileDifference,
} from "../stacks/difference.ts";

/** Profiles of two files that can be compared, and those that cannot. */
export interface Pairs {
  readonly pairs: readonly (readonly [before: Profile, after: Profile])[];
  /** Sentences about what only one of the files has. */
  readonly notes: readonly string[];
}

/** Pairs profiles of one kind, event and unit. Where each file has a single profile, they are a pair whatever made them. */
export function pairProfiles(before: ProfileSet, after: ProfileSet): Pairs {
  const isAlike = (a: Profile) => (b: Profile) => a.kind === b.kind && a.event === b.event && a.unit === b.unit;
  const pairs = before.profiles.flatMap((profile) => {
    const match = after.profiles.find(isAlike(profile));
    return match === undefined ? [] : [[profile, match] as const];
  });
  const [first, second] = [before.profiles[0], after.profiles[0]];
  const isSingle = before.profiles.length === 1 && after.profiles.length === 1;
  if (pairs.length === 0 && isSingle && first!.unit === second!.unit) {
    return {
      pairs: [[first!, second!]],
      notes: [`'${first!.event}' is compared with '${second!.event}': they may not mean the same`],
    };
  }
  if (pairs.length === 0) {
    throw new TargetError(
      `the files have no profile in common: ${listOf(before.profiles)}, and ${listOf(after.profiles)}`,
    );
  }
  const paired = new Set(pairs.flat());
  const alone = [...before.profiles, ...after.profiles].filter((profile) => !paired.has(profile));
  return { pairs, notes: alone.length === 0 ? [] : [`only one of the files has ${listOf(alone)}`] };
}

/** Compares a pair by what was asked for, or by what fits its kind. */
export function differenceOf(
  [before, after]: readonly [Profile, Profile],
  sets: { readonly before: ProfileSet; readonly after: ProfileSet },
  asked: Normalization | undefined,
): ProfileDifference {
  const haveDurations = (sets.before.durationSeconds ?? 0) > 0 && (sets.after.durationSeconds ?? 0) > 0;
  const normalization = asked ?? defaultNormalization(after.kind, haveDurations);
  const sideOf = (profile: Profile, set: ProfileSet) => ({
    profile,
    exposureSeconds: exposureOf(set, normalization),
  });
  return profileDifference(sideOf(before, sets.before), sideOf(after, sets.after), normalization);
}

function exposureOf(set: ProfileSet, normalization: Normalization): number | undefined {
  if (normalization === "samples") return undefined;
  const seconds = normalization === "time" ? set.durationSeconds : cpuSeconds(set);
  if (seconds !== undefined && seconds > 0) return seconds;
  throw new UsageError(
    normalization === "time"
      ? "--normalize time needs files that say how long they are; use --normalize samples"
      : "--normalize cpu needs a CPU profile in seconds in both files; use --normalize samples",
  );
}

/** Processor time by the file's own CPU samples. */
function cpuSeconds({ profiles }: ProfileSet): number | undefined {
  const cpu = profiles.find(({ kind }) => kind === "cpu");
  if (cpu === undefined) return undefined;
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  if (cpu.unit === "seconds") return sum(cpu.sampleWeight);
  const { intervalSeconds } = cpu.confidence;
  return intervalSeconds === undefined ? undefined : sum(cpu.sampleCount) * intervalSeconds;
}

function listOf(profiles: readonly Profile[]): string {
  return profiles.map(({ kind, event }) => `${kind} '${event}'`).join(", ") || "none";
}
