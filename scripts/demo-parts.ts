import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { Jdk } from "./jdk.mjs";

/** A process that the demo started, once it has said that it is ready. */
export interface DemoProcess {
  readonly pid: number;
  /** The line by which it said so. */
  readonly readyLine: string;
}

/** What the demo does: every process that it starts is gone after `close`. */
export interface Demo {
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Compiles and starts the leaking service. */
  startService(jdk: Jdk, flags: readonly string[]): Promise<DemoProcess>;
  /** Starts `jprof` with these arguments, until a line of its log matches. */
  startJprof(args: readonly string[], ready: RegExp): Promise<DemoProcess>;
  /** Runs `jprof` in the demo's folder and shows its output, under the command as a user would type it. */
  show(args: readonly string[]): Promise<void>;
  analyze(dumpName: string): Promise<void>;
  wait(millis: number): Promise<void>;
  /** To be closed with the demo. */
  onClose(close: () => Promise<void>): void;
  close(): Promise<void>;
}

const startMillis = 120_000;

/** Nothing is started yet. */
export function openDemo(top: string, folder: string, signal: AbortSignal): Demo {
  const service = join(top, "fixtures/leaky-store/LeakyStore.java");
  const main = join(top, "src/cli/main.ts");
  const closers: (() => Promise<void>)[] = [];
  /** Its stdin stays open as long as the demo lives: the service ends when it is closed, even after a kill -9 of the demo. */
  const start = async (program: string, args: readonly string[], ready: RegExp): Promise<DemoProcess> => {
    const child = execa(program, args, {
      ...{ cwd: folder, stdin: "pipe", buffer: false, reject: false, forceKillAfterDelay: 2_000, cancelSignal: signal },
    });
    closers.push(async () => {
      child.kill();
      await child;
    });
    return { readyLine: await readyLine(child as ChildProcess, ready, signal), pid: child.pid! };
  };
  const show = async (args: readonly string[]) => {
    console.log(`\n$ jprof ${args.join(" ")}\n`);
    await execa(process.execPath, [main, ...args], { cwd: folder, stdio: "inherit", cancelSignal: signal });
  };
  return {
    ...{ folder, signal, show },
    async startService(jdk, flags) {
      await execa(join(jdk.home, "bin/javac"), ["-d", join(folder, "classes"), service], { cancelSignal: signal });
      return start(join(jdk.home, "bin/java"), [...flags, "-cp", join(folder, "classes"), "LeakyStore"], /^ready/);
    },
    startJprof: (args, ready) => start(process.execPath, [main, ...args], ready),
    async analyze(dumpName) {
      if (!existsSync(join(folder, dumpName))) throw new Error(`there is no ${dumpName}: the JVM did not write it`);
      await show(["analyze", dumpName]);
    },
    wait: (millis) => sleep(millis, undefined, { signal }),
    onClose: (close) => void closers.push(close),
    async close() {
      for (const close of closers.reverse()) await close();
    },
  };
}

/** The first line of its output or log that matches. */
async function readyLine(child: ChildProcess, ready: RegExp, signal: AbortSignal): Promise<string> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(startMillis)]);
  const last: string[] = [];
  const found = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream! }).on("line", (line) => {
      last.push(line);
      if (ready.test(line)) found.resolve(line);
    });
  }
  const ended = once(child, "exit", { signal: deadline }).then(() => {
    throw new Error(`a process of the demo ended before it was ready: ${last.slice(-5).join("\n")}`);
  });
  return Promise.race([found.promise, ended]);
}
