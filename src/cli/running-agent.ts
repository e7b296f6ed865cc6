import { unwatchFile, watchFile } from "node:fs";
import { UsageError } from "../model/errors.ts";
import { type AgentLogs, openLogs } from "./agent-log.ts";
import type { AgentSettings } from "./agent-settings.ts";
import { type AgentStack, startStack } from "./agent-stack.ts";
import type { ProcessConfig } from "./config.ts";
import { exitCodes, messageOf } from "./exit-codes.ts";
import { withoutHandover } from "./small-process.ts";

const stopMillis = 10_000;
const fileCheckMillis = 3_000;
const readMillis = 30_000;

/** Runs the agent until SIGINT or SIGTERM; the result is the exit code. */
export async function runWithSettings(settings: AgentSettings, config: ProcessConfig): Promise<number> {
  const running = new RunningAgent(config, settings);
  await running.start();
  await interrupted(() => void running.reload("SIGHUP"));
  await running.stop();
  // A push that hangs must not keep the process: what it holds is given up.
  setTimeout(() => process.exit(exitCodes.done), 1_000).unref();
  return exitCodes.done;
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
  readonly #config: ProcessConfig;
  #settings: AgentSettings;
  #logs: AgentLogs;
  #stack: AgentStack | undefined;
  #reloading: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(config: ProcessConfig, settings: AgentSettings) {
    this.#config = config;
    this.#settings = settings;
    this.#logs = openLogs(settings.log);
  }

  async start(): Promise<void> {
    this.#stack = await startStack(this.#settings, this.#config, this.#logs);
    const { configFile } = this.#settings;
    if (configFile === undefined) return;
    watchFile(configFile, { interval: fileCheckMillis, persistent: false }, () => void this.reload("the file changed"));
  }

  /** One reload after the other. */
  reload(why: string): Promise<void> {
    this.#reloading = this.#reloading.then(() => this.#reloadNow(why));
    return this.#reloading;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#settings.configFile !== undefined) unwatchFile(this.#settings.configFile);
    await this.#reloading;
    await this.#stack?.stop(AbortSignal.timeout(stopMillis));
    this.#logs.log.info("stopped");
    this.#logs.close();
  }

  async #reloadNow(why: string): Promise<void> {
    if (this.#isStopped) return;
    const before = this.#settings;
    try {
      const settings = await readSettingsApart(this.#config);
      if (JSON.stringify(settings) === JSON.stringify(before))
        return this.#logs.log.info({ why }, "the configuration is the same");
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

/** Reads and checks the settings in a process of its own, which takes what that needs away with it. */
function readSettingsApart({ args, environment }: ProcessConfig): Promise<AgentSettings> {
  const command = [process.argv[1]!, ...args, "--print-config=json"];
  const options = { env: { ...withoutHandover(environment) }, timeout: readMillis, maxBuffer: 16 << 20 };
  const { execFile } = process.getBuiltinModule("node:child_process");
  return new Promise((resolve, reject) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout) as AgentSettings);
      else reject(new UsageError(stderr.trim().replace(/^jprof: /, "") || error.message, { cause: error }));
    });
  });
}
