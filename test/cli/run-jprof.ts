import { spawn } from "node:child_process";
import { join } from "node:path";

/** What a run of the command line left. */
export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const mainFile = join(import.meta.dirname, "../../src/cli/main.ts");

/** Runs jprof from its source, as a user would. */
export function runJprof(args: readonly string[], input?: Uint8Array): Promise<Run> {
  const child = spawn(process.execPath, [mainFile, ...args], { env: { ...process.env, NO_COLOR: "1" } });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    output.stdout += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    output.stderr += String(chunk);
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...output }));
  });
}
