import { renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../model/errors.ts";

/** Writes all of the text, waiting where a pipe is full. */
export function writeToStdout(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/**
 * Writes a file whole or not at all: under a temporary name beside it, then renamed.
 * While it does so an interrupt waits, so that it leaves nothing behind.
 */
export function writeToFile(path: string, text: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  const interrupted = () => process.exit(130);
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    writeFileSync(temporary, text, { flag: "wx" });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot write ${path}: ${reason}; give -o a file in a folder that can be written`, {
      cause: error,
    });
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
  }
}
