import { join } from "node:path";
import { flagSwitch } from "./flag-values.ts";
import { insideRoot } from "./inside-root.ts";
import type { NoPerfFile, PerfFileOwner } from "./perf-file.ts";
import { readText } from "./proc-reads.ts";
import { commandWords } from "./process-command.ts";

/** What is known of why a JVM has no file of perf counters: the cause and what to change, where it shows. */
export function causeOfAbsence(owner: PerfFileOwner, found: NoPerfFile): NoPerfFile {
  if (owner.tmpFolder !== undefined) return found;
  const proc = join(owner.procRoot, String(owner.pid));
  const flag = flagAgainst(commandWords(proc));
  if (flag !== undefined) {
    return { code: "absent", reason: `the JVM runs with ${flag}, and so writes no perf counters that others can read` };
  }
  const userId = /^Uid:\s+\d+\s+(\d+)/m.exec(readText(join(proc, "status")) ?? "")?.[1];
  if (found.code === "denied") {
    const whose = userId === undefined ? "" : `; run jprof as root or as user ${userId}, whose the JVM is`;
    return { code: "denied", reason: `${found.reason}${whose}` };
  }
  const users = readText(insideRoot(join(proc, "root"), "/etc/passwd"), mostPasswdBytes);
  if (found.code === "absent" && userId !== undefined && users !== undefined && !hasUser(users, userId)) {
    const reason = `user ${userId} has no entry in the JVM's /etc/passwd, and a JVM that has no user name writes no perf counters`;
    return { code: "absent", reason };
  }
  if (found.code !== "absent") return found;
  const hint =
    "its /tmp may be read-only, full or cleaned up, or its flags may come from a file or variable that turns them off";
  return { code: "absent", reason: `${found.reason}: ${hint}` };
}

const mostPasswdBytes = 4 << 20;

/** The flag that turns the file off. */
function flagAgainst(flags: readonly string[]): string | undefined {
  if (flagSwitch(flags, "UsePerfData") === false) return "-XX:-UsePerfData";
  return flagSwitch(flags, "PerfDisableSharedMem") === true ? "-XX:+PerfDisableSharedMem" : undefined;
}

function hasUser(users: string, userId: string): boolean {
  return users.split("\n").some((line) => line.split(":")[2] === userId);
}
