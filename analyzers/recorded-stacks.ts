import type { RecordingEvidence } from "../src/model/recording.ts";

/** Names of a stack's frames, leaf first, at most so many. */
export function framesOf({ stacks }: RecordingEvidence, stack: number, most: number): string[] {
  const frames: string[] = [];
  for (let at = stack; at >= 0 && frames.length < most; at = stacks.stackCaller[at]!) {
    frames.push(stacks.frameNames[stacks.stackFrame[at]!]!);
  }
  return frames;
}

/** `A.b ← C.d ← E.f`: the frames nearest to what happened, without the JDK's own at the leaf end. */
export function callPath(recording: RecordingEvidence, stack: number): string | undefined {
  const frames = framesOf(recording, stack, 64);
  const firstOwn = frames.findIndex((frame) => !isOfJdk(frame));
  const shown = firstOwn < 0 ? frames.slice(0, 3) : frames.slice(firstOwn, firstOwn + 3);
  return shown.length === 0 ? undefined : shown.join(" ← ");
}

function isOfJdk(frame: string): boolean {
  return /^(java|javax|jdk|sun|com\.sun)\./.test(frame);
}

/** Keys with how often each was seen and what they weigh together, the heaviest first. */
export function groupedBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string | undefined,
  weightOf: (item: T) => number = () => 1,
): { readonly key: string; readonly count: number; readonly weight: number }[] {
  const groups = new Map<string, { key: string; count: number; weight: number }>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key) ?? { key, count: 0, weight: 0 };
    group.count++;
    group.weight += weightOf(item);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1));
}
