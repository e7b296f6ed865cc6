import { FormatError } from "../../model/errors.ts";

/** The kernel's unit of time towards programs (USER_HZ), the same on every Linux that Java runs on. */
export const ticksPerSecond = 100;

/** What /proc/PID/stat says that jprof needs. */
export interface ProcStat {
  readonly pid: number;
  /** The kernel's name of the main thread; may hold spaces and parentheses. */
  readonly command: string;
  /** One letter, as in /proc/PID/status. */
  readonly state: string;
  readonly parentPid: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly threads: number;
  /** After boot; with the pid it names the process for ever. */
  readonly startTicks: number;
  readonly virtualBytes: number;
  /** Time that the process waited for block devices; undefined where the kernel does not count it. */
  readonly blockDelayTicks: number | undefined;
}

/** Parses /proc/PID/stat: one line, where the command stands in parentheses and ends at the last one. */
export function parseStat(text: string): ProcStat {
  const open = text.indexOf(" (");
  const close = text.lastIndexOf(") ");
  const pid = text.slice(0, open);
  const fields = text.slice(close + 2).split(/\s+/);
  const state = fields[0] ?? "";
  if (open < 1 || close < open || !/^\d+$/.test(pid) || !/^[A-Za-z]$/.test(state)) {
    throw new FormatError(
      `expected "pid (command) state …" of /proc/PID/stat, got ${JSON.stringify(text.slice(0, 40))}`,
    );
  }
  return {
    pid: Number(pid),
    command: text.slice(open + 2, close),
    state,
    parentPid: needed(fields, 4),
    minorFaults: needed(fields, 10),
    majorFaults: needed(fields, 12),
    userTicks: needed(fields, 14),
    systemTicks: needed(fields, 15),
    threads: needed(fields, 20),
    startTicks: needed(fields, 22),
    virtualBytes: needed(fields, 23),
    blockDelayTicks: numberAt(fields, 42),
  };
}

/** `position` is the field's number in proc(5); the first of `fields` is number 3. */
function numberAt(fields: readonly string[], position: number): number | undefined {
  const field = fields[position - 3];
  return field !== undefined && /^-?\d+$/.test(field) ? Number(field) : undefined;
}

function needed(fields: readonly string[], position: number): number {
  const value = numberAt(fields, position);
  if (value === undefined) throw new FormatError(`expected a number as field ${position} of /proc/PID/stat`);
  return value;
}
