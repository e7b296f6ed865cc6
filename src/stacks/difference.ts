import type { Profile, ProfileKind, StackTable } from "../model/profile.ts";
import type { Unit } from "../model/units.ts";
import { type AlignedProfiles, alignProfiles } from "./align.ts";
import { type Comparison, compareMoments, type Measured, wholeChange } from "./compare.ts";
import { frameMoments } from "./frame-moments.ts";
import { compareNames } from "./name-order.ts";
import { adjustedProbabilities } from "./statistics.ts";

/** What two profiles are made comparable by: their samples (shares of the whole), seconds of time, or seconds of processor time. */
export const normalizations = ["samples", "time", "cpu"] as const;
export type Normalization = (typeof normalizations)[number];

/** What a test can say; nothing proves that there is no difference. */
export type Verdict = "more" | "less" | "no difference shown";

/** A profile and what it is divided by. */
export interface ComparedProfile {
  readonly profile: Profile;
  /** Seconds of time, or of processor time; undefined with `samples`. */
  readonly exposureSeconds: number | undefined;
}

/** One frame's cost before and after. */
export interface FrameChange {
  readonly name: string;
  /** Of the frame itself, or with all that it called. */
  readonly of: "self" | "total";
  /** A share of the whole with `samples`, else weight per second. */
  readonly before: number;
  readonly after: number;
  readonly countBefore: number;
  readonly countAfter: number;
  /** Change relative to the frame's own cost before; Infinity for a new one. */
  readonly relative: number;
  /** Change relative to the cost of everything before, and the interval that holds it with 95 % confidence. */
  readonly impact: number;
  readonly impactLow: number;
  readonly impactHigh: number;
  /** Of a difference at least as large by chance; and after correction for all frames that were looked at. */
  readonly probability: number;
  readonly adjustedProbability: number;
  readonly verdict: Verdict;
  readonly isNew: boolean;
  readonly isGone: boolean;
  /** Frames between it and the root, at least. */
  readonly depth: number;
}

/** What two profiles of one kind differ in. */
export interface ProfileDifference {
  readonly kind: ProfileKind;
  readonly event: string;
  readonly unit: Unit;
  readonly normalization: Normalization;
  /** Of all samples; undefined with `samples`, where the whole is 1 on both sides. */
  readonly whole: Measured | undefined;
  readonly wholeVerdict: Verdict;
  /** Frames with enough events to tell anything, the largest impact first. */
  readonly changes: readonly FrameChange[];
  /** Frames that had too few events. */
  readonly untested: number;
  readonly aligned: AlignedProfiles;
  /** Sentences for people: what bounds the trust in this. */
  readonly notes: readonly string[];
}

/** At most this share of what is told to differ does not, on average. */
const falseDiscoveryRate = 0.05;

/** Compares two profiles of one kind frame by frame, the chance of sampling taken into account. */
export function profileDifference(
  before: ComparedProfile,
  after: ComparedProfile,
  normalization: Normalization,
): ProfileDifference {
  const aligned = alignProfiles(before.profile, after.profile);
  const comparison: Comparison = {
    before: frameMoments(aligned.before),
    after: frameMoments(aligned.after),
    exposures: normalization === "samples" ? undefined : [exposureOf(before), exposureOf(after)],
  };
  const names = aligned.before.stacks.frameNames;
  const depths = leastDepths(aligned.before.stacks);
  const measured = compareMoments(comparison);
  const adjusted = adjustedProbabilities(measured.frames.map(({ probability }) => probability));
  const changes = measured.frames.map(({ frame, ...change }, index): FrameChange => {
    const verdict = verdictOf(change, adjusted[index]!);
    return {
      name: names[frame]!,
      ...change,
      adjustedProbability: adjusted[index]!,
      verdict,
      isNew: change.countBefore === 0,
      isGone: change.countAfter === 0,
      depth: depths[frame]!,
    };
  });
  const whole = comparison.exposures === undefined ? undefined : wholeChange(comparison);
  return {
    kind: after.profile.kind,
    event: after.profile.event,
    unit: after.profile.unit,
    normalization,
    whole,
    wholeVerdict: whole === undefined ? "no difference shown" : verdictOf(whole, whole.probability),
    changes: changes.sort(byImpact),
    untested: measured.untested,
    aligned,
    notes: notesOf(comparison, before.profile, after.profile),
  };
}

/** Cost that nothing bounds is compared by time; what a sampler takes at a fixed rate, by its samples, since load differs from run to run. */
export function defaultNormalization(kind: ProfileKind, haveDurations: boolean): Normalization {
  const isSampled = kind === "cpu" || kind === "wall" || kind === "unknown" || kind === "live";
  return isSampled || !haveDurations ? "samples" : "time";
}

/** By frame, how near to the root it gets. */
function leastDepths({ frameNames, stackFrame, stackCaller }: StackTable): Int32Array {
  const ofStack = new Int32Array(stackFrame.length);
  const ofFrame = new Int32Array(frameNames.length).fill(0x7fffffff);
  for (let stack = 0; stack < ofStack.length; stack++) {
    const caller = stackCaller[stack]!;
    ofStack[stack] = caller < 0 ? 0 : ofStack[caller]! + 1;
    const frame = stackFrame[stack]!;
    ofFrame[frame] = Math.min(ofFrame[frame]!, ofStack[stack]!);
  }
  return ofFrame;
}

function exposureOf({ exposureSeconds }: ComparedProfile): number {
  return exposureSeconds !== undefined && exposureSeconds > 0 ? exposureSeconds : Number.NaN;
}

function verdictOf({ impact }: Measured, probability: number): Verdict {
  if (!(probability <= falseDiscoveryRate)) return "no difference shown";
  return impact > 0 ? "more" : "less";
}

function byImpact(a: FrameChange, b: FrameChange): number {
  return (
    Number(b.verdict !== "no difference shown") - Number(a.verdict !== "no difference shown") ||
    Math.abs(b.impact) - Math.abs(a.impact) ||
    b.depth - a.depth ||
    compareNames(a.name, b.name) ||
    compareNames(a.of, b.of)
  );
}

function notesOf({ before, after }: Comparison, ...profiles: readonly Profile[]): readonly string[] {
  const withoutParts = before.parts === 1 || after.parts === 1;
  const lost = profiles.filter(({ confidence }) => (confidence.lostSamples ?? 0) > 0).length;
  const thresholds = new Set(profiles.map(({ confidence }) => confidence.thresholdSeconds));
  return [
    ...(withoutParts
      ? [
          "samples have no times or are too few to see how they vary in time: they are taken as independent, and real services vary more",
        ]
      : []),
    ...(lost > 0 ? ["samples were lost, so costs per second are too low"] : []),
    ...(thresholds.size > 1
      ? ["events were kept from different durations on: the sides are not comparable by time"]
      : []),
    ...(profiles.some(({ confidence }) => confidence.throttle !== undefined)
      ? ["the JVM dropped events beyond a rate, so costs per second are too low"]
      : []),
  ];
}
