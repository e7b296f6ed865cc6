import type { FindingEvidence } from "../src/model/finding.ts";
import { formatCount } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { tableOf } from "./event-columns.ts";
import { formatDuration } from "./hot-wording.ts";

/** What of a type of event the JVM did not record. */
interface CaptureLimits {
  /** Shorter events are missing; 0 when none are, undefined when the recording does not tell. */
  readonly thresholdSeconds: number | undefined;
  /** `300/s` when more than so many were dropped; undefined when none were. */
  readonly throttle: string | undefined;
}

/** As the recording's settings state it; of settings that changed, the last. */
export function captureLimitsOf(recording: RecordingEvidence, event: string): CaptureLimits {
  const settingOf = (name: string) =>
    recording.settings.findLast((setting) => setting.event === event && setting.name === name)?.value;
  const throttle = settingOf("throttle");
  return {
    thresholdSeconds: secondsOf(settingOf("threshold")),
    throttle: throttle === undefined || throttle === "off" || throttle === "" ? undefined : throttle,
  };
}

const secondsOfUnit: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  min: 60,
  h: 3600,
};

function secondsOf(setting: string | undefined): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-zμ]+)\s*$/.exec(setting ?? "");
  const unit = secondsOfUnit[match?.[2] ?? ""];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}

/** The sentence that a total needs beside it: what is not in it. Nothing when everything is. */
export function limitsEvidence(recording: RecordingEvidence, events: readonly string[]): readonly FindingEvidence[] {
  const limited = [...new Set(events)]
    .map((event) => ({ name: event.replace(/^jdk\./, ""), limit: limitOf(recording, event) }))
    .filter(({ limit }) => limit !== "");
  if (limited.length === 0) return [];
  const sentences = [...Map.groupBy(limited, ({ limit }) => limit)].map(
    ([limit, alike]) => `${alike.map(({ name }) => name).join(", ")} ${limit}`,
  );
  return [{ label: "not in it", value: sentences.join("; "), unit: "text", source: "jdk.ActiveSetting" }];
}

/** `shorter than 1 ms or beyond 300/s`; "" when every event of the type is there. */
function limitOf(recording: RecordingEvidence, event: string): string {
  const table = tableOf(recording, event);
  if (table === undefined) return "";
  const { thresholdSeconds, throttle } = captureLimitsOf(recording, event);
  return [
    ...(thresholdSeconds !== undefined && thresholdSeconds > 0
      ? [`shorter than ${formatDuration(thresholdSeconds)}`]
      : []),
    ...(throttle === undefined ? [] : [`beyond ${throttle}`]),
    ...(table.omittedRows > 0 ? [`the ${formatCount(table.omittedRows)} shortest, for want of memory`] : []),
  ].join(" or ");
}
