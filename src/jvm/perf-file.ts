import { closeSync, constants, fstatSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { NoAnswer } from "../model/answer.ts";

/** Which JVM's file of perf counters is wanted. */
export interface PerfFileOwner {
  /** As jprof sees it. */
  readonly pid: number;
  /** As the JVM sees itself: the file's name. */
  readonly namespacePid: number;
  readonly startedAtMillis: number;
  /** `/proc`, unless a test has its own. */
  readonly procRoot: string;
  /** Where the file is, if nothing else is known of the JVM: then `startedAtMillis` is when the counters say that it began. */
  readonly tmpFolder?: string | undefined;
}

export interface OpenPerfFile {
  readonly path: string;
  readonly descriptor: number;
  readonly inode: number;
  readonly sizeBytes: number;
}

/** Why there is no file. */
export interface NoPerfFile {
  readonly code: NoAnswer;
  readonly reason: string;
}

/**
 * Opens the files that a JVM may have written, `hsperfdata_USER/PID` in its own `/tmp`, or in ours where its own cannot be entered. The
 * user is one of the JVM's container, whose name is not known here, so every folder of this name is tried. The caller closes what it gets.
 */
export function openPerfFiles(owner: PerfFileOwner): readonly OpenPerfFile[] | NoPerfFile {
  const own = owner.tmpFolder ?? join(owner.procRoot, String(owner.pid), "root/tmp");
  const ownFolders = foldersIn(own);
  const isSharedTried = "code" in ownFolders && owner.tmpFolder === undefined;
  const folders = isSharedTried ? foldersIn("/tmp") : ownFolders;
  if ("code" in folders) return folders;
  const found: OpenPerfFile[] = [];
  let denied: NoPerfFile | undefined;
  for (const folder of folders) {
    const opened = openFile(join(folder, String(owner.namespacePid)));
    if (opened === undefined) continue;
    if ("code" in opened) denied = opened;
    else found.push(opened);
  }
  if (found.length > 0) return found;
  if (denied) return denied;
  if (!("code" in ownFolders))
    return { code: "absent", reason: `no file hsperfdata_*/${owner.namespacePid} in ${own}` };
  return {
    code: ownFolders.code,
    reason: `no file hsperfdata_*/${owner.namespacePid} in /tmp, and ${ownFolders.reason}`,
  };
}

/** Of several files with the same inode, one. */
export function closePerfFiles(files: readonly OpenPerfFile[]): void {
  for (const { descriptor } of files) closeSync(descriptor);
}

function foldersIn(folder: string): readonly string[] | NoPerfFile {
  try {
    const names = readdirSync(folder);
    return names.filter((name) => name.startsWith("hsperfdata_")).map((name) => join(folder, name));
  } catch (error) {
    return noFile(folder, error);
  }
}

/** Undefined where there is none. */
function openFile(path: string): OpenPerfFile | NoPerfFile | undefined {
  try {
    // Who owns that folder could have put a pipe there, which would keep a plain open waiting for ever.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { ino, size } = fstatSync(descriptor);
    return { path, descriptor, inode: ino, sizeBytes: size };
  } catch (error) {
    const failure = noFile(path, error);
    return failure.code === "absent" ? undefined : failure;
  }
}

function noFile(path: string, error: unknown): NoPerfFile {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  if (code === "EACCES" || code === "EPERM")
    return { code: "denied", reason: `${path} cannot be read by this user (${code})` };
  if (code === "ENOENT" || code === "ENOTDIR") return { code: "absent", reason: `${path} does not exist` };
  return { code: "failed", reason: `${path} cannot be read: ${code}` };
}
