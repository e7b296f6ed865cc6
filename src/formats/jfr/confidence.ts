import type { ProfileConfidence } from "../../model/profile.ts";
import type { ProfileBuilder } from "./profile-builder.ts";
import type { SettingLog } from "./settings.ts";
import { parseTimespan } from "./timespan.ts";

/** What else is known of a profile when all is read. */
interface ProfileCircumstances {
  readonly settings: SettingLog;
  readonly lostSamples: number | undefined;
  /** Seconds between two samples, at the recording's end. */
  readonly intervalSeconds: number | undefined;
  readonly notes: readonly string[];
}

/** What bounds the trust in a profile: what its event's settings left out, what was lost, and how samples were taken. */
export function confidenceOf(builder: ProfileBuilder, circumstances: ProfileCircumstances): ProfileConfidence {
  const { settings, lostSamples, intervalSeconds } = circumstances;
  const { event } = builder.rule;
  const threshold = parseTimespan(settings.valueOf(event, "threshold") ?? "");
  const throttle = settings.valueOf(event, "throttle");
  const isThrottled = throttle !== undefined && /^\d+\/\w+$/.test(throttle);
  return {
    ...(intervalSeconds !== undefined && { intervalSeconds }),
    ...(lostSamples !== undefined && lostSamples > 0 && { lostSamples }),
    ...(threshold !== undefined && threshold > 0 && { thresholdSeconds: threshold }),
    ...(isThrottled && { throttle }),
    samplesWithoutStack: builder.samplesWithoutStack,
    truncatedStacks: builder.truncatedStacks,
    notes: [...circumstances.notes, ...notesOf(builder, settings, isThrottled ? throttle : undefined)],
  };
}

function* notesOf(builder: ProfileBuilder, settings: SettingLog, throttle: string | undefined): Generator<string> {
  const { rule, columns } = builder;
  const { event } = rule;
  if (event === "jdk.ExecutionSample" && settings.valueOf(event, "period") !== undefined) yield oldSampler;
  if (event === "jdk.NativeMethodSample") yield nativeSampler;
  if (event === "jdk.CPUTimeSample" && throttle !== undefined) {
    yield `the JVM took at most ${throttle} samples, over all threads together; each weighs the time since the one before`;
  } else if (throttle !== undefined && event !== "jdk.ObjectAllocationSample") {
    yield `the JVM kept at most ${throttle} of these events: what it left out is not in the totals`;
  }
  if (event === "jdk.ObjectAllocationSample")
    yield "each sample stands for what its thread allocated since the one before";
  if (settings.valuesOf(event, "threshold").length > 1) yield "the threshold was changed while the recording was made";
  if (event === "jdk.OldObjectSample") yield "a sample of the objects that were alive at the end, not all of them";
  if (rule.kind === "native-leak") yield "memory that was allocated last may still have been in use";
  if (columns.bucketSeconds > 0) {
    yield `samples within ${columns.bucketSeconds} s were added together where stack and thread are the same`;
  }
}

const oldSampler =
  "the JVM samples at most five threads that run Java code in each period: where more run, there was more work than samples show, and each is sampled less often";
const nativeSampler =
  "the JVM samples one thread in native code in each period, waiting ones too: shares are right, seconds are not those of all threads";
