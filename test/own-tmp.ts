import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "jprof-run-";
let folder: string | undefined;
const oldMillis = 24 * 3_600_000;

/** Gives all tests of a run one folder for what they make; those of runs that were killed long ago go. */
export function setup(): void {
  const parent = tmpdir();
  for (const name of readdirSync(parent)) {
    const path = join(parent, name);
    if (name.startsWith(prefix) && isOld(path)) rmSync(path, { recursive: true, force: true });
  }
  folder = mkdtempSync(join(parent, prefix));
  // Processes of other users work in it, too.
  chmodSync(folder, 0o1777);
  process.env.TMPDIR = folder;
}

/** Takes that folder away. */
export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

function isOld(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > oldMillis;
}
