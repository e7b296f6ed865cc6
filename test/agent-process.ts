import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { mainFile } from "./cli/run-jprof.ts";

/** One line of the agent's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** A `jprof agent` that a test or benchmark started; it is gone after `stop`. */
export interface AgentProcess {
  readonly pid: number;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly log: readonly LogLine[];
  /** The text of a page, once the first poll has ended. */
  page(path: string): Promise<string>;
  /** Asks it to stop, and gives its exit code. */
  stop(): Promise<number | null>;
}

export interface AgentStart {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** `dist/src/cli/main.js` for benchmarks. */
  readonly main?: string;
}

/** Starts an agent on a free port and waits until it is ready. */
export async function startAgentProcess({ args = [], env = {}, main = mainFile }: AgentStart): Promise<AgentProcess> {
  const child = spawn(process.execPath, [main, "agent", "--listen", "127.0.0.1:0", ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "pipe"],
  });
  const ended = once(child, "exit");
  const log: LogLine[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    const output: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      output.push(line);
      const entry = logLineOf(line);
      log.push(entry);
      if (entry.msg === "listening") resolve(String(entry.url).replace(/\/metrics$/, ""));
    });
    child.once("exit", () => reject(new Error(`the agent ended before it listened: ${output.join("\n")}`)));
  });
  await until(async () => (await fetch(`${url}/readyz`)).status === 200, 30_000);
  return {
    pid: child.pid!,
    url,
    log,
    page: async (path) => (await fetch(`${url}${path}`)).text(),
    async stop() {
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), 15_000);
      const [code] = await ended;
      clearTimeout(force);
      return code as number | null;
    },
  };
}

/** Waits until something is so, and says for how long it waited in vain. */
export async function until(isSo: () => boolean | Promise<boolean>, mostMillis: number): Promise<void> {
  const end = Date.now() + mostMillis;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`waited ${mostMillis} ms in vain for ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function logLineOf(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { msg: line };
  }
}
