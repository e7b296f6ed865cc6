import {
  type GcLogEvidence,
  type LoggedPause,
  type LoggedSafepoint,
  unnamedOperation,
} from "../src/model/gc-log-evidence.ts";
import type { StopHistory } from "./stop-history.ts";
import { isCollectionName } from "./vm-operations.ts";

const source = "safepoints of the log";

/** What stopped the threads of a JVM, as a log with the tag `safepoint` tells it. */
export function stopsOfLog({ durationSeconds, safepoints, pauses }: GcLogEvidence): StopHistory {
  return {
    sources: { reaches: source, operations: source, both: source, collections: "pauses of the log" },
    durationSeconds,
    reaches: safepoints
      .filter(({ reachSeconds }) => reachSeconds >= 0)
      .map(({ start, reachSeconds, operation }) => ({
        start,
        seconds: reachSeconds,
        threads: Number.NaN,
        operation: operation === unnamedOperation ? undefined : operation,
      })),
    operations: safepoints.filter(isTold(pauses)).map(({ operation, start, reachSeconds, totalSeconds }) => ({
      name: operation,
      caller: undefined,
      start: start + (reachSeconds || 0),
      end: start + totalSeconds,
      seconds: totalSeconds - (reachSeconds || 0),
      isCollection: isCollectionName(operation),
    })),
    collections: pauses,
    lateThreads: () => [],
    busyFacts: () => [],
  };
}

/** Times of lines are in milliseconds. */
const slackSeconds = 0.002;

/** Before JDK 13, logs do not say what a stop was for: it was for a pause that lies within it, if there is one. */
function isTold(pauses: readonly LoggedPause[]): (safepoint: LoggedSafepoint) => boolean {
  let next = 0;
  return ({ operation, start, totalSeconds }) => {
    if (operation !== unnamedOperation) return true;
    while (next < pauses.length && pauses[next]!.end < start - slackSeconds) next++;
    return !(next < pauses.length && pauses[next]!.start <= start + totalSeconds + slackSeconds);
  };
}
