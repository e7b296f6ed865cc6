import { formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { Profile } from "../src/model/profile.ts";
import { formatDuration } from "./hot-wording.ts";

/** What the numbers of a profile are worth, in sentences: how they were taken and what is not in them. */
export function confidenceSentences(profile: Profile): readonly string[] {
  const { confidence, sampleCount } = profile;
  const samples = sampleCount.reduce((sum, count) => sum + count, 0);
  const { intervalSeconds, lostSamples, thresholdSeconds, throttle, truncatedStacks, samplesWithoutStack } = confidence;
  return [
    ...(intervalSeconds === undefined ? [] : [`sampled every ${formatDuration(intervalSeconds)}`]),
    ...(thresholdSeconds === undefined || thresholdSeconds === 0
      ? []
      : [`events shorter than ${formatDuration(thresholdSeconds)} are not recorded`]),
    ...(throttle === undefined ? [] : [`no more than ${throttle} were kept, so totals may be too low`]),
    ...(lostSamples === undefined || lostSamples === 0 ? [] : [`${formatNumberOf(lostSamples, "sample")} lost`]),
    ...(truncatedStacks > 0
      ? [`${formatPercent(truncatedStacks / Math.max(1, samples))} of the stacks were cut at the JVM's limit of depth`]
      : []),
    ...(samplesWithoutStack > 0 ? [`${formatNumberOf(samplesWithoutStack, "sample")} without a stack`] : []),
    ...(samples < 100 ? ["too few samples for shares to mean much"] : []),
    ...confidence.notes,
  ];
}
