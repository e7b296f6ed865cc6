import { existsSync } from "node:fs";
import { join } from "node:path";

/** Files that the project did not write and does not hold (`JPROF_CORPUS`, or `../shared/corpus` beside the checkout). */
const folder = process.env.JPROF_CORPUS ?? join(import.meta.dirname, "../../shared/corpus");

export const hasCorpus = existsSync(join(folder, "README.md"));

/** Part of a test's name where the corpus is missing, so that a skipped test says why. */
export const noCorpus = hasCorpus ? "" : " (skipped: no corpus)";

/** Path of a file in the corpus. */
export function corpusFile(...path: readonly string[]): string {
  return join(folder, ...path);
}
