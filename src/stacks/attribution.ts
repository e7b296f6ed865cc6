import type { StackTable } from "../model/profile.ts";

/** Whom to hold responsible for what a stack costs. */
export interface Attribution {
  /** By stack: the responsible frame nearest to the leaf, −1 when the stack has none. */
  readonly frame: Int32Array;
  /** By stack: the mark of the outermost marked frame that the responsible one called; 0 none. */
  readonly mark: Uint8Array;
}

/** Attributes each stack to the nearest responsible caller of its leaf, and remembers what that one called. */
export function attributeStacks(
  { stackFrame, stackCaller }: StackTable,
  isResponsible: Uint8Array,
  markOfFrame: Uint8Array,
): Attribution {
  const frame = new Int32Array(stackFrame.length).fill(-1);
  const mark = new Uint8Array(stackFrame.length);
  for (let stack = 0; stack < stackFrame.length; stack++) {
    const own = stackFrame[stack]!;
    if (isResponsible[own] === 1) {
      frame[stack] = own;
      continue;
    }
    const caller = stackCaller[stack]!;
    const inherited = caller < 0 ? 0 : mark[caller]!;
    if (caller >= 0) frame[stack] = frame[caller]!;
    mark[stack] = inherited === 0 ? markOfFrame[own]! : inherited;
  }
  return { frame, mark };
}

/** 1 for stacks that have one of these frames anywhere. */
export function stacksThrough({ stackFrame, stackCaller }: StackTable, isWanted: Uint8Array): Uint8Array {
  const goesThrough = new Uint8Array(stackFrame.length);
  for (let stack = 0; stack < stackFrame.length; stack++) {
    const caller = stackCaller[stack]!;
    goesThrough[stack] = isWanted[stackFrame[stack]!] === 1 || (caller >= 0 && goesThrough[caller] === 1) ? 1 : 0;
  }
  return goesThrough;
}
