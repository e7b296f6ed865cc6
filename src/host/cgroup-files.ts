import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseCgroupBytes } from "../formats/proc/cgroup-limits.ts";
import { parseFlatKeyed } from "../formats/proc/flat-keyed.ts";

/** The text of a control group's file; empty where the kernel, the version or the group does not have it. */
export async function readGroupText(folder: string, file: string): Promise<string> {
  try {
    return await readFile(join(folder, file), "utf8");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR", "ENODEV", "EOPNOTSUPP", "EACCES", "EPERM"].includes(code)) return "";
    throw error;
  }
}

/** A file of one number; undefined where it says `max`, or is not there. */
export async function readGroupBytes(folder: string, file: string): Promise<number | undefined> {
  return parseCgroupBytes(await readGroupText(folder, file));
}

/** A file of `key number` lines; empty where it is not there. */
export async function readGroupKeys(folder: string, file: string): Promise<Readonly<Record<string, number>>> {
  return parseFlatKeyed(await readGroupText(folder, file));
}

/** The least of those that are there. */
export function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
