import { lstat, readFile, statfs } from "node:fs/promises";
import { join, posix } from "node:path";
import { type Mount, parseMountInfo } from "../../formats/proc/mountinfo.ts";
import { errorCodeOf } from "../attach/outcome.ts";

/** Where a JVM is to write a dump, and how big it may get. */
export interface DumpPlan {
  readonly procRoot: string;
  readonly pid: number;
  /** As the JVM sees it: absolute, and there already. */
  readonly folder: string;
  /** Bytes in use in the heap. */
  readonly usedBytes: number;
  /** What must stay free for others. */
  readonly reserveBytes: number;
  /** What the JVM's control group may still take in memory; undefined: no limit. */
  readonly memoryLeftBytes: number | undefined;
}

/** Whether a dump will fit. */
export interface DumpSpace {
  readonly neededBytes: number;
  /** Undefined where the file system cannot be asked. */
  readonly freeBytes: number | undefined;
  /** `ext4`, `tmpfs`; undefined where the mount is not found. */
  readonly fileSystem: string | undefined;
  /** Why the dump must not be written there. */
  readonly refused: string | undefined;
}

/** A dump has a record's head for each object, and the classes: it can be that much bigger than the heap. */
const dumpPerHeap = 1.3;

/** Checks the place of a dump before the JVM is asked for it: a full disk hurts the service more than its fault does. */
export async function checkDumpSpace(plan: DumpPlan): Promise<DumpSpace> {
  const neededBytes = Math.ceil(plan.usedBytes * dumpPerHeap) + plan.reserveBytes;
  const process = join(plan.procRoot, String(plan.pid));
  const folder = posix.normalize(plan.folder);
  const refuse = (refused: string): DumpSpace => {
    return { neededBytes, freeBytes: undefined, fileSystem: undefined, refused };
  };
  if (!posix.isAbsolute(folder)) return refuse(`${plan.folder} is not an absolute path`);
  try {
    const link = await linkIn(join(process, "root"), folder);
    if (link !== undefined) return refuse(`${link} is a symbolic link; name the folder that it leads to`);
    const mount = mountOf(parseMountInfo(await readFile(join(process, "mountinfo"), "utf8")), folder);
    const { bavail, bsize, files, ffree } = await statfs(join(process, "root", folder));
    const freeBytes = bavail * bsize;
    const space = { neededBytes, freeBytes, fileSystem: mount?.fileSystem };
    return { ...space, refused: whyNot(plan, space, { mount, hasInodes: files === 0 || ffree > 0 }) };
  } catch (error) {
    if (errorCodeOf(error) === "") throw error;
    return refuse(`${folder} of process ${plan.pid} cannot be looked at (${errorCodeOf(error)})`);
  }
}

/** The first symbolic link on the way: followed from outside, it would lead to a folder here, and not in the JVM's root. */
async function linkIn(root: string, folder: string): Promise<string | undefined> {
  let path = "";
  for (const name of folder.split("/").filter((part) => part !== "")) {
    path += `/${name}`;
    if ((await lstat(join(root, path))).isSymbolicLink()) return path;
  }
  return undefined;
}

function whyNot(
  plan: DumpPlan,
  { neededBytes, freeBytes }: { readonly neededBytes: number; readonly freeBytes: number },
  { mount, hasInodes }: { readonly mount: Mount | undefined; readonly hasInodes: boolean },
): string | undefined {
  const { folder, memoryLeftBytes } = plan;
  if (mount !== undefined && isReadOnly(mount)) return `${folder} is on a read-only file system (${mount.mountPoint})`;
  if (!hasInodes) return `the file system of ${folder} has no inode left`;
  if (freeBytes < neededBytes) {
    return `${folder} has ${freeBytes} bytes free, and the dump with its reserve may need ${neededBytes}`;
  }
  const isMemory = mount !== undefined && memoryFileSystems.includes(mount.fileSystem);
  if (isMemory && memoryLeftBytes !== undefined && memoryLeftBytes < neededBytes) {
    return `${folder} is in memory (${mount.fileSystem}), of which the JVM's control group has ${memoryLeftBytes} bytes left for the ${neededBytes} that the dump with its reserve may need`;
  }
  return undefined;
}

const memoryFileSystems = ["tmpfs", "ramfs"];

function isReadOnly({ options, superOptions }: Mount): boolean {
  return options.includes("ro") || superOptions.includes("ro");
}

/** The longest mount point above the folder; of two at the same place, the later one hides the other. */
function mountOf(mounts: readonly Mount[], folder: string): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    const isAbove =
      mount.mountPoint === "/" || folder === mount.mountPoint || folder.startsWith(`${mount.mountPoint}/`);
    if (isAbove && mount.mountPoint.length >= (best?.mountPoint.length ?? 0)) best = mount;
  }
  return best;
}
