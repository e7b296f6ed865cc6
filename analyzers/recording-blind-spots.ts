import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatCount, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { ProfileSet } from "../src/model/profile.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { type BlindSpot, blindSpotsOf } from "./blind-spots.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.recording;

/** What this recording cannot answer, and which setting would. */
export const recordingBlindSpots: Analyzer<"recording" | "profiles"> = {
  name: "recording-blind-spots",
  description:
    "questions that this recording cannot answer, with the settings that would: events off, stacks cut, throttles reached",
  needs: ["recording", "profiles"],
  analyze: ({ recording, profiles }) => ({
    findings: [...missing(recording), ...cutStacks(profiles), ...tooShort(recording)],
    sections: [],
  }),
};

/** Only what people ask of nearly every recording is worth a finding; the section lists the rest. */
function missing(recording: RecordingEvidence): Finding[] {
  const spots = blindSpotsOf(recording);
  const central = spots.filter(({ isCentral }) => isCentral);
  const [first] = central;
  if (first === undefined) return [];
  const more = central.length > 1 ? `, and ${formatNumberOf(central.length - 1, "more question")}` : "";
  return [
    findingOf({
      rule: "recording/blind-spots",
      severity: "info",
      score: Math.min(45, 20 + 5 * central.length),
      title: `This recording cannot tell ${first.question}${more}`,
      impact: { value: central.length, unit: "count" },
      evidence: central.map(({ question, why, event }: BlindSpot) => fact(question, why, "text", event)),
      advice: first.remedy,
    }),
  ];
}

function cutStacks({ profiles }: ProfileSet): Finding[] {
  const cut = profiles.reduce((sum, { confidence }) => sum + confidence.truncatedStacks, 0);
  const samples = profiles.reduce((sum, { sampleCount }) => sum + sampleCount.reduce((a, b) => a + b, 0), 0);
  const judged = samples > 0 ? judge(cut / samples, limits.truncatedShare) : undefined;
  if (judged === undefined) return [];
  return [
    findingOf({
      rule: "recording/blind-spots",
      key: "recording/blind-spots#stack-depth",
      ...judged,
      title: `${formatPercent(cut / samples)} of the stacks were cut at the JVM's limit of depth: who called is missing, and flame graphs fall apart`,
      impact: { value: cut, unit: "count" },
      evidence: [fact("stacks that were cut", cut, "count", `of ${formatCount(samples)} samples of all profiles`)],
      advice:
        "Start the JVM with -XX:FlightRecorderOptions=stackdepth=256 (the default is 64; it cannot be changed while the JVM runs).",
    }),
  ];
}

function tooShort({ durationSeconds, jvm }: RecordingEvidence): Finding[] {
  if (durationSeconds >= limits.shortSeconds) return [];
  const isVeryShort = durationSeconds < limits.veryShortSeconds;
  return [
    findingOf({
      rule: "jvm/duration-too-short",
      severity: "info",
      score: isVeryShort ? 45 : 15,
      title: `The recording is only ${formatSpan(durationSeconds)} long: ${isVeryShort ? "shares and rates are those of a moment" : "trends and what comes every minute are not in it"}`,
      impact: { value: durationSeconds, unit: "seconds" },
      evidence: [fact("length", durationSeconds, "seconds", "chunk headers")],
      advice: `Record for a minute or more under load: jcmd ${jvm.pid ?? "<pid>"} JFR.start settings=profile duration=120s filename=out.jfr`,
    }),
  ];
}
