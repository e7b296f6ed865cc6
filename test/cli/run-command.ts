import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Run } from "./run-jprof.ts";

const sourceFolder = join(import.meta.dirname, "../../src/cli");

/** Runs one command by itself, with the errors and exit codes of the whole program; `prefix` may change whom it runs as. */
export function runCommand(name: string, args: readonly string[], prefix: readonly string[] = []): Promise<Run> {
  const code = `
    const { ${name}Command } = await import("${sourceFolder}/${name}-command.ts");
    const { exitCodeOf, messageOf } = await import("${sourceFolder}/exit-codes.ts");
    const config = { args: [], width: 120, progressToTerminal: false };
    const command = ${name}Command(config, (code) => { process.exitCode = code; });
    try {
      await command.exitOverride().configureOutput({ writeErr: () => {} }).parseAsync(${JSON.stringify(args)}, { from: "user" });
    } catch (error) {
      if (exitCodeOf(error) !== 0) process.stderr.write(messageOf(error) + "\\n");
      process.exitCode = exitCodeOf(error);
    }`;
  const [program = "", ...words] = [...prefix, process.execPath, "--input-type=module", "--eval", code];
  const child = spawn(program, words, { env: { ...process.env, NO_COLOR: "1" } });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    output.stdout += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    output.stderr += String(chunk);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit, signal) => resolve({ code: exit, signal, ...output }));
  });
}
