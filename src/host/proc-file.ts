import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseStat } from "../formats/proc/stat.ts";
import { formatThreadSums } from "../formats/proc/thread-sums.ts";
import type { Answer } from "../model/answer.ts";
import { answerOf, type Refusal, readSlowText, readText, refusalOf } from "./read-text.ts";
import type { ThreadTotals } from "./thread-totals.ts";

/** One process for ever: its pid may be used again, but not with the same start. */
export interface ProcProcess {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat. */
  readonly startTicks: number;
  /** `/proc`, or where the one of the JVM's machine is mounted. */
  readonly procRoot: string;
  /** What its threads did, kept as long as the process is watched; without it `task` has no answer. */
  readonly threads?: ThreadTotals;
}

/** Files that the kernel makes up without waiting for the process; the others may need the lock of its memory map. */
const quickFiles = ["cgroup", "io", "limits", "mountinfo", "oom_score", "oom_score_adj", "schedstat", "stat", "status"];

/**
 * Reads a file of /proc/PID, such as `status`. The folder `fd` gives the number of its entries, and `task` what the threads did, summed, in
 * lines as `status` has them. A name that begins with a slash is a file of the whole machine: `/pressure/cpu`.
 */
export async function readProcFile(process: ProcProcess, file: string, signal: AbortSignal): Promise<Answer<string>> {
  if (file.startsWith("/")) return readText(join(process.procRoot, file), "proc");
  const answer = await readOwn(process, file, signal);
  // The start is read after the file: when the process is the same now, it was the same then.
  return answer.ok ? (refuseOther(process) ?? answer) : answer;
}

/** Undefined when the pid is still that of the process which began at `startTicks`. */
export function refuseOther(process: Pick<ProcProcess, "pid" | "startTicks" | "procRoot">): Refusal | undefined {
  const path = join(process.procRoot, String(process.pid), "stat");
  const text = readText(path, "proc");
  if (!text.ok) return text;
  try {
    if (parseStat(text.value).startTicks === process.startTicks) return undefined;
  } catch (error) {
    return refusalOf(error, path);
  }
  return { ok: false, code: "absent", reason: `process ${process.pid} has ended, and its pid is another's now` };
}

async function readOwn(process: ProcProcess, file: string, signal: AbortSignal): Promise<Answer<string>> {
  const path = join(process.procRoot, String(process.pid), file);
  if (file === "fd") return countEntries(path);
  if (file === "task") return readThreads(process.threads, path, signal);
  return quickFiles.includes(file) ? readText(path, "proc") : readSlowText(path, "proc", signal);
}

/** Since Linux 6.2 the size of the folder is the number of open files; before, and where it is 0, they are counted. */
function countEntries(path: string): Answer<string> {
  try {
    const { size } = statSync(path);
    return answerOf(String(size > 0 ? size : readdirSync(path).length), "proc");
  } catch (error) {
    return refusalOf(error, path);
  }
}

async function readThreads(
  threads: ThreadTotals | undefined,
  path: string,
  signal: AbortSignal,
): Promise<Answer<string>> {
  if (threads === undefined) return { ok: false, code: "absent", reason: "what its threads did is not kept" };
  try {
    return answerOf(formatThreadSums(await threads.read(path, signal)), "proc");
  } catch (error) {
    return refusalOf(error, path);
  }
}
