import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NoPerfFile, PerfFileOwner } from "./perf-file.ts";

/** What is known of why a JVM has no file of perf counters: the cause and what to change, where it shows. */
export function causeOfAbsence(owner: PerfFileOwner, found: NoPerfFile): NoPerfFile {
  if (owner.tmpFolder !== undefined) return found;
  const proc = join(owner.procRoot, String(owner.pid));
  const flag = flagAgainst(textOf(join(proc, "cmdline")));
  if (flag !== undefined) {
    return { code: "absent", reason: `the JVM runs with ${flag}, and so writes no perf counters that others can read` };
  }
  const userId = /^Uid:\s+\d+\s+(\d+)/m.exec(textOf(join(proc, "status")) ?? "")?.[1];
  if (found.code === "denied") {
    const whose = userId === undefined ? "" : `; run jprof as root or as user ${userId}, whose the JVM is`;
    return { code: "denied", reason: `${found.reason}${whose}` };
  }
  const users = textOf(join(proc, "root/etc/passwd"));
  if (found.code === "absent" && userId !== undefined && users !== undefined && !hasUser(users, userId)) {
    const reason = `user ${userId} has no entry in the JVM's /etc/passwd, and a JVM that has no user name writes no perf counters`;
    return { code: "absent", reason };
  }
  if (found.code !== "absent") return found;
  const hint =
    "its /tmp may be read-only, full or cleaned up, or its flags may come from a file or variable that turns them off";
  return { code: "absent", reason: `${found.reason}: ${hint}` };
}

/** The flag that turns the file off; the last one of a kind counts. */
function flagAgainst(commandLine: string | undefined): string | undefined {
  const flags = commandLine?.split("\0") ?? [];
  const last = flags.findLast((flag) => /^-XX:[+-]UsePerfData$/.test(flag));
  const lastShared = flags.findLast((flag) => /^-XX:[+-]PerfDisableSharedMem$/.test(flag));
  return [last, lastShared].find((flag) => flag === "-XX:-UsePerfData" || flag === "-XX:+PerfDisableSharedMem");
}

function hasUser(users: string, userId: string): boolean {
  return users.split("\n").some((line) => line.split(":")[2] === userId);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}
