import { constants } from "node:fs";
import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Mount, parseMountInfo } from "../formats/proc/mountinfo.ts";
import { type CgroupFit, fitsOf } from "./cgroup-fit.ts";

/** Where the machine's files are, and whose control groups are sought. */
export interface CgroupSearch {
  readonly pid: number;
  readonly procRoot: string;
  /** What stands for `/sys` in jprof's own mount points. */
  readonly sysRoot: string;
}

/** Which hierarchy: a controller of version 1, or `unified`. */
export interface Hierarchy {
  readonly controller: string;
  readonly path: string;
}

/** Folders searched for a name that the cgroup namespace hides. */
const maxSearchedFolders = 4096;

/**
 * Finds where the files of a process's control group are: the group's own folder first, then the folders of the groups around it, as far
 * up as can be seen. Looks at jprof's own mounts, then at those of the process through /proc/PID/root (a container with a cgroup
 * namespace of its own sees just itself). Empty when neither shows it.
 */
export async function findCgroupFolders(search: CgroupSearch, hierarchy: Hierarchy): Promise<readonly string[]> {
  const own = fitsOf(hierarchy, await mountsOf(search, "self"));
  const ownPoint = (mountPoint: string) => mountPoint.replace(/^\/sys(?=\/|$)/, search.sysRoot);
  const seen = await firstGroup(
    own.filter(({ hiddenNames }) => hiddenNames === 0).map((fit) => levelsOf(fit, ownPoint)),
  );
  if (seen !== undefined) return seen;
  const theirs = fitsOf(hierarchy, await mountsOf(search, String(search.pid)));
  const theirPoint = (mountPoint: string) => join(search.procRoot, String(search.pid), "root", mountPoint);
  const through = theirs.filter(({ hiddenNames }) => hiddenNames === 0).map((fit) => levelsOf(fit, theirPoint));
  return (await firstGroup(through)) ?? (await searchHidden(own, ownPoint, search.pid)) ?? [];
}

async function mountsOf(search: CgroupSearch, process: string): Promise<readonly Mount[]> {
  try {
    return parseMountInfo(await readFile(join(search.procRoot, process, "mountinfo"), "utf8"));
  } catch {
    // A process that ended or may not be looked at shows no mounts; the caller says that the group cannot be seen.
    return [];
  }
}

function levelsOf(fit: CgroupFit, pointOf: (mountPoint: string) => string): readonly string[] {
  const { below, mount } = fit;
  return Array.from({ length: below.length + 1 }, (_, up) =>
    join(pointOf(mount.mountPoint), ...below.slice(0, below.length - up)),
  );
}

async function firstGroup(candidates: readonly (readonly string[])[]): Promise<readonly string[] | undefined> {
  for (const levels of candidates) {
    if (await isReadable(join(levels[0] ?? "", "cgroup.procs"))) return levels;
  }
  return undefined;
}

async function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

/**
 * The mount begins above jprof's cgroup namespace, and the names in between are hidden from it: of the folders as deep as the names are
 * many, the one that holds the process.
 */
async function searchHidden(
  fits: readonly CgroupFit[],
  pointOf: (mountPoint: string) => string,
  pid: number,
): Promise<readonly string[] | undefined> {
  const isIn = new RegExp(`^${pid}$`, "m");
  for (const fit of fits) {
    const top = pointOf(fit.mount.mountPoint);
    for (const names of await namesAtDepth(top, fit.hiddenNames)) {
      const below = [...names, ...fit.below];
      const processes = await readFile(join(top, ...below, "cgroup.procs"), "utf8").catch(() => "");
      if (isIn.test(processes)) return levelsOf({ ...fit, below }, pointOf);
    }
  }
  return undefined;
}

/** The folders that are `depth` below `top`, as their names on the way; not all when they are too many. */
async function namesAtDepth(top: string, depth: number): Promise<readonly (readonly string[])[]> {
  let level: readonly (readonly string[])[] = [[]];
  let searched = 0;
  for (let down = 0; down < depth; down++) {
    const next: (readonly string[])[] = [];
    for (const names of level) {
      if (searched++ >= maxSearchedFolders) break;
      const entries = await readdir(join(top, ...names), { withFileTypes: true }).catch(() => []);
      for (const entry of entries) if (entry.isDirectory()) next.push([...names, entry.name]);
    }
    level = next;
  }
  return level.slice(0, maxSearchedFolders);
}
