import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** A folder that is held by a descriptor, so that its path stays true when the process by which it was found ends. */
export interface FolderHandle {
  /** Short, whatever the folder's own path is: a socket's path must fit into 107 bytes. */
  readonly path: string;
  /** Where it was found, for people. */
  readonly shownAs: string;
  close(): Promise<void>;
}

/** O_PATH of Linux, which Node does not name: the folder need not be readable. */
const pathOnly = 0o10_000_000;

/** Opens a folder without reading it; throws what the system throws. */
export async function openFolder(path: string): Promise<FolderHandle> {
  const handle = await open(path, pathOnly | constants.O_DIRECTORY);
  return { path: `/proc/self/fd/${handle.fd}`, shownAs: path, close: () => handle.close() };
}
