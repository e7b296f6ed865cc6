import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { findJdks, type Jdk } from "../scripts/jdk.mjs";

export type { Jdk };

/** A JVM that a test or benchmark started; it is gone after `stop`, or when this process is. */
export interface RunningJvm {
  readonly pid: number;
  /** The output of one diagnostic command, without the line that names the process. */
  jcmd(...command: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** What to run: a class of a class path, by flags of the JVM and arguments of the program. */
export interface JvmStart {
  readonly classPath: string;
  readonly mainClass: string;
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
  /** The line of its output that says it is ready. */
  readonly readyLine?: string;
  readonly timeoutMillis?: number;
}

/** JVMs of other users are tested too, and some with a `/tmp` of their own: neither that nor the checkout is a place for their classes. */
const classesFolder = join(
  existsSync("/var/tmp") ? "/var/tmp" : tmpdir(),
  `jprof-test-classes-${process.getuid?.() ?? 0}`,
);

/** The JDKs of this machine of the wanted majors, all of them when none is wanted; the first that was found of each. */
export function jdksOf(...majors: readonly number[]): readonly Jdk[] {
  const all = findJdks();
  if (majors.length === 0) return all;
  return majors.flatMap((major) => all.find((jdk) => jdk.major === major) ?? []);
}

/** The newest JDK from `major` on, for tests that need one of any kind; undefined and a printed reason where there is none. */
export function someJdk(major = 17): Jdk | undefined {
  const [newest] = [...findJdks()].filter((jdk) => jdk.major >= major).sort((a, b) => b.major - a.major);
  if (newest === undefined) process.stderr.write(`skipped: no JDK ${major} or newer on this machine\n`);
  return newest;
}

/** Compiles one source file for Java 17 and returns the folder of its classes; the same source is compiled once. */
export async function compileJava(jdk: Jdk, source: string): Promise<string> {
  const content = createHash("sha256").update(readFileSync(source)).update(jdk.home).digest("hex").slice(0, 16);
  const folder = join(classesFolder, `${basename(source, ".java")}-${content}`);
  if (existsSync(folder)) return folder;
  mkdirSync(classesFolder, { recursive: true });
  const fresh = mkdtempSync(join(classesFolder, ".new-"));
  await execa(join(jdk.home, "bin/javac"), ["-nowarn", "--release", "17", "-d", fresh, source], { timeout: 60_000 });
  chmodSync(fresh, 0o755);
  try {
    renameSync(fresh, folder);
  } catch (error) {
    // Another worker was first.
    if (!existsSync(folder)) throw error;
    rmSync(fresh, { recursive: true });
  }
  return folder;
}

/** Whether this JVM has these flags: not every build has every collector. */
export async function acceptsFlags(jdk: Jdk, flags: readonly string[]): Promise<boolean> {
  const { failed } = await execa(join(jdk.home, "bin/java"), [...flags, "-version"], {
    reject: false,
    timeout: 30_000,
  });
  return !failed;
}

/** Starts a JVM and waits for its ready line; the caller must `stop` it. */
export async function startJvm(jdk: Jdk, start: JvmStart): Promise<RunningJvm> {
  const { classPath, mainClass, flags = [], args = [], readyLine = "ready", timeoutMillis = 60_000 } = start;
  const child = execa(join(jdk.home, "bin/java"), [...flags, "-cp", classPath, mainClass, ...args], {
    stdin: "pipe",
    reject: false,
    forceKillAfterDelay: 2_000,
  });
  const deadline = setTimeout(() => child.kill(), timeoutMillis);
  const isReady = await hasLine(child.stdout, readyLine);
  clearTimeout(deadline);
  const pid = child.pid;
  if (pid === undefined || !isReady) {
    const { stderr, stdout } = await child;
    throw new Error(`expected "${readyLine}" from ${mainClass} with ${flags.join(" ")}, got: ${stdout}\n${stderr}`);
  }
  return {
    pid,
    jcmd: (...command) => jcmd(jdk, pid, command),
    async stop() {
      child.kill("SIGKILL");
      await child;
    },
  };
}

/** Whether the output has the line; false when it ends without. */
function hasLine(output: NodeJS.ReadableStream, wanted: string): Promise<boolean> {
  const lines = createInterface({ input: output });
  return new Promise((resolve) => {
    lines.on("line", (line) => {
      if (line.trim() === wanted) resolve(true);
    });
    lines.on("close", () => resolve(false));
  });
}

async function jcmd(jdk: Jdk, pid: number, command: readonly string[]): Promise<string> {
  const { stdout } = await execa(join(jdk.home, "bin/jcmd"), [String(pid), ...command], { timeout: 300_000 });
  return stdout.replace(/^\d+:\n/, "");
}
