import type { StackTable } from "../src/model/profile.ts";
import { type Attribution, attributeStacks } from "../src/stacks/attribution.ts";
import { isPlatformClass } from "./class-names.ts";
import { costKindOf } from "./cost-kinds.ts";
import { classOfFrame } from "./frame-names.ts";
import { oncePerEvidence } from "./once-per-evidence.ts";

/** By stack, the frame of the application that is nearest to the leaf, and what library code it called (`costKinds`). */
export type CallSites = Attribution;

/**
 * Code of the JDK and of libraries does what it is told to: whatever it costs is put down to the application that called it.
 * A stack without such a frame (a pool of the JDK that idles, a logger's own thread) has no site.
 */
export const callSitesOf = oncePerEvidence((stacks: StackTable): CallSites => {
  const { frameNames, frameKindOf } = stacks;
  const isResponsible = new Uint8Array(frameNames.length);
  const mark = new Uint8Array(frameNames.length);
  for (const [frame, name] of frameNames.entries()) {
    mark[frame] = costKindOf(name);
    if (frameKindOf[frame] === 0 && mark[frame] === 0 && !isGlue(name)) isResponsible[frame] = 1;
  }
  return attributeStacks(stacks, isResponsible, mark);
});

/** Frames that only pass calls on: of the JDK, and of the classes that it makes for lambdas and proxies. */
export function isGlue(frameName: string): boolean {
  return /\$Lambda\b|\$Proxy\d*\./.test(frameName) || isPlatformClass(classOfFrame(frameName));
}

/** Name of a stack's site; the leaf where there is none, "" where there is no stack. */
export function siteNameOf(stacks: StackTable, sites: CallSites, stack: number): string {
  return stacks.frameNames[siteFrameOf(stacks, sites, stack)] ?? "";
}

/** The frame that has that name; −1 where there is no stack. */
export function siteFrameOf({ stackFrame }: StackTable, sites: CallSites, stack: number): number {
  if (stack < 0) return -1;
  const site = sites.frame[stack]!;
  return site >= 0 ? site : stackFrame[stack]!;
}
