import type { RecordingEvidence } from "../src/model/recording.ts";

/** Bounds of the time that a program needs to start. */
export interface WarmUp {
  readonly warmUpSeconds: number;
  /** Share of a recording that begins with the JVM which is warm-up at most. */
  readonly warmUpShare: number;
}

/**
 * When the program was warm, in seconds of the recording: so long after the JVM's start, but of a recording that began with the JVM
 * not more than its share, so that something is left to judge.
 */
export function warmUpEnd({ jvm, startMillis, durationSeconds }: RecordingEvidence, warmUp: WarmUp): number {
  const bornSeconds = jvm.startMillis === undefined ? 0 : (jvm.startMillis - startMillis) / 1000;
  return warmUpEndOf({ bornSeconds, durationSeconds }, warmUp);
}

/** The same of any history: `bornSeconds` is when the JVM began, negative when that was before. */
export function warmUpEndOf(
  { bornSeconds, durationSeconds }: { readonly bornSeconds: number; readonly durationSeconds: number },
  warmUp: WarmUp,
): number {
  return Math.max(0, Math.min(bornSeconds + warmUp.warmUpSeconds, durationSeconds * warmUp.warmUpShare));
}
