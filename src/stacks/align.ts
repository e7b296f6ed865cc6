import { StackBuilder } from "../bytes/stack-builder.ts";
import type { Profile } from "../model/profile.ts";
import { alignedFrameName } from "./aligned-names.ts";
import { addStacks } from "./merge.ts";

/** Two profiles over one `StackTable`, in which generated names that differ from run to run are one. */
export interface AlignedProfiles {
  readonly before: Profile;
  readonly after: Profile;
}

/** Brings two profiles of one kind together, so that their stacks can be compared by number. */
export function alignProfiles(before: Profile, after: Profile): AlignedProfiles {
  const builder = new StackBuilder();
  const ofBefore = addStacks(builder, before.stacks, alignedFrameName);
  const ofAfter = before.stacks === after.stacks ? ofBefore : addStacks(builder, after.stacks, alignedFrameName);
  const stacks = builder.table();
  return {
    before: { ...before, stacks, sampleStack: before.sampleStack.map((stack) => ofBefore[stack] ?? -1) },
    after: { ...after, stacks, sampleStack: after.sampleStack.map((stack) => ofAfter[stack] ?? -1) },
  };
}
