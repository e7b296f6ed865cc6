import type { GcLogEvidence } from "../../model/gc-log-evidence.ts";

/** Lines of one log that was cut in two are not further apart, unless the JVM did nothing for so long. */
const mostGapSeconds = 3600;

/** Which logs are files of one log that was rotated, each in the order of time, as indexes into what was given. */
export function orderOfLogs(logs: readonly GcLogEvidence[]): readonly (readonly number[])[] {
  const order = logs.map((_, index) => index).sort((a, b) => startOf(logs[a]!) - startOf(logs[b]!) || a - b);
  const groups: number[][] = [];
  for (const index of order) {
    const group = groups.find((members) => follows(logs[members.at(-1)!]!, logs[index]!));
    if (group) group.push(index);
    else groups.push([index]);
  }
  return groups.sort((a, b) => Math.min(...a) - Math.min(...b));
}

function startOf({ runs }: GcLogEvidence): number {
  const [first] = runs;
  return first?.startMillis === undefined ? (first?.uptimeSeconds ?? 0) : first.startMillis / 1e3;
}

/** Whether the second log goes on where the first one ends: the same JVM, older, without a head of its own. */
function follows(earlier: GcLogEvidence, later: GcLogEvidence): boolean {
  const last = earlier.runs.at(-1);
  const [first] = later.runs;
  if (last === undefined || first === undefined || earlier.file.format !== later.file.format) return false;
  if (first.facts.has("Using") || (later.collector !== undefined && later.collector !== earlier.collector))
    return false;
  const age = last.uptimeSeconds + last.endSeconds - last.startSeconds;
  const gap = first.uptimeSeconds - age;
  if (Number.isFinite(gap)) return gap >= -1 && gap <= mostGapSeconds && isNear(last, first, gap);
  return isNear(last, first, undefined);
}

/** Where both have dates, these tell the same time apart as the JVM's age. */
function isNear(
  last: GcLogEvidence["runs"][number],
  first: GcLogEvidence["runs"][number],
  ageGap: number | undefined,
): boolean {
  if (last.startMillis === undefined || first.startMillis === undefined) return ageGap !== undefined;
  const gap = first.startMillis / 1e3 - (last.startMillis / 1e3 + last.endSeconds - last.startSeconds);
  return ageGap === undefined ? gap >= -1 && gap <= mostGapSeconds : Math.abs(gap - ageGap) <= 5;
}
