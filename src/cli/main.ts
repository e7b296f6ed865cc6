#!/usr/bin/env node
import { readProcess } from "./config.ts";
import { runProgram } from "./program.ts";

process.exitCode = await runProgram(readProcess());
