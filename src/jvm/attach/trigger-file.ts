import { constants, unlinkSync } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";
import { join } from "node:path";
import { type Credentials, ownCredentials } from "./credentials.ts";
import { type FolderHandle, openFolder } from "./folder-handle.ts";
import { errorCodeOf, failure, type Outcome, success } from "./outcome.ts";

/** The file by which a JVM knows that a SIGQUIT asks for its listener, and not for a dump of its threads. */
export interface TriggerFile {
  /** Takes the file away; once more is harmless. When jprof exits before that, it goes with it. */
  remove(): Promise<void>;
}

/**
 * Creates the file in the JVM's working folder, where the JVM looks first, or else in its /tmp. The JVM trusts a file of
 * its own user, or root's. Some file systems give new files to somebody else; and one that is already there in another
 * user's name would make the JVM print its threads.
 */
export async function createTrigger(
  workingFolder: string,
  tempFolder: FolderHandle,
  namespacePid: number,
  jvm: Credentials,
): Promise<Outcome<TriggerFile>> {
  const name = `.attach_pid${namespacePid}`;
  const working = await createIn({ path: workingFolder, shownAs: workingFolder }, name, jvm);
  if (working.ok || working.code === "denied") return working;
  const temp = await createIn(tempFolder, name, jvm);
  if (temp.ok || temp.code === "denied") return temp;
  return failure("denied", `no trigger file can be made: ${working.reason}; ${temp.reason}`);
}

/** Fails with `denied` where a file of another user stands in the way, with `failed` where another folder may do. */
async function createIn(
  place: Pick<FolderHandle, "path" | "shownAs">,
  name: string,
  jvm: Credentials,
): Promise<Outcome<TriggerFile>> {
  const shownAs = join(place.shownAs, name);
  let folder: FolderHandle | undefined;
  try {
    folder = await openFolder(place.path);
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
    const file = await open(join(folder.path, name), flags, 0o600);
    const trigger = triggerOf(folder, name);
    const owner = await giveTo(jvm, file);
    if (isTrusted(owner, jvm)) return success(trigger);
    await trigger.remove();
    return failure("failed", `${shownAs}: new files belong to uid ${owner} there`);
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === "EEXIST" && folder !== undefined) return adopt(folder, name, jvm);
    await folder?.close();
    return failure("failed", `${shownAs}: ${code}`);
  }
}

/** The user that the file belongs to in the end. */
async function giveTo(jvm: Credentials, file: FileHandle): Promise<number> {
  try {
    // Root alone may; where the file system refuses even that, the JVM may still trust root.
    if (ownCredentials().uid === 0 && jvm.uid !== 0) await file.chown(jvm.uid, jvm.gid).catch(errorCodeOf);
    return (await file.stat()).uid;
  } finally {
    await file.close();
  }
}

/** A trigger that somebody left serves as well as a new one. */
async function adopt(folder: FolderHandle, name: string, jvm: Credentials): Promise<Outcome<TriggerFile>> {
  const found = await lstat(join(folder.path, name)).catch(() => undefined);
  if (found?.isFile() && isTrusted(found.uid, jvm)) return success(triggerOf(folder, name));
  await folder.close();
  const whose = found === undefined ? "" : ` and belongs to uid ${found.uid}`;
  return failure("denied", `${join(folder.shownAs, name)} stands in the way${whose}; remove it`);
}

function isTrusted(uid: number, jvm: Credentials): boolean {
  return uid === jvm.uid || uid === 0;
}

function triggerOf(folder: FolderHandle, name: string): TriggerFile {
  const unlink = () => {
    try {
      unlinkSync(join(folder.path, name));
    } catch (error) {
      // Gone already, or beyond our rights by now: there is nothing left to do about it.
      if (errorCodeOf(error) === "") throw error;
    }
  };
  let isThere = true;
  // One listener for each JVM that is being attached to: there is no leak to warn of.
  process.setMaxListeners(process.getMaxListeners() + 1);
  process.once("exit", unlink);
  return {
    async remove() {
      if (!isThere) return;
      isThere = false;
      process.off("exit", unlink);
      process.setMaxListeners(process.getMaxListeners() - 1);
      unlink();
      await folder.close();
    },
  };
}
