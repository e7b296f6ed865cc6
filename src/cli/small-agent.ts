import type { AgentSettings } from "./agent-settings.ts";
import type { ProcessConfig } from "./config.ts";
import { exitCodeOf, messageOf } from "./exit-codes.ts";
import { runWithSettings } from "./running-agent.ts";

/** Runs the agent with settings that another process has checked. An error is one line on stderr, as of every command. */
export async function runHandedOver(settings: unknown, config: ProcessConfig): Promise<number> {
  try {
    return await runWithSettings(settings as AgentSettings, config);
  } catch (error) {
    process.stderr.write(`jprof: ${messageOf(error).replaceAll(/\s*\n\s*/g, " ")}\n`);
    if (config.args.includes("--debug") && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return exitCodeOf(error);
  }
}
