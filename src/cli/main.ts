#!/usr/bin/env node
import { nodeComplaint } from "./node-version.ts";

const complaint = nodeComplaint(process.versions.node);
if (complaint !== undefined) {
  process.stderr.write(`jprof: ${complaint}\n`);
  process.exit(2);
}
const { readProcess } = await import("./config.ts");
const { handedOver } = await import("./small-process.ts");
const settings = handedOver(readProcess());
process.exitCode = settings === undefined ? await runCommandLine() : await runAgentAlone(settings);

/** The agent in a process that did not read a command line, nor load what that takes. */
async function runAgentAlone(handed: unknown): Promise<number> {
  const { runHandedOver } = await import("./small-agent.ts");
  return runHandedOver(handed, readProcess());
}

/**
 * commander imports `node:process`, whose exports Node fills by reading every property of `process`, `stdin` too. That would make file
 * descriptor 0 non-blocking, and a dump that is piped in would seem to end wherever its writer pauses. So it is out of sight meanwhile.
 */
async function runCommandLine(): Promise<number> {
  const stdin = Object.getOwnPropertyDescriptor(process, "stdin");
  Object.defineProperty(process, "stdin", { value: undefined, configurable: true });
  const { runProgram } = await import("./program.ts");
  if (stdin) Object.defineProperty(process, "stdin", stdin);
  return runProgram(readProcess());
}
