import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type Mount, parseMountInfo } from "../formats/proc/mountinfo.ts";
import { type CgroupFit, fitsOf } from "./cgroup-fit.ts";

/** Whose control groups are sought, and what is mounted where. */
export interface CgroupSearch {
  readonly pid: number;
  /** Mounts as jprof sees them. */
  readonly own: MountView;
  /** Mounts as the process sees them; a container with a cgroup namespace of its own sees just itself. */
  readonly theirs: () => MountView;
}

/** Mounts, and where jprof finds a mount point. */
interface MountView {
  readonly mounts: readonly Mount[];
  readonly locate: (mountPoint: string) => string;
}

/** Folders searched for a name that the cgroup namespace hides. */
const maxSearchedFolders = 4096;

/** Prepares the search for a process; `sysRoot` stands for `/sys` in jprof's own mount points. */
export function cgroupSearchOf(pid: number, procRoot: string, sysRoot: string): CgroupSearch {
  const folder = join(procRoot, String(pid));
  let theirs: MountView | undefined;
  return {
    pid,
    own: {
      mounts: readMounts(join(procRoot, "self")),
      locate: (mountPoint) => mountPoint.replace(/^\/sys(?=\/|$)/, sysRoot),
    },
    theirs: () => {
      theirs ??= { mounts: readMounts(folder), locate: (mountPoint) => join(folder, "root", mountPoint) };
      return theirs;
    },
  };
}

/**
 * Finds where the files of a control group are: the group's own folder first, then the folders of the groups around it, as far up as can
 * be seen, through jprof's mounts or else those of the process. Empty when neither shows it.
 */
export async function findCgroupFolders(
  search: CgroupSearch,
  group: { readonly controller: string; readonly path: string },
): Promise<readonly string[]> {
  const own = fitsOf(group, search.own.mounts);
  return (
    shownGroup(own, search.own) ??
    shownGroup(fitsOf(group, search.theirs().mounts), search.theirs()) ??
    (await hiddenGroup(own, search)) ??
    []
  );
}

/** Empty for a process that ended or may not be looked at: then its group cannot be seen, which the caller says. */
function readMounts(processFolder: string): readonly Mount[] {
  try {
    return parseMountInfo(readFileSync(join(processFolder, "mountinfo"), "utf8"));
  } catch {
    return [];
  }
}

function shownGroup(fits: readonly CgroupFit[], view: MountView): readonly string[] | undefined {
  return fits
    .filter(({ hiddenNames }) => hiddenNames === 0)
    .map((fit) => levelsOf(view.locate(fit.mount.mountPoint), fit.below))
    .find(([folder = ""]) => existsSync(join(folder, "cgroup.procs")));
}

function levelsOf(top: string, below: readonly string[]): readonly string[] {
  return Array.from({ length: below.length + 1 }, (_, up) => join(top, ...below.slice(0, below.length - up)));
}

/**
 * The mount begins above jprof's cgroup namespace, and the names in between are hidden from it: of the folders as deep as the names are
 * many, the one that holds the process.
 */
async function hiddenGroup(fits: readonly CgroupFit[], search: CgroupSearch): Promise<readonly string[] | undefined> {
  const holds = new RegExp(`^${search.pid}$`, "m");
  for (const { mount, hiddenNames, below } of fits) {
    const top = search.own.locate(mount.mountPoint);
    for (const names of await namesAtDepth(top, hiddenNames)) {
      const processes = readIfThere(join(top, ...names, ...below, "cgroup.procs"));
      if (holds.test(processes)) return levelsOf(top, [...names, ...below]);
    }
  }
  return undefined;
}

/** The folders that are `depth` below `top`, as their names on the way; not all when they are too many. */
async function namesAtDepth(top: string, depth: number): Promise<readonly (readonly string[])[]> {
  let level: readonly (readonly string[])[] = [[]];
  for (let down = 0; down < depth; down++) {
    await setImmediate();
    level = level.flatMap((names) => foldersIn(join(top, ...names)).map((name) => [...names, name]));
    level = level.slice(0, maxSearchedFolders);
  }
  return level;
}

function foldersIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    // A group that was removed meanwhile, or that jprof may not look at, is not the one that is sought.
    return [];
  }
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
