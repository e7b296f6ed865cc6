import type { RecordingEvidence } from "../src/model/recording.ts";

/** The value of a setting; the last one where it was changed. Undefined when the recording does not tell. */
export function settingOf(recording: RecordingEvidence, event: string, name: string): string | undefined {
  return recording.settings.findLast((setting) => setting.event === event && setting.name === name)?.value;
}

/** Whether the event was on; undefined when the recording does not tell. */
export function isEnabled(recording: RecordingEvidence, event: string): boolean | undefined {
  const value = settingOf(recording, event, "enabled");
  return value === undefined ? undefined : value === "true";
}

/** `10 ms` as seconds; undefined for what is no span. */
export function spanOfSetting(value: string | undefined): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)\s*(ns|us|ms|s|m|h|d)$/.exec(value?.trim() ?? "");
  if (parts === null) return undefined;
  return Number(parts[1]) * secondsOfUnit[parts[2] as keyof typeof secondsOfUnit];
}

const secondsOfUnit = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 } as const;
