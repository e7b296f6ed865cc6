import type { StackTable } from "../../model/profile.ts";

/** Frames of a stack, the leaf first. */
export function frameStack({ stackFrame, stackCaller }: StackTable, stack: number): number[] {
  const frames: number[] = [];
  for (let at = stack; at >= 0; at = stackCaller[at]!) frames.push(stackFrame[at]!);
  return frames;
}
