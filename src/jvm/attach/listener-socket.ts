import { access, constants, lstat } from "node:fs/promises";
import { join } from "node:path";
import { type FolderHandle, openFolder } from "./folder-handle.ts";
import { errorCodeOf, failure, type Outcome, success } from "./outcome.ts";

/** Opens the folder that the JVM takes for /tmp, where it always keeps its socket, whatever java.io.tmpdir says. */
export async function openTempFolder(
  procRoot: string,
  pid: number,
  namespacePid: number,
): Promise<Outcome<FolderHandle>> {
  const own = join(procRoot, String(pid), "root/tmp");
  try {
    return success(await openFolder(own));
  } catch (error) {
    return openSharedTemp(own, error, { procRoot, pid, namespacePid });
  }
}

/** Without a way into the JVM's own root, the /tmp here may be the same one, unless another process here has the id that the JVM has there. */
async function openSharedTemp(
  own: string,
  error: unknown,
  ids: { readonly procRoot: string; readonly pid: number; readonly namespacePid: number },
): Promise<Outcome<FolderHandle>> {
  const code = errorCodeOf(error);
  const why = `${own} cannot be entered (${code})`;
  if (code === "ENOENT") return failure("absent", `${own} does not exist, so the JVM has no socket`);
  if (code !== "EACCES" && code !== "EPERM") return failure("denied", why);
  if (ids.pid !== ids.namespacePid && (await exists(join(ids.procRoot, String(ids.namespacePid))))) {
    return failure("denied", `${why}, and the socket in /tmp may be that of process ${ids.namespacePid}`);
  }
  try {
    return success(await openFolder("/tmp"));
  } catch (cause) {
    return failure("denied", `${why}, nor can /tmp (${errorCodeOf(cause)})`);
  }
}

/** The path of the JVM's socket; undefined where there is none, a failure where it is somebody else's. */
export async function findSocket(
  folder: FolderHandle,
  namespacePid: number,
  jvmUid: number,
): Promise<Outcome<string | undefined>> {
  const name = `.java_pid${namespacePid}`;
  const shown = join(folder.shownAs, name);
  try {
    const found = await lstat(join(folder.path, name));
    if (!found.isSocket()) return failure("failed", `${shown} is not a socket`);
    if (found.uid !== jvmUid) {
      return failure("denied", `${shown} belongs to uid ${found.uid}, but the JVM runs as uid ${jvmUid}`);
    }
    return success(join(folder.path, name));
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === "ENOENT") return success(undefined);
    return failure("denied", `${shown} cannot be looked at (${code})`);
  }
}

/** Whether the file system of the folder takes no new files: the JVM can then not make a socket. */
export async function isReadOnly(folder: FolderHandle): Promise<boolean> {
  try {
    await access(folder.path, constants.W_OK);
    return false;
  } catch (error) {
    return errorCodeOf(error) === "EROFS";
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
