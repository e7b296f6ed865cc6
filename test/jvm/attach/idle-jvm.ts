import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { TargetIdentity } from "../../../src/model/target.ts";
import { compileJava, type Jdk } from "../../jdk.ts";

/** How to start a JVM that does nothing. */
export interface IdleStart {
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
  /** What runs before `java`: `setpriv --reuid=65534`. */
  readonly through?: readonly string[];
  readonly cwd?: string;
}

/** Every safepoint and handshake that somebody asked for: without those by which JDK 17 tidies up once a second. */
export function logOfStops(file: string): readonly string[] {
  const noHousekeeping = ["-XX:+UnlockDiagnosticVMOptions", "-XX:GuaranteedSafepointInterval=0"];
  return [...noHousekeeping, `-Xlog:safepoint*=debug,handshake*=info:file=${file}`];
}

/** A JVM that a test started. */
export interface IdleJvm {
  readonly pid: number;
  readonly identity: TargetIdentity;
  /** Both outputs so far. */
  output(): string;
  isAlive(): boolean;
  stop(): Promise<void>;
}

const classFolders = new Map<string, Promise<string>>();

/** The folder of Idle's class, compiled once. */
export function idleClasses(jdk: Jdk): Promise<string> {
  const source = join(import.meta.dirname, "../../../fixtures/idle/Idle.java");
  const folder = classFolders.get(jdk.home) ?? compileJava(jdk, source).then(forAllUsers);
  classFolders.set(jdk.home, folder);
  return folder;
}

function forAllUsers(folder: string): string {
  chmodSync(folder, 0o755);
  return folder;
}

/** Starts a JVM and waits until it is ready. A shell's background job ignores SIGQUIT and hands that down: not so here. */
export async function startIdle(jdk: Jdk, start: IdleStart = {}): Promise<IdleJvm> {
  const jvm = await launchIdle(jdk, start);
  await jvm.ready;
  return jvm;
}

/** Starts a JVM and does not wait. */
export async function launchIdle(jdk: Jdk, start: IdleStart): Promise<IdleJvm & { readonly ready: Promise<void> }> {
  const { flags = [], args = [], through = [], cwd = tmpdir() } = start;
  const java = [
    join(jdk.home, "bin/java"),
    "-Xmx64m",
    "-Xss256k",
    ...flags,
    "-cp",
    await idleClasses(jdk),
    "Idle",
    ...args,
  ];
  const child = spawn("env", ["--default-signal=QUIT", ...through, ...java], { cwd, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const started = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on("line", (line) => line === "ready" && started.resolve());
  child.once("exit", () => started.reject(new Error(`expected "ready" of ${java.join(" ")}, got: ${output}`)));
  const ready = started.promise;
  ready.catch(() => undefined);
  const isParent = through[0] === "unshare";
  if (isParent) await ready;
  const pid = isParent ? javaPidOf(child) : (child.pid ?? 0);
  const namespacePid = isParent ? 1 : pid;
  return {
    pid,
    identity: identityOf(pid, jdk.major),
    ready,
    output: () => output,
    isAlive: () => existsSync(`/proc/${pid}/exe`),
    async stop() {
      // A JVM that is killed leaves its socket, and a later one with its number would have to put up with it.
      for (const id of [pid, namespacePid]) rmSync(`/tmp/.java_pid${id}`, { force: true });
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise((resolve) => child.once("exit", resolve));
      if (existsSync(`/proc/${pid}/exe`)) process.kill(pid, "SIGKILL");
      await Promise.race([exited, sleep(3_000)]);
      child.kill("SIGKILL");
    },
  };
}

/** `unshare` may stay the parent of what it starts. */
function javaPidOf(child: ChildProcess): number {
  let pid = child.pid ?? 0;
  for (;;) {
    const next = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim().split(" ")[0];
    if (next === undefined || next === "") return pid;
    pid = Number(next);
  }
}

/** What discovery would tell of a process. */
export function identityOf(pid: number, javaMajor: number | undefined): TargetIdentity {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const startTicks = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  const bootMillis = Date.now() - Number(readFileSync("/proc/uptime", "latin1").split(" ")[0]) * 1000;
  return {
    pid,
    namespacePid: pid,
    startTicks,
    startedAtMillis: bootMillis + startTicks * 10,
    uid: 0,
    gid: 0,
    name: "Idle",
    javaVersion: undefined,
    javaMajor,
    vmName: undefined,
    vmVendor: undefined,
    collector: "G1",
    generational: undefined,
    flags: [],
    containerId: undefined,
  };
}

/** A folder that is gone when the tests are. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "jprof-t-"));
  if (temporaryFolders.length === 0) process.once("exit", removeFolders);
  temporaryFolders.push(folder);
  return folder;
}

const temporaryFolders: string[] = [];

function removeFolders(): void {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
}
