import { UsageError } from "../model/errors.ts";
import type { ProfileThread } from "../model/profile.ts";
import { matchesPattern } from "./name-pattern.ts";
import { parseDuration } from "./quantities.ts";

/** Which part of a recording or profile is wanted, as it was asked for; what is absent selects nothing away. */
export interface Selection {
  readonly from: TimePoint | undefined;
  readonly to: TimePoint | undefined;
  /** Names of threads or pools, with `*` for anything. */
  readonly thread: string | undefined;
  /** States of sampled threads, without the `STATE_` before them. */
  readonly state: string | undefined;
  /** Types of events that profiles are made of. */
  readonly event: string | undefined;
}

/** A time in a recording: so many seconds after its start, or a moment. */
export type TimePoint =
  | { readonly kind: "offset"; readonly seconds: number }
  | { readonly kind: "clock"; readonly secondsOfDay: number }
  | { readonly kind: "moment"; readonly millis: number };

/** The options as commander hands them over. */
export interface SelectionOptions {
  readonly from?: string;
  readonly to?: string;
  readonly thread?: string;
  readonly state?: string;
  readonly event?: string;
}

/** Nothing is selected away. */
export const wholeSelection: Selection = {
  from: undefined,
  to: undefined,
  thread: undefined,
  state: undefined,
  event: undefined,
};

/** Checks what selects a part; throws `UsageError`. */
export function parseSelection({ from, to, thread, state, event }: SelectionOptions): Selection {
  return {
    from: from === undefined ? undefined : parseTimePoint("--from", from),
    to: to === undefined ? undefined : parseTimePoint("--to", to),
    ...{ thread, state, event },
  };
}

/** `30s`, `2m` after the start; `12:03:10`, a time of day in UTC; `2026-11-25T12:03:10Z`. */
function parseTimePoint(option: string, text: string): TimePoint {
  const [, hours, minutes, seconds = "0"] = /^(\d{1,2}):(\d\d)(?::(\d\d(?:\.\d+)?))?$/.exec(text) ?? [];
  if (hours !== undefined && minutes !== undefined) {
    return { kind: "clock", secondsOfDay: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) };
  }
  if (/^\d{4}-\d\d-\d\dT/.test(text)) {
    const millis = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
    if (!Number.isNaN(millis)) return { kind: "moment", millis };
  }
  try {
    return { kind: "offset", seconds: parseDuration(option, text) };
  } catch (error) {
    throw new UsageError(
      `${option} takes a time after the start (30s, 2m), a time of day in UTC (12:03:10) or 2026-11-25T12:03:10Z, got '${text}'`,
      { cause: error },
    );
  }
}

const secondsPerDay = 86_400;

/** Seconds after the start of a recording that began at `startMillis`. A time of day is the first one at or after the start. */
export function secondsAfterStart(point: TimePoint, startMillis: number): number {
  switch (point.kind) {
    case "offset":
      return point.seconds;
    case "moment":
      return (point.millis - startMillis) / 1000;
    case "clock": {
      const startOfDay = (startMillis / 1000) % secondsPerDay;
      const seconds = point.secondsOfDay - startOfDay;
      return seconds < -1 ? seconds + secondsPerDay : seconds;
    }
    default:
      return point satisfies never;
  }
}

/** Whether a thread or its pool has one of the names asked for; undefined when all are wanted. */
export function threadTest({ thread }: Selection): ((candidate: ProfileThread) => boolean) | undefined {
  if (thread === undefined) return undefined;
  const patterns = namesIn(thread);
  return ({ name, pool }) =>
    patterns.some((pattern) => matchesPattern(name, pattern) || matchesPattern(pool, pattern) || pool === pattern);
}

/** As `threadTest`, of the states of sampled threads: `RUNNABLE` is also `STATE_RUNNABLE`. */
export function stateTest({ state }: Selection): ((candidate: string) => boolean) | undefined {
  if (state === undefined) return undefined;
  const patterns = namesIn(state).map((name) => name.toUpperCase());
  return (candidate) =>
    patterns.some((pattern) => matchesPattern(candidate, pattern) || matchesPattern(candidate, `STATE_${pattern}`));
}

/** As `threadTest`, of types of events: `FileRead` is also `jdk.FileRead`. */
export function eventTest({ event }: Selection): ((candidate: string) => boolean) | undefined {
  if (event === undefined) return undefined;
  const patterns = namesIn(event);
  return (candidate) =>
    patterns.some((pattern) => matchesPattern(candidate, pattern) || matchesPattern(candidate, `*.${pattern}`));
}

function namesIn(text: string): readonly string[] {
  return text.split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));
}
