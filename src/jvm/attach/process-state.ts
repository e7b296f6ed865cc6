import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseStat } from "../../formats/proc/stat.ts";
import { type ProcStatus, parseStatus } from "../../formats/proc/status.ts";
import { FormatError } from "../../model/errors.ts";
import type { TargetIdentity } from "../../model/target.ts";
import type { AttachTarget } from "./attach-target.ts";
import { errorCodeOf, type Failure, failure, type Outcome, passingFailure, success } from "./outcome.ts";

/** Reads what the process is now, and fails where it is gone, another one, or unable to answer. */
export async function readLiveProcess(
  procRoot: string,
  identity: Pick<TargetIdentity, "pid" | "startTicks">,
): Promise<Outcome<ProcStatus>> {
  const { pid } = identity;
  try {
    const folder = join(procRoot, String(pid));
    // stat last: what status says then belongs to the process whose start time is checked.
    const status = parseStatus(await readFile(join(folder, "status"), "latin1"));
    const { state, startTicks } = parseStat(await readFile(join(folder, "stat"), "latin1"));
    if (startTicks !== identity.startTicks) {
      return passingFailure("absent", `process ${pid} has ended; its id belongs to another process now`);
    }
    return whyUnable(pid, state) ?? success(status);
  } catch (error) {
    return whyUnreadable(pid, error);
  }
}

/** Why the JVM can answer nothing (any more); undefined where nothing shows that, and of a JVM whose process cannot be seen. */
export async function whyGone({
  procRoot,
  identity,
  tmpFolder,
}: Pick<AttachTarget, "procRoot" | "identity" | "tmpFolder">): Promise<Failure | undefined> {
  const live = tmpFolder === undefined ? await readLiveProcess(procRoot, identity) : undefined;
  return live?.ok === false ? live : undefined;
}

function whyUnable(pid: number, state: string): Outcome<never> | undefined {
  if (state === "T" || state === "t") {
    return passingFailure("failed", `process ${pid} is stopped (state ${state}) and cannot answer; resume it first`);
  }
  if (state === "Z" || state === "X") return passingFailure("absent", `process ${pid} has ended (state ${state})`);
  return undefined;
}

function whyUnreadable(pid: number, error: unknown): Outcome<never> {
  const code = errorCodeOf(error);
  if (code === "ENOENT" || code === "ESRCH") return passingFailure("absent", `process ${pid} has ended`);
  if (code === "EACCES" || code === "EPERM") return failure("denied", `/proc/${pid} cannot be read (${code})`);
  if (code === "" && !(error instanceof FormatError)) throw error;
  return failure("failed", `/proc/${pid} cannot be read: ${error instanceof Error ? error.message : code}`);
}
