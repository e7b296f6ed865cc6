import { join } from "node:path";
import { parseStat } from "../formats/proc/stat.ts";
import { type Refusal, readText, refusalOf } from "./read-text.ts";

/** One process for ever: its pid may be used again, but not with the same start. */
export interface ProcessName {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat. */
  readonly startTicks: number;
  /** `/proc`, or where the one of the JVM's machine is mounted. */
  readonly procRoot: string;
}

/** Undefined when the pid is still that of the process which began at `startTicks`. */
export function refuseOther({ pid, startTicks, procRoot }: ProcessName): Refusal | undefined {
  return refuseOtherIn(join(procRoot, String(pid)), { pid, startTicks });
}

/** The same, of the process whose folder this is. */
export function refuseOtherIn(folder: string, { pid, startTicks }: Omit<ProcessName, "procRoot">): Refusal | undefined {
  const path = join(folder, "stat");
  const text = readText(path, "proc");
  if (!text.ok) return text;
  try {
    if (parseStat(text.value).startTicks === startTicks) return undefined;
  } catch (error) {
    return refusalOf(error, path);
  }
  return { ok: false, code: "absent", reason: `process ${pid} has ended, and its pid is another's now` };
}
