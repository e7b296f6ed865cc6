#!/usr/bin/env node
import { nodeComplaint } from "./node-version.ts";

const complaint = nodeComplaint(process.versions.node);
if (complaint !== undefined) {
  process.stderr.write(`jprof: ${complaint}\n`);
  process.exit(2);
}
// commander imports `node:process`, whose exports Node fills by reading every property of `process`, `stdin` too. That would make file
// descriptor 0 non-blocking, and a dump that is piped in would seem to end wherever its writer pauses. So it is out of sight meanwhile.
const stdin = Object.getOwnPropertyDescriptor(process, "stdin");
Object.defineProperty(process, "stdin", { value: undefined, configurable: true });
const { readProcess } = await import("./config.ts");
const { runProgram } = await import("./program.ts");
if (stdin) Object.defineProperty(process, "stdin", stdin);

process.exitCode = await runProgram(readProcess());
