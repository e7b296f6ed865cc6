import { formatDuration } from "../src/model/format-number.ts";

/** A point of the recording: `+1 min 12 s`. */
export function formatPoint(seconds: number): string {
  return `+${formatDuration(Math.max(0, seconds))}`;
}
