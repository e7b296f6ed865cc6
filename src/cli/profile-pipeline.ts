import { recordingAnalyzers } from "../../analyzers/of-recordings.ts";
import type { ProfileSet } from "../model/profile.ts";
import type { ProfileSummary } from "../model/report.ts";
import type { Input } from "./input.ts";
import type { InputEvidence, ReadOptions } from "./pipelines.ts";
import { readProfiles } from "./read-profiles.ts";

/** A profile of any format as evidence. */
export async function readProfileEvidence(input: Input, { selection, progress }: ReadOptions): Promise<InputEvidence> {
  const { profiles, format } = await readProfiles(input, { kind: undefined, selection }, progress);
  return {
    evidence: { profiles },
    analyzers: recordingAnalyzers,
    profiles,
    summary: profileSummaryOf(input.name, format, profiles),
    close: () => undefined,
  };
}

function profileSummaryOf(
  input: string,
  format: string,
  { profiles, startMillis, durationSeconds }: ProfileSet,
): ProfileSummary {
  const counts = profiles.map(
    ({ event, sampleCount }) => [event, sampleCount.reduce((sum, each) => sum + each, 0)] as const,
  );
  return {
    kind: "profile",
    ...{ input, format },
    eventCounts: Object.fromEntries(counts),
    startTime: startMillis === undefined ? null : new Date(startMillis).toISOString(),
    durationSeconds: durationSeconds ?? null,
    lostEvents: profiles.reduce((sum, { confidence }) => sum + (confidence.lostSamples ?? 0), 0),
    lostBytes: 0,
  };
}
