import { collectors } from "../../collectors/index.ts";
import { type AgentOptions, applyOptions } from "./agent-options.ts";
import { type AgentSettings, defaultAgentSettings } from "./agent-settings.ts";
import type { ProcessConfig } from "./config.ts";
import { exitCodes } from "./exit-codes.ts";
import { writeToStdout } from "./output.ts";
import { runWithSettings } from "./running-agent.ts";
import { becomeSmall } from "./small-process.ts";

/** Reads the settings, and runs the agent with them until SIGINT or SIGTERM; the result is the exit code. */
export async function runAgent(options: AgentOptions, config: ProcessConfig): Promise<number> {
  const settings = await readSettings(options);
  if (options.printConfig === undefined) {
    becomeSmall(settings, config);
    return runWithSettings(settings, config);
  }
  if (options.printConfig === "json") await writeToStdout(`${JSON.stringify(settings)}\n`);
  else await writeToStdout((await import("yaml")).stringify(settings));
  return exitCodes.done;
}

async function readSettings(options: AgentOptions): Promise<AgentSettings> {
  const { config: path } = options;
  const names = collectors.map(({ name }) => name);
  if (path === undefined) return applyOptions(defaultAgentSettings, options, names);
  const { readAgentFile } = await import("./agent-file.ts");
  return applyOptions(readAgentFile(path), options, names);
}
