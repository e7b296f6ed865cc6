import type { Profile } from "../../model/profile.ts";

/** Samples of one stack, thread and label, added together. */
export interface SampleGroup {
  readonly stack: number;
  readonly thread: number;
  readonly label: number;
  weight: number;
  count: number;
}

/** Adds up what a file needs to hold once; in the order in which the groups come. */
export function sampleGroups(profile: Profile): readonly SampleGroup[] {
  const { sampleStack, sampleThread, sampleLabel, sampleWeight, sampleCount } = profile;
  const groups = new Map<string, SampleGroup>();
  for (let sample = 0; sample < sampleStack.length; sample++) {
    const stack = sampleStack[sample]!;
    const thread = sampleThread?.[sample] ?? -1;
    const label = sampleLabel?.[sample] ?? -1;
    const key = `${stack} ${thread} ${label}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { stack, thread, label, weight: 0, count: 0 };
      groups.set(key, group);
    }
    group.weight += sampleWeight[sample]!;
    group.count += sampleCount[sample]!;
  }
  return [...groups.values()];
}
