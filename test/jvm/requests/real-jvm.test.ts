import { execFile } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { encodeRequest } from "../../../src/jvm/attach/request-bytes.ts";
import { type AttachQueue, createAttachQueue } from "../../../src/jvm/requests/attach-queue.ts";
import type { RequestLimits } from "../../../src/jvm/requests/request-limits.ts";
import type { Policy } from "../../../src/model/policy.ts";
import { acceptsFlags, type Jdk, jdksOf } from "../../jdk.ts";
import {
  type IdleJvm,
  type IdleStart,
  identityOf,
  logOfStops,
  startIdle,
  temporaryFolder,
} from "../attach/idle-jvm.ts";

const isRoot = process.geteuid?.() === 0;
/** All collectors, and stalls of seconds: `JPROF_FAULTS=1`. */
const isThorough = process.env.JPROF_FAULTS === "1";
const jdks = jdksOf(17, 25).map((jdk) => [jdk.major, jdk] as const);
const always = new AbortController().signal;

const running: { stop(): Promise<void> }[] = [];
const queues: AttachQueue[] = [];
afterEach(async () => {
  for (const queue of queues.splice(0)) queue.close();
  await Promise.all(running.splice(0).map((jvm) => jvm.stop()));
});

/** Every form of a command that the policy `observe` allows. */
const observed = [
  "help",
  "help GC.run",
  "VM.version",
  "VM.uptime",
  "VM.uptime -date",
  "VM.command_line",
  "VM.flags",
  "VM.events",
  "VM.events log=GC",
  "VM.log list",
  "VM.metaspace basic",
  "VM.metaspace basic scale=MB",
  "VM.native_memory",
  "VM.native_memory summary scale=b",
  "GC.heap_info",
  "Compiler.codecache",
];

const stopping = ["Thread.print", "VM.metaspace", "VM.classloader_stats", "GC.class_histogram -all", "Compiler.queue"];

const collectors = isThorough ? ["G1", "Z", "Serial", "Parallel", "Shenandoah"] : ["G1"];

describe.each(jdks)("a JVM of JDK %d", (_, jdk) => {
  test.each(collectors)("with %s has no safepoint and no handshake of all that may be observed", async (collector) => {
    const flags = [`-XX:+Use${collector}GC`, "-XX:NativeMemoryTracking=summary"];
    if (!(await acceptsFlags(jdk, flags))) return;
    const log = join(temporaryFolder(), "safepoints.log");
    const jvm = await start(jdk, {
      flags: [...flags, ...logOfStops(log)],
      args: ["10"],
    });
    const queue = queueTo(jvm, "diagnose");
    const together = await Promise.all(observed.map((command) => queue.jcmd(command, always)));
    expect(together.filter((answer) => !answer.ok)).toEqual([]);
    for (const command of observed) expect(await queue.jcmd(command, always)).toMatchObject({ ok: true });
    expect(readFileSync(log, "utf8")).toBe("");
    expect(jvm.output()).toBe("ready\n");
    for (const command of stopping) {
      const before = readFileSync(log, "utf8").length;
      expect(await queue.jcmd(command, always)).toMatchObject({ ok: true });
      expect([command, readFileSync(log, "utf8").slice(before)]).toEqual([
        command,
        expect.stringContaining("Safepoint"),
      ]);
    }
  });

  test("answers several commands apart, and one that fails does not spoil the others", async () => {
    const jvm = await start(jdk);
    const queue = queueTo(jvm, "diagnose");
    const commands = ["VM.uptime", "help a b", "VM.version", "help c d", "GC.heap_info"];
    const answers = await Promise.all(commands.map((command) => queue.jcmd(command, always)));
    expect(answers.map((answer) => (answer.ok ? "answer" : answer.code))).toEqual([
      "answer",
      "failed",
      "answer",
      "failed",
      "answer",
    ]);
    expect(answers[0]).toMatchObject({ value: expect.stringMatching(/^\d+\.\d{3} s\n$/) });
    expect(answers[4]).toMatchObject({ value: expect.stringContaining("garbage-first heap") });
  });

  test("that is killed while it is asked has ended", async () => {
    const jvm = await start(jdk, { args: ["300"] });
    const queue = queueTo(jvm, "diagnose");
    expect(await queue.jcmd("VM.uptime", always)).toMatchObject({ ok: true });
    const killed = sleep(3).then(() => process.kill(jvm.pid, "SIGKILL"));
    let answer = await queue.jcmd("Thread.print", always);
    while (answer.ok) answer = await queue.jcmd("Thread.print", always);
    await killed;
    expect(answer).toMatchObject({ code: "absent", reason: expect.stringContaining(`process ${jvm.pid} has ended`) });
  });

  test.runIf(isRoot)("does not answer a user who is neither its own nor root, and is not bothered by one", async () => {
    const jvm = await start(jdk);
    const said = await asNobody(jvm);
    expect(said).toMatchObject({ ok: false, code: "denied" });
    expect(said.reason).toMatch(
      /^the JVM runs as uid 0, gid 0 and jprof as uid 65534, gid 65534; run jprof as that user/,
    );
    expect(jvm.output()).toBe("ready\n");
  });
});

