import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll } from "vitest";
import { hasCapability, ownAccess } from "../../src/jvm/own-access.ts";
import { compileJava, type Jdk } from "../jdk.ts";

/** Where Idle is, in every form in which a JVM can be told to run it. */
export interface IdleProgram {
  readonly source: string;
  readonly classes: string;
  readonly jar: string;
  /** Of the module `idle`. */
  readonly module: string;
  readonly argumentFile: string;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Builds Idle in every form. The folder can be read by every user. */
export async function buildIdle(jdk: Jdk): Promise<IdleProgram> {
  const source = join(import.meta.dirname, "Idle.java");
  const classes = mkdtempSync(join(tmpdir(), "jprof-idle-"));
  folders.push(classes);
  chmodSync(classes, 0o755);
  cpSync(join(await compileJava(jdk, source), "Idle.class"), join(classes, "Idle.class"));
  const tool = (name: string, ...args: readonly string[]) => execFileSync(join(jdk.home, "bin", name), args);
  const jar = join(classes, "my idle.jar");
  tool("jar", "--create", "--file", jar, "--main-class", "Idle", "-C", classes, "Idle.class");
  const module = join(classes, "module");
  mkdirSync(module);
  writeFileSync(join(module, "module-info.java"), "module idle {}");
  writeFileSync(join(module, "Run.java"), moduleSource);
  tool("javac", "-d", module, "--release", "17", join(module, "module-info.java"), join(module, "Run.java"));
  const argumentFile = join(classes, "arguments");
  writeFileSync(argumentFile, `-Xmx33m # of the heap\n-cp "${classes}"\nIdle`);
  return { source, classes, jar, module, argumentFile };
}

const moduleSource = `package run;
public class Run {
  public static void main(String[] args) throws Exception {
    System.out.println("ready");
    while (System.in.read() >= 0) {}
  }
}`;

/** A process with a JVM that prints `ready`; it ends with `stop`, or with this process. */
export interface IdleJvm {
  /** Of what was spawned, which may only be the parent of the JVM. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a program and waits until it is ready. */
export function startIdle(command: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<IdleJvm> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
  const output: string[] = [];
  child.stderr.on("data", (chunk) => output.push(String(chunk)));
  child.stdin.on("error", () => undefined);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`${command.join(" ")} ended: ${output.join("")}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.trim() === "ready") resolve({ pid: child.pid!, stop: () => stopped(child) });
    });
  });
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.removeAllListeners("exit");
    child.once("exit", () => resolve());
    child.stdin?.end();
    child.kill("SIGKILL");
  });
}

/** Puts what follows under another user, who has no name in most systems unless it is 65534. */
export function asUser(uid: number): readonly string[] {
  return ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
}

/** Whether this process sees inside those of other users, and the command works; says so where not. */
export function canRunOthers(command: readonly string[]): boolean {
  const [program = "", ...args] = command;
  try {
    if (!hasCapability(ownAccess(), "SYS_PTRACE")) throw new Error("no CAP_SYS_PTRACE");
    execFileSync(program, args, { stdio: "ignore", timeout: 30_000 });
    return true;
  } catch (error) {
    process.stderr.write(`skipped: ${command.join(" ")}: ${error instanceof Error ? error.message : error}\n`);
    return false;
  }
}
