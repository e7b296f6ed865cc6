import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { formatThreadSums } from "../formats/proc/thread-sums.ts";
import type { Answer } from "../model/answer.ts";
import type { ProcFolder } from "./proc-folder.ts";
import { answerOf, readSlowText, readText, refusalOf } from "./read-text.ts";
import { type ProcessName, refuseOther } from "./same-process.ts";
import type { ThreadTotals } from "./thread-totals.ts";

/** A process whose files are read. */
export interface ProcProcess extends ProcessName {
  /** Its folder, held open: with it, what is read is that process's, without looking at its start each time. */
  readonly folder?: ProcFolder;
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
  const shown = join(process.procRoot, String(process.pid));
  const held = process.folder?.open();
  if (held !== undefined && typeof held !== "string") return held;
  const answer = await readOwn(process, join(held ?? shown, file), signal);
  if (held !== undefined) return answer.ok ? answer : { ...answer, reason: answer.reason.replace(held, shown) };
  // The start is read after the file: when the process is the same now, it was the same then.
  return answer.ok ? (refuseOther(process) ?? answer) : answer;
}

async function readOwn(process: ProcProcess, path: string, signal: AbortSignal): Promise<Answer<string>> {
  const file = basename(path);
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
