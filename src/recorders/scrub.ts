import { scrubRecording } from "../formats/jfr/scrub.ts";
import { formatNumberOf } from "../model/format-number.ts";

/** Takes out of a fresh recording what is not for everybody, and says so where there was any. */
export function scrub(path: string): readonly string[] {
  const events = scrubRecording(path);
  if (events === 0) return [];
  return [
    `${formatNumberOf(events, "event")} with environment, system properties or command lines of other processes had been recorded; their texts were removed`,
  ];
}
