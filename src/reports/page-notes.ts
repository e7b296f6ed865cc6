import { formatCount, formatNumberOf } from "../model/format-number.ts";
import type { Profile } from "../model/profile.ts";

/** What bounds the trust in a profile's numbers, as sentences. */
export function notesOf({ confidence }: Profile): readonly string[] {
  const { intervalSeconds, thresholdSeconds, throttle, lostSamples = 0 } = confidence;
  const { samplesWithoutStack, truncatedStacks, notes } = confidence;
  return [
    ...(intervalSeconds === undefined ? [] : [`One sample every ${milliseconds(intervalSeconds)}.`]),
    ...(thresholdSeconds === undefined || thresholdSeconds === 0
      ? []
      : [`Nothing shorter than ${milliseconds(thresholdSeconds)} is in the recording.`]),
    ...(throttle === undefined ? [] : [`The JVM kept at most ${throttle}.`]),
    ...(lostSamples > 0 ? [`${formatNumberOf(lostSamples, "sample")} lost.`] : []),
    ...(samplesWithoutStack > 0 ? [`${formatNumberOf(samplesWithoutStack, "sample")} without a stack.`] : []),
    ...(truncatedStacks > 0
      ? [`${formatNumberOf(truncatedStacks, "stack")} cut at the JVM's limit of depth: their roots are missing.`]
      : []),
    ...notes.map(sentence),
  ];
}

/** With a capital at its beginning and a full stop at its end. */
function sentence(text: string): string {
  const capital = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

function milliseconds(seconds: number): string {
  const millis = seconds * 1000;
  return millis >= 10_000 ? `${formatCount(seconds)} s` : `${Number(millis.toPrecision(3))} ms`;
}
