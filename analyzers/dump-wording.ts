import type { FindingEvidence } from "../src/model/finding.ts";
import { formatCount } from "../src/model/format-number.ts";
import type { DumpedStackFrame } from "../src/model/thread-dump.ts";
import { longFrame, topOwnFrame } from "./dump-frames.ts";

/** Page of all rules about thread dumps. */
export const dumpDocs = "rules/threads-dumps.md";

/** A line of a finding that says something in words. */
export function textEvidence(label: string, value: string, source: string): FindingEvidence {
  return { label, value, unit: "text", source };
}

/** The top of a stack: where it waits, and the program's frames that led there. */
export function stackEvidence(frames: readonly DumpedStackFrame[], source: string): readonly FindingEvidence[] {
  const own = topOwnFrame(frames);
  const from = own === undefined ? 0 : frames.indexOf(own);
  const below = frames.slice(from, from + 8).filter(({ name }) => !name.includes("$$Lambda"));
  const shown = [...(from > 0 ? frames.slice(0, 1) : []), ...below.slice(0, 3)];
  return shown.map((frame, index) => textEvidence(index === 0 ? "at" : "", longFrame(frame), source));
}

/** `12 s`, `1.3 s`, `4 min`: how long a series shows something. */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listOf(texts: readonly string[], most: number): string {
  const shown = texts.slice(0, most);
  const more = texts.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${formatCount(more)} more`;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/** How often each text is there, most frequent first, equal ones by name. */
export function countsOf(texts: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
