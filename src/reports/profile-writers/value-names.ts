import type { Profile, ProfileKind } from "../../model/profile.ts";
import { wholeUnits } from "./whole-weights.ts";

/** A column of numbers as pprof and OTLP name it. */
export interface ValueName {
  readonly type: string;
  readonly unit: string;
}

/** What readers of pprof expect: the counts, then the weights; where a profile's weights are counts, the one is both. */
const conventional: Partial<Record<ProfileKind, readonly [counts: string, weights: string]>> = {
  cpu: ["samples", "cpu"],
  wall: ["wall_samples", "wall"],
  alloc: ["alloc_objects", "alloc_space"],
  live: ["inuse_objects", "inuse_space"],
  lock: ["contentions", "delay"],
};

/** Names for a profile's columns of counts and weights; the event is added where two profiles would have the same. */
export function valueNames(profile: Profile, all: readonly Profile[]): readonly ValueName[] {
  const { kind, unit, event } = profile;
  const ambiguous = all.filter((other) => other.kind === kind).length > 1;
  const [counts, weights] = conventional[kind] ?? (kind === "unknown" ? ["samples", event] : [`${kind}_events`, kind]);
  const named = (name: string) => (ambiguous ? `${name}:${event}` : name);
  if (unit === "count") return [{ type: named(counts), unit: "count" }];
  return [
    { type: named(counts), unit: "count" },
    { type: named(weights), unit: wholeUnits[unit].name },
  ];
}

/** What a label of this kind of profile is. */
export function labelKeyOf(kind: ProfileKind): string {
  return kind === "io" ? "target" : "class";
}
