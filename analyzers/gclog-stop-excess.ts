import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatDuration, formatNumberOf } from "../src/model/format-number.ts";
import {
  type GcLogEvidence,
  type LoggedPause,
  type LoggedSafepoint,
  unnamedOperation,
} from "../src/model/gc-log-evidence.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { formatPoint } from "./spans.ts";
import { gcLogThresholds } from "./thresholds-gclog.ts";
import { isCollectionName } from "./vm-operations.ts";

const limits = gcLogThresholds.stopExcess;

/** Stops for collections that are much longer than the collections in them. */
export const gclogStopExcess: Analyzer<"gcLog"> = {
  name: "gclog-stop-excess",
  description:
    "stops for a collection that outlast it: the log or a mapped file was being written, or the machine stood still",
  needs: ["gcLog"],
  analyze: ({ gcLog }) => ({ findings: findingsOf(gcLog), sections: [] }),
};

interface Excess {
  readonly safepoint: LoggedSafepoint;
  readonly seconds: number;
}

function findingsOf(log: GcLogEvidence): Finding[] {
  const excesses = excessesOf(log);
  const [worst] = [...excesses].sort((a, b) => b.seconds - a.seconds);
  const judged = worst && judge(worst.seconds, limits.seconds);
  if (worst === undefined || judged === undefined) return [];
  const total = excesses.reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    findingOf({
      rule: "safepoint/outlasts-collection",
      ...judged,
      title: `A stop${nameOf(worst.safepoint)} lasted ${formatDuration(worst.seconds)} longer than its collection, at ${formatPoint(worst.safepoint.start)}`,
      impact: { value: total, unit: "seconds" },
      evidence: [
        fact("the whole stop", worst.safepoint.totalSeconds, "seconds", "safepoints of the log"),
        fact("until threads stood", worst.safepoint.reachSeconds, "seconds", "safepoints of the log"),
        fact(
          "such stops",
          formatNumberOf(excesses.length, "stop"),
          "text",
          `${formatDuration(limits.seconds.info)} or more`,
        ),
        fact("altogether", total, "seconds", "safepoints and pauses of the log"),
      ],
      advice:
        "The JVM writes its log and its performance counters (/tmp/hsperfdata) while threads stand: put both on memory or a quiet disk (-XX:+PerfDisableSharedMem, -Xlog:async of JDK 17 and later), and look whether the machine swaps.",
    }),
  ];
}

/** Both are in the order of time, and every pause lies within its stop. */
function excessesOf({ safepoints, pauses, omittedPauses }: GcLogEvidence): Excess[] {
  if (omittedPauses > 0) return [];
  const excesses: Excess[] = [];
  let next = 0;
  for (const safepoint of safepoints) {
    const { start, totalSeconds, reachSeconds, operation } = safepoint;
    while (next < pauses.length && pauses[next]!.end < start - slackSeconds) next++;
    if (!mayCollect(operation) || totalSeconds < limits.seconds.info) continue;
    const inside = insideOf(pauses, next, start + totalSeconds);
    const seconds = totalSeconds - (reachSeconds || 0) - inside.reduce((sum, pause) => sum + pause.seconds, 0);
    // Without its pause, the log does not tell what the stop was spent on.
    if (inside.length === 0 || seconds < limits.seconds.info || seconds < totalSeconds * limits.share) continue;
    excesses.push({ safepoint, seconds });
  }
  return excesses;
}

/** Times of lines are in milliseconds. */
const slackSeconds = 0.002;

function nameOf({ operation }: LoggedSafepoint): string {
  return operation === unnamedOperation ? "" : ` for ${operation}`;
}

/** Before JDK 13, logs do not say what a stop was for. */
function mayCollect(operation: string): boolean {
  return operation === unnamedOperation || isCollectionName(operation);
}

function insideOf(pauses: readonly LoggedPause[], from: number, end: number): readonly LoggedPause[] {
  const inside: LoggedPause[] = [];
  for (let index = from; index < pauses.length && pauses[index]!.start <= end + slackSeconds; index++) {
    inside.push(pauses[index]!);
  }
  return inside;
}
