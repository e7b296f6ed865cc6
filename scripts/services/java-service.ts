import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { Jdk } from "../jdk.mjs";
import { jolokiaJar } from "./artifacts.ts";

/** How a service is to run. */
export interface ServiceOptions {
  readonly jdk: Jdk;
  /** Whether a Jolokia agent runs in it, on 127.0.0.1. */
  readonly withJolokia?: boolean;
  /** Further flags of its JVM, after the service's own. */
  readonly flags?: readonly string[];
}

/** A service that runs, until it is stopped or this process ends; its files go with it. */
export interface RunningService {
  readonly name: string;
  readonly pid: number;
  readonly jolokiaUrl: string | undefined;
  /** Where it listens, by name. */
  readonly ports: Readonly<Record<string, number>>;
  /** Holds its configuration and data. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** What a service runs, and how it says that it is ready. */
export interface ServiceStart {
  readonly name: string;
  readonly classPath: string;
  readonly mainClass: string;
  readonly flags: readonly string[];
  readonly args: readonly string[];
  readonly ports: Readonly<Record<string, number>>;
  readonly folder: string;
  /** In the line of its output that says so. */
  readonly ready: RegExp;
}

const secondsToStart = 180;
/** It starts beside the program, and may be later than it. */
const millisForAgent = 10_000;
const keptLines = 40;

/** Makes the folder of a service; `stop` removes it. */
export function makeServiceFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `jprof-${name}-`));
}

/** A port of 127.0.0.1 on which nothing listens at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("expected a port of 127.0.0.1");
  return address.port;
}

/** Waits until somebody listens on a port of 127.0.0.1. */
export async function untilListening(port: number, timeoutMillis: number): Promise<void> {
  for (const end = Date.now() + timeoutMillis; ; await sleep(50)) {
    const socket = connect(port, "127.0.0.1");
    const isUp = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isUp) return;
    if (Date.now() > end) throw new Error(`nothing listens on port ${port} after ${timeoutMillis} ms`);
  }
}

/** Runs a service and waits until it is ready; throws with the end of its output where it ends before. */
export async function startService(start: ServiceStart, options: ServiceOptions): Promise<RunningService> {
  const jolokia = options.withJolokia === true ? await jolokiaAgent() : undefined;
  const flags = [...start.flags, ...(jolokia === undefined ? [] : [jolokia.flag]), ...(options.flags ?? [])];
  const java = join(options.jdk.home, "bin/java");
  const child = execa(java, [...flags, "-cp", start.classPath, start.mainClass, ...start.args], {
    cwd: start.folder,
    stdin: "ignore",
    all: true,
    buffer: false,
    reject: false,
    forceKillAfterDelay: 10_000,
  });
  const stop = async () => {
    child.kill();
    await child;
    rmSync(start.folder, { recursive: true, force: true });
  };
  const lines: string[] = [];
  const deadline = setTimeout(() => child.kill("SIGKILL"), secondsToStart * 1000);
  const isReady = await hasLine(child.all, start.ready, lines);
  clearTimeout(deadline);
  const { pid } = child;
  if (pid === undefined || !isReady) {
    await stop();
    throw new Error(`${start.name} ended, or was not ready within ${secondsToStart} s:\n${lines.join("\n")}`);
  }
  if (jolokia !== undefined) await untilListening(jolokia.port, millisForAgent);
  return { ...start, pid, jolokiaUrl: jolokia?.url, stop };
}

async function jolokiaAgent(): Promise<{ readonly flag: string; readonly url: string; readonly port: number }> {
  const jar = jolokiaJar();
  if (jar === undefined) throw new Error("the Jolokia agent is missing: run node scripts/services.ts fetch jolokia");
  const port = await freePort();
  return { flag: `-javaagent:${jar}=host=127.0.0.1,port=${port}`, url: `http://127.0.0.1:${port}/jolokia`, port };
}

/** Reads the output to its end, so that the service is never held up by it. */
function hasLine(output: NodeJS.ReadableStream, wanted: RegExp, kept: string[]): Promise<boolean> {
  const lines = createInterface({ input: output });
  return new Promise((resolve) => {
    lines.on("line", (line) => {
      kept.push(line);
      if (kept.length > keptLines) kept.shift();
      if (wanted.test(line)) resolve(true);
    });
    lines.on("close", () => resolve(false));
  });
}
