import { noStack, StackBuilder } from "../bytes/stack-builder.ts";
import { frameKinds, type Profile } from "../model/profile.ts";

/** The profile with its stacks upside down: the leaf becomes the root, so that a tree of it tells who called a hot frame. */
export function invert(profile: Profile): Profile {
  const { frameNames, frameKindOf, stackFrame, stackCaller } = profile.stacks;
  const builder = new StackBuilder();
  const frames = frameNames.map((name, frame) => builder.frame(name, frameKinds[frameKindOf[frame]!]!));
  const inverted = new Int32Array(stackFrame.length).fill(-2);
  const sampleStack = profile.sampleStack.map((stack) => {
    if (stack < 0) return noStack;
    if (inverted[stack]! === -2) {
      let turned = noStack;
      for (let at = stack; at >= 0; at = stackCaller[at]!) turned = builder.call(turned, frames[stackFrame[at]!]!);
      inverted[stack] = turned;
    }
    return inverted[stack]!;
  });
  return { ...profile, stacks: builder.table(), sampleStack };
}
