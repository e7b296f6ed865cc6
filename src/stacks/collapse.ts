import type { Profile } from "../model/profile.ts";
import { stackTotals } from "./stack-totals.ts";

/** One distinct stack of a profile. */
export interface CollapsedStack {
  /** `a;b;c`: root first. */
  readonly path: string;
  readonly weight: number;
  readonly count: number;
}

/** How frames are written. */
export interface CollapseOptions {
  /** A frame's text by its number; `;` and line breaks in it are replaced. */
  readonly frameText?: (frame: number) => string;
}

/** Every distinct stack that samples ended in, with its weight, in the order of the stacks' numbers. */
export function* collapse(profile: Profile, options: CollapseOptions = {}): Generator<CollapsedStack> {
  const { stackFrame, stackCaller, frameNames } = profile.stacks;
  const { frameText = (frame) => frameNames[frame]! } = options;
  const texts: (string | undefined)[] = new Array(frameNames.length);
  const textOf = (frame: number) => (texts[frame] ??= frameText(frame).replace(/[;\r\n]/g, separatorSubstitute));
  const { selfWeight, selfCount } = stackTotals(profile);
  for (let stack = 0; stack < selfCount.length; stack++) {
    const count = selfCount[stack]!;
    if (count === 0) continue;
    let path = textOf(stackFrame[stack]!);
    for (let at = stackCaller[stack]!; at >= 0; at = stackCaller[at]!) path = `${textOf(stackFrame[at]!)};${path}`;
    yield { path, weight: selfWeight[stack]!, count };
  }
}

/** A separator within a frame would make two frames of it. */
function separatorSubstitute(separator: string): string {
  return separator === ";" ? ":" : " ";
}