describe.each(jdks.filter(([major]) => major >= 25))("a reader that does not read, of JDK %d,", (_, jdk) => {
  const threads = isThorough ? 1500 : 500;
  const pauseMillis = isThorough ? 4000 : 1000;

  test("does not stop the JVM with a request of ours", async () => {
    const { jvm, longestStopMillis } = await startLogged(jdk, threads);
    await dumpThreads(jvm, { version: 2, streams: true }, pauseMillis);
    expect(longestStopMillis()).toBeGreaterThan(0);
    expect(longestStopMillis()).toBeLessThan(pauseMillis / 2);
  });

  test("does not stop a JVM that knows the old protocol only", async () => {
    const { jvm, longestStopMillis } = await startLogged(jdk, threads, ["-Djdk.attach.compat=true"]);
    const queue = queueTo(jvm, "observe");
    expect(await queue.jcmd("VM.uptime", always)).toMatchObject({ ok: true });
    await dumpThreads(jvm, { version: 1, streams: true }, pauseMillis);
    expect(longestStopMillis()).toBeLessThan(pauseMillis / 2);
  });

  test.runIf(isThorough)("stops the JVM with a request as older clients make it", async () => {
    const { jvm, longestStopMillis } = await startLogged(jdk, threads);
    await dumpThreads(jvm, { version: 1, streams: false }, pauseMillis);
    expect(longestStopMillis()).toBeGreaterThan(pauseMillis / 2);
  });
});

async function start(jdk: Jdk, options: IdleStart = {}): Promise<IdleJvm> {
  const jvm = await startIdle(jdk, options);
  running.push(jvm);
  return jvm;
}

async function startLogged(jdk: Jdk, threads: number, flags: readonly string[] = []) {
  const log = join(temporaryFolder(), "safepoints.log");
  const logged = ["-XX:+StartAttachListener", `-Xlog:safepoint=info:file=${log}`, ...flags];
  const jvm = await start(jdk, { flags: logged, args: [String(threads)] });
  const longestStopMillis = () => {
    const stops = [
      ...readFileSync(log, "utf8").matchAll(/Safepoint "(?:PrintThreads|FindDeadlocks)".* Total: +(\d+) ns/g),
    ];
    return Math.max(0, ...stops.map((stop) => Number(stop[1]) / 1e6));
  };
  return { jvm, longestStopMillis };
}

/** Asks for a thread dump of more than a socket holds, and reads nothing for a while. */
async function dumpThreads(
  jvm: IdleJvm,
  protocol: { version: 1 | 2; streams: boolean },
  pauseMillis: number,
): Promise<void> {
  const request = encodeRequest(protocol, "jcmd", ["Thread.print"]);
  if (!request.ok) throw new Error(request.reason);
  const socket = createConnection(`/proc/${jvm.pid}/root/tmp/.java_pid${jvm.pid}`);
  let bytes = 0;
  socket.on("data", (chunk) => {
    bytes += chunk.length;
  });
  socket.pause();
  socket.write(request.value);
  await sleep(pauseMillis);
  socket.resume();
  await new Promise((resolve) => socket.once("close", resolve));
  expect(bytes).toBeGreaterThan(400_000);
}

function queueTo(jvm: Pick<IdleJvm, "identity">, policy: Policy, limits: Partial<RequestLimits> = {}): AttachQueue {
  const queue = createAttachQueue({
    identity: jvm.identity,
    kind: "hotspot",
    policy,
    limits: { minProcessAgeMillis: 0, requestsPerMinute: 10_000, stopMillisPerHour: 1e9, ...limits },
    audit: () => undefined,
    stoppedSeconds: () => undefined,
    liveBytes: () => undefined,
  });
  queues.push(queue);
  return queue;
}

/** What a process of another user is told, by a copy of the sources that it can read. */
async function asNobody(
  jvm: IdleJvm,
): Promise<{ readonly ok: boolean; readonly code: string; readonly reason: string }> {
  const folder = temporaryFolder();
  cpSync(join(import.meta.dirname, "../../../src"), join(folder, "src"), { recursive: true });
  cpSync(process.execPath, join(folder, "node"));
  await promisify(execFile)("chmod", ["-R", "a+rX", folder]);
  const script = `
    import { createAttachQueue } from ${JSON.stringify(join(folder, "src/jvm/requests/attach-queue.ts"))};
    const queue = createAttachQueue({
      identity: ${JSON.stringify(identityOf(jvm.pid, undefined))},
      kind: "hotspot",
      policy: "observe",
      limits: { minProcessAgeMillis: 0 },
      audit() {},
      stoppedSeconds() {},
      liveBytes() {},
    });
    console.log(JSON.stringify(await queue.jcmd("VM.uptime", new AbortController().signal)));`;
  const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", join(folder, "node")];
  const { stdout } = await promisify(execFile)("setpriv", [...nobody, "--input-type=module-typescript", "-e", script], {
    cwd: folder,
  });
  return JSON.parse(stdout);
}
