import type { Profile, StackTable } from "../model/profile.ts";

const linesPerFrame = 3;
/** Frames with less of the profile are left without lines. */
const leastShare = 0.0005;
const lineLimit = 0x1_0000;

/** The lines in which most of a frame's self weight is: flat triples of frame in the page, line, thousandths. */
export function hotLines(
  { sampleLine, sampleWeight }: Profile,
  sampleStack: Int32Array,
  { stackFrame }: StackTable,
  frameAs: Int32Array,
): readonly number[] {
  if (sampleLine === undefined) return [];
  const byLine = new Map<number, number>();
  const byFrame = new Float64Array(frameAs.length);
  let total = 0;
  for (let sample = 0; sample < sampleStack.length; sample++) {
    const frame = stackFrame[sampleStack[sample]!]!;
    const line = sampleLine[sample]!;
    const weight = Math.abs(sampleWeight[sample]!);
    byFrame[frame]! += weight;
    total += weight;
    if (line <= 0 || line >= lineLimit) continue;
    const key = frame * lineLimit + line;
    byLine.set(key, (byLine.get(key) ?? 0) + weight);
  }
  const taken = new Uint8Array(frameAs.length);
  return [...byLine]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .flatMap(([key, weight]) => {
      const frame = Math.floor(key / lineLimit);
      const self = byFrame[frame]!;
      if (frameAs[frame]! < 0 || self < leastShare * total || taken[frame]! >= linesPerFrame) return [];
      taken[frame]!++;
      return [frameAs[frame]!, key % lineLimit, Math.round((weight / self) * 1000)];
    });
}
