import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Writes files by path below a temporary folder, which is gone after the test, and returns that folder. */
export function drawFiles(files: Readonly<Record<string, string>>): string {
  const top = mkdtempSync(join(tmpdir(), "jprof-host-"));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  }
  return top;
}

/** The same texts below a folder: `below("sys/fs/cgroup/a", { "memory.max": "max" })`. */
export function below(folder: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [join(folder, path), text]));
}

/** A line of /proc/PID/stat of a process that began at `startTicks`. */
export function statLine(pid: number, startTicks: number): string {
  return `${pid} (java) S 1 ${"0 ".repeat(17)}${startTicks} ${"0 ".repeat(30)}\n`;
}
