import { unwatchFile, watchFile } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { collectors } from "../../collectors/index.ts";
import { type AgentLogs, openLogs } from "./agent-log.ts";
import { type AgentOptions, applyOptions } from "./agent-options.ts";
import { type AgentSettings, defaultAgentSettings } from "./agent-settings.ts";
import { type AgentStack, startStack } from "./agent-stack.ts";
import type { ProcessConfig } from "./config.ts";
import { exitCodes, messageOf } from "./exit-codes.ts";
import { writeToStdout } from "./output.ts";

const stopMillis = 10_000;
const fileCheckMillis = 3_000;

/** Runs the agent until SIGINT or SIGTERM; the result is the exit code. */
export async function runAgent(options: AgentOptions, config: ProcessConfig): Promise<number> {
  const settings = await readSettings(options);
  if (options.printConfig) {
    const { stringify } = await import("yaml");
    await writeToStdout(stringify(settings));
    return exitCodes.done;
  }
  const running = new RunningAgent(options, config, settings);
  await running.start();
  await interrupted(() => void running.reload("SIGHUP"));
  await running.stop();
  // A push that hangs must not keep the process: what it holds is given up.
  setTimeout(() => process.exit(exitCodes.done), 1_000).unref();
  return exitCodes.done;
}

async function readSettings(options: AgentOptions): Promise<AgentSettings> {
  const { config: path } = options;
  const names = collectors.map(({ name }) => name);
  if (path === undefined) return applyOptions(defaultAgentSettings, options, names);
  const { readAgentFile } = await import("./agent-file.ts");
  return applyOptions(readAgentFile(path), options, names);
}

/** Resolves at SIGINT or SIGTERM. */
function interrupted(hangUp: () => void): Promise<void> {
  return new Promise((resolve) => {
    process.on("SIGHUP", hangUp);
    process.once("SIGINT", () => resolve()).once("SIGTERM", () => resolve());
  });
}

/** The agent with the settings in force; new ones replace the old only when they are right. */
class RunningAgent {
  readonly #options: AgentOptions;
  readonly #config: ProcessConfig;
  #settings: AgentSettings;
  #logs: AgentLogs;
  #stack: AgentStack | undefined;
  #reloading: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: AgentOptions, config: ProcessConfig, settings: AgentSettings) {
    this.#options = options;
    this.#config = config;
    this.#settings = settings;
    this.#logs = openLogs(settings.log);
  }

  async start(): Promise<void> {
    this.#stack = await startStack(this.#settings, this.#config, this.#logs);
    const { config: path } = this.#options;
    if (path === undefined) return;
    watchFile(path, { interval: fileCheckMillis, persistent: false }, () => void this.reload("the file changed"));
  }

  /** One reload after the other. */
  reload(why: string): Promise<void> {
    this.#reloading = this.#reloading.then(() => this.#reloadNow(why));
    return this.#reloading;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#options.config !== undefined) unwatchFile(this.#options.config);
    await this.#reloading;
    await this.#stack?.stop(AbortSignal.timeout(stopMillis));
    this.#logs.log.info("stopped");
    this.#logs.close();
  }

  async #reloadNow(why: string): Promise<void> {
    if (this.#isStopped) return;
    const before = this.#settings;
    try {
      const settings = await readSettings(this.#options);
      if (isDeepStrictEqual(settings, before))
        return void this.#logs.log.info({ why }, "the configuration is the same");
      await this.#replace(settings);
      this.#logs.log.info({ why }, "the new configuration is in force");
    } catch (error) {
      this.#logs.log.error({ why, error: messageOf(error) }, "the configuration stays as it was");
      if (this.#stack === undefined) await this.#replace(before);
    }
  }

  async #replace(settings: AgentSettings): Promise<void> {
    await this.#stack?.stop(AbortSignal.timeout(stopMillis));
    this.#stack = undefined;
    this.#logs.close();
    this.#logs = openLogs(settings.log);
    this.#stack = await startStack(settings, this.#config, this.#logs);
    this.#settings = settings;
  }
}
