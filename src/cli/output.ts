import { realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../model/errors.ts";

/** Writes all of the text, waiting where a pipe is full; what nobody reads any more is not missed. */
export function writeToStdout(text: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error && !isClosedPipe(error) ? reject(error) : resolve()));
  });
}

/** Whether the reader of a pipe has gone away. */
export function isClosedPipe(error: NodeJS.ErrnoException): boolean {
  return error.code === "EPIPE";
}

/** Fails early, before minutes of work, where `writeToFile` could not succeed. */
export function checkOutput(path: string): void {
  if (path === "") throw new UsageError("-o takes the name of a file, got ''");
  if (statOf(path)?.isDirectory()) throw new UsageError(`cannot write ${path}: it is a folder; give -o a file in it`);
  const folder = dirname(path);
  const stat = statOf(folder);
  if (!stat?.isDirectory()) throw new UsageError(`cannot write ${path}: there is no folder ${folder}; make it first`);
}

/**
 * Writes a file whole or not at all: under a temporary name beside it, then renamed; a link keeps pointing to its file. Devices and pipes
 * are written to, not replaced. While it does so an interrupt waits, so that it leaves nothing behind.
 */
export function writeToFile(path: string, text: string | Uint8Array): void {
  checkOutput(path);
  const interrupted = () => process.exit(130);
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    const stat = statOf(path);
    if (stat === undefined) replaceFile(path, text);
    else if (stat.isFile()) replaceFile(realpathSync(path), text, stat.mode & 0o777);
    else writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`, { cause: error });
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
  }
}

function replaceFile(path: string, text: string | Uint8Array, mode = 0o666): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text, { flag: "wx", mode });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "no permission to write there; give -o a file in a folder that can be written",
  EPERM: "no permission to write there; give -o a file in a folder that can be written",
  EROFS: "that file system is read-only; give -o a file in a folder that can be written",
  ENOSPC: "no space left on the device; free some, or give -o a file on another",
  EDQUOT: "the disk quota is used up; free some, or give -o a file on another disk",
  ENAMETOOLONG: "its name is too long; give -o a shorter one",
};

/** Why writing failed and what to do, as a person says it. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
