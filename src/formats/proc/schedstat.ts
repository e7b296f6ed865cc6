import { FormatError } from "../../model/errors.ts";

/** What the scheduler did with one thread. */
export interface Schedstat {
  readonly runningNanos: number;
  /** It could have run, and waited for a CPU. */
  readonly waitingNanos: number;
  readonly timeslices: number;
}

/** Parses /proc/PID/task/TID/schedstat. */
export function parseSchedstat(text: string): Schedstat {
  const match = /^(\d{1,20}) (\d{1,20}) (\d{1,20})\n?$/.exec(text);
  if (match === null)
    throw new FormatError(`expected three numbers of schedstat, got ${JSON.stringify(text.slice(0, 40))}`);
  return { runningNanos: Number(match[1]), waitingNanos: Number(match[2]), timeslices: Number(match[3]) };
}
