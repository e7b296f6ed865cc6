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
  const pid = numberIn(text, 0, open);
  const ends = open < 1 || close < open || pid === undefined ? [] : fieldEnds(text, close + 2);
  const state = text.slice(close + 2, ends[0]);
  if (pid === undefined || !/^[A-Za-z]$/.test(state)) {
    throw new FormatError(
      `expected "pid (command) state …" of /proc/PID/stat, got ${JSON.stringify(text.slice(0, 40))}`,
    );
  }
  const field = (position: number) => fieldAt(text, ends, position);
  return {
    pid,
    command: text.slice(open + 2, close),
    state,
    parentPid: needed(field(4), 4),
    minorFaults: needed(field(10), 10),
    majorFaults: needed(field(12), 12),
    userTicks: needed(field(14), 14),
    systemTicks: needed(field(15), 15),
    threads: needed(field(20), 20),
    startTicks: needed(field(22), 22),
    virtualBytes: needed(field(23), 23),
    blockDelayTicks: field(42),
  };
}

/** Where each field ends that begins at `start` or later; they are not cut out, since few of them are needed. */
function fieldEnds(text: string, start: number): readonly number[] {
  const ends: number[] = [];
  for (let space = text.indexOf(" ", start); space >= 0; space = text.indexOf(" ", space + 1)) ends.push(space);
  ends.push(text.endsWith("\n") ? text.length - 1 : text.length);
  return ends;
}

/** `position` is the field's number in proc(5); the first of `ends` is of number 3. */
function fieldAt(text: string, ends: readonly number[], position: number): number | undefined {
  const [before, end] = [ends[position - 4], ends[position - 3]];
  return before === undefined || end === undefined ? undefined : numberIn(text, before + 1, end);
}

/** Undefined where there is anything but digits. */
function numberIn(text: string, start: number, end: number): number | undefined {
  const first = text.charCodeAt(start) === minus ? start + 1 : start;
  if (end <= first) return undefined;
  let value = 0;
  for (let at = first; at < end; at++) {
    const digit = text.charCodeAt(at) - zero;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    value = value * 10 + digit;
  }
  return first === start ? value : -value;
}

const minus = 45;
const zero = 48;

function needed(value: number | undefined, position: number): number {
  if (value === undefined) throw new FormatError(`expected a number as field ${position} of /proc/PID/stat`);
  return value;
}
