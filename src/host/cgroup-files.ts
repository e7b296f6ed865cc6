import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseCgroupBytes } from "../formats/proc/cgroup-limits.ts";
import { parseFlatKeyed } from "../formats/proc/flat-keyed.ts";

/** Keys and numbers of a control group's file. */
export type GroupKeys = Readonly<Record<string, number>>;

/** The text of a control group's file; empty where the kernel, the version or the group does not have it. */
export function readGroupText(folder: string, file: string): string {
  try {
    return readFileSync(join(folder, file), "utf8");
  } catch (error) {
    return emptyIfMissing(error);
  }
}

/** A file of one number; undefined where it says `max`, or is not there. */
export function readGroupBytes(folder: string, file: string): number | undefined {
  return parseCgroupBytes(readGroupText(folder, file));
}

/** A file of `key number` lines; empty where it is not there. */
export function readGroupKeys(folder: string, file: string): GroupKeys {
  return parseFlatKeyed(readGroupText(folder, file));
}

/** `memory.stat`; asynchronous, since the kernel may have to gather it from every CPU first. */
export async function readMemoryStat(folder: string): Promise<GroupKeys> {
  return parseFlatKeyed(await readFile(join(folder, "memory.stat"), "utf8").catch(emptyIfMissing));
}

function emptyIfMissing(error: unknown): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (["ENOENT", "ENOTDIR", "ENODEV", "EOPNOTSUPP", "EACCES", "EPERM"].includes(code)) return "";
  throw error;
}
