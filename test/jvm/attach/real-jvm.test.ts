import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { AttachClient, type AttachResult } from "../../../src/jvm/attach/attach-client.ts";
import { jdksOf } from "../../jdk.ts";
import { type IdleJvm, type IdleStart, launchIdle, logOfStops, startIdle, temporaryFolder } from "./idle-jvm.ts";

const isRoot = process.geteuid?.() === 0;
const jdks = jdksOf(17, 25);
const patience = { deadlineMillis: 5_000, signal: new AbortController().signal };
const running: IdleJvm[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((jvm) => jvm.stop()));
});

describe.each(jdks.map((jdk) => [jdk.major, jdk] as const))("a JVM of JDK %d", (major, jdk) => {
  test("listens after one signal, answers, and has neither a safepoint nor a handshake of it", async () => {
    const log = join(temporaryFolder(), "safepoints.log");
    const jvm = await start({ flags: logOfStops(log) });
    const client = clientOf(jvm);
    expect((await client.open(patience)).outcome).toMatchObject({ ok: true });
    expect(signalsTo(jvm)).toBe(1);
    expect(textOf(await client.jcmd("VM.uptime", patience))).toMatch(/^\d+\.\d+ s\n$/);
    expect(client.longestText() > 1024).toBe(major >= 24);
    expect(signalsTo(jvm)).toBe(1);
    expect(existsSync(`/proc/${jvm.pid}/cwd/.attach_pid${jvm.pid}`)).toBe(false);
    expect(readFileSync(log, "utf8")).toBe("");
    expect(jvm.output()).toBe("ready\n");
  });

  test("opens a new socket when its file was deleted", async () => {
    const jvm = await start();
    const client = clientOf(jvm);
    await client.open(patience);
    rmSync(`/tmp/.java_pid${jvm.pid}`);
    expect(textOf(await client.jcmd("VM.version", patience))).toContain("VM version");
    expect(signalsTo(jvm)).toBe(2);
    expect(jvm.output()).toBe("ready\n");
  });

  test("with -XX:+StartAttachListener is never signalled", async () => {
    const jvm = await start({ flags: ["-XX:+StartAttachListener"] });
    expect(textOf(await clientOf(jvm).jcmd("VM.version", patience))).toContain("VM version");
    expect(signalsTo(jvm)).toBe(0);
  });

  test("with -Xrs listens from the beginning, and is not signalled even when its socket is gone", async () => {
    const jvm = await start({ flags: ["-Xrs"] });
    const client = clientOf(jvm);
    expect(textOf(await client.jcmd("VM.version", patience))).toContain("VM version");
    rmSync(`/tmp/.java_pid${jvm.pid}`);
    expect(reasonOf(await client.jcmd("VM.version", patience))).toContain("SIGQUIT would end this JVM (-Xrs)");
    expect(signalsTo(jvm)).toBe(0);
    expect(jvm.isAlive()).toBe(true);
  });

  test("with -XX:+DisableAttachMechanism is not signalled, and prints no threads", async () => {
    const jvm = await start({ flags: ["-XX:+DisableAttachMechanism"] });
    expect(reasonOf(await clientOf(jvm).open(patience))).toContain("-XX:+DisableAttachMechanism");
    expect(signalsTo(jvm)).toBe(0);
    expect(jvm.output()).toBe("ready\n");
  });

  test("that takes no clients by its environment is not signalled either", async () => {
    const jvm = await start({ through: ["env", "JDK_JAVA_OPTIONS=-Xmx64m -XX:+DisableAttachMechanism"] });
    expect(reasonOf(await clientOf(jvm).open(patience))).toContain("-XX:+DisableAttachMechanism");
    expect(signalsTo(jvm)).toBe(0);
  });

  test("that just begins is not signalled, and lives", async () => {
    const jvm = await launchIdle(jdk, {});
    running.push(jvm);
    const reasons = new Set<string>();
    for (let tries = 0; tries < 100; tries++) {
      const refused = reasonOf(await clientOf(jvm, { minProcessAgeMillis: 60_000 }).open(patience));
      reasons.add(refused.replace(/[\d.]+/g, "N"));
    }
    await jvm.ready;
    expect([...reasons]).toEqual(["the process is N s old, too young for a signal"]);
    expect(signalsTo(jvm)).toBe(0);
    expect(jvm.isAlive()).toBe(true);
  });

  test("that does not catch SIGQUIT yet is not signalled, whatever its age", async () => {
    const jvm = await launchIdle(jdk, { through: ["sh", "-c", 'sleep 0.3; exec "$@"', "sh"] });
    running.push(jvm);
    let uncaught = 0;
    for (let tries = 0; tries < 200 && signalsTo(jvm) === 0; tries++) {
      const { outcome } = await clientOf(jvm, { minProcessAgeMillis: -1e9, handshakeMillis: 200 }).open(patience);
      if (!outcome.ok && outcome.reason.includes("does not catch SIGQUIT")) uncaught += 1;
    }
    await jvm.ready;
    expect(uncaught).toBeGreaterThan(0);
    expect(jvm.isAlive()).toBe(true);
  });

  test("that is stopped is not asked; when it is stopped while it is asked, there is a deadline, and it lives", async () => {
    const jvm = await start();
    const client = clientOf(jvm);
    await client.open(patience);
    process.kill(jvm.pid, "SIGSTOP");
    expect(reasonOf(await client.jcmd("VM.version", patience))).toContain("is stopped (state T)");
    const frozen = clientOf(jvm, { procRoot: procThatSeesItSleep(jvm) });
    expect(reasonOf(await frozen.jcmd("VM.version", { ...patience, deadlineMillis: 200 }))).toContain(
      "did not finish within 200 ms (nothing came)",
    );
    process.kill(jvm.pid, "SIGCONT");
    expect(textOf(await client.jcmd("VM.version", patience))).toContain("VM version");
  });

  test("that another client keeps busy is a timeout, and answers afterwards", async () => {
    const jvm = await start({ flags: ["-XX:+StartAttachListener"] });
    const hog = createConnection(`/tmp/.java_pid${jvm.pid}`);
    await new Promise((resolve) => hog.once("connect", resolve));
    const client = clientOf(jvm);
    const { outcome } = await client.jcmd("VM.version", { ...patience, deadlineMillis: 200 });
    expect(outcome).toMatchObject({ ok: false, code: "timeout" });
    hog.destroy();
    expect(textOf(await client.jcmd("VM.version", patience))).toContain("VM version");
  });

  test("that is killed in the middle of a reply has ended", async () => {
    const jvm = await start({ args: ["400"] });
    const client = clientOf(jvm);
    await client.open(patience);
    const asked = client.jcmd(Array.from({ length: 70 }, () => "Thread.print").join("\n"), patience);
    await sleep(100);
    process.kill(jvm.pid, "SIGKILL");
    expect(reasonOf(await asked)).toContain(`process ${jvm.pid} has ended`);
  });

  test.runIf(isRoot)("of another user answers root", async () => {
    const jvm = await start({ through: ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], cwd: "/tmp" });
    expect(textOf(await clientOf(jvm).jcmd("VM.version", patience))).toContain("VM version");
    expect(signalsTo(jvm)).toBe(1);
    expect(existsSync(`/tmp/.attach_pid${jvm.pid}`)).toBe(false);
  });

  test.runIf(isRoot)("in its own PID and mount namespaces is found by the number that it has there", async () => {
    const jvm = await start({ through: ["unshare", "--pid", "--mount", "--fork", "--mount-proc"] });
    expect(readFileSync(`/proc/${jvm.pid}/status`, "utf8")).toMatch(/^NSpid:\t\d+\t1$/m);
    expect(textOf(await clientOf(jvm).jcmd("VM.version", patience))).toContain("VM version");
    expect(signalsTo(jvm)).toBe(1);
    expect(jvm.output()).toBe("ready\n");
  });

  test.runIf(isRoot)("whose /tmp is read-only is not signalled", async () => {
    const jvm = await start({
      through: [
        "unshare",
        "--mount",
        "sh",
        "-c",
        'mount --bind /tmp /tmp; mount -o remount,bind,ro /tmp; exec "$@"',
        "sh",
      ],
      cwd: "/",
    });
    expect(reasonOf(await clientOf(jvm).open(patience))).toContain("is read-only");
    expect(signalsTo(jvm)).toBe(0);
    expect(jvm.output()).toBe("ready\n");
  });

  test.runIf(isRoot)("whose working folder is read-only is asked by way of its /tmp", async () => {
    const folder = temporaryFolder();
    const jvm = await start({
      through: ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o ro none "$0"; cd "$0"; exec "$@"', folder],
    });
    expect(textOf(await clientOf(jvm).jcmd("VM.version", patience))).toContain("VM version");
    expect(existsSync(`/tmp/.attach_pid${jvm.pid}`)).toBe(false);
    expect(jvm.output()).toBe("ready\n");
  });

  async function start(options: IdleStart = {}): Promise<IdleJvm> {
    const jvm = await startIdle(jdk, options);
    running.push(jvm);
    return jvm;
  }
});

test.skipIf(jdks.length > 0)("no JVM was asked: there is no JDK 17 or 25 on this machine", () => undefined);

const signals = new Map<number, number>();

function signalsTo(jvm: IdleJvm): number {
  return signals.get(jvm.pid) ?? 0;
}

interface Change {
  readonly minProcessAgeMillis?: number;
  readonly handshakeMillis?: number;
  readonly procRoot?: string;
}

function clientOf(jvm: IdleJvm, change: Change = {}): AttachClient {
  const { minProcessAgeMillis = 0, handshakeMillis = 5_000, procRoot = "/proc" } = change;
  const target = {
    procRoot,
    identity: jvm.identity,
    kind: "hotspot",
    canAttach: () => undefined,
    onSignal: () => {
      signals.set(jvm.pid, signalsTo(jvm) + 1);
    },
    now: Date.now,
  } as const;
  const limits = { handshakeMillis, minProcessAgeMillis, maxFruitlessSignals: 2, maxReplyBytes: 64_000_000 };
  return new AttachClient(target, limits);
}

function textOf({ outcome }: AttachResult): string {
  return outcome.ok ? outcome.value.text : `no answer: ${outcome.reason}`;
}

function reasonOf({ outcome }: AttachResult): string {
  return outcome.ok ? `answered: ${outcome.value.text}` : outcome.reason;
}

/** As the JVM was the moment before it was stopped. */
function procThatSeesItSleep(jvm: IdleJvm): string {
  const procRoot = temporaryFolder();
  const folder = join(procRoot, String(jvm.pid));
  mkdirSync(folder);
  for (const link of ["root", "cwd"]) symlinkSync(`/proc/${jvm.pid}/${link}`, join(folder, link));
  for (const file of ["status", "stat"]) {
    const text = readFileSync(`/proc/${jvm.pid}/${file}`, "latin1");
    writeFileSync(join(folder, file), text.replace("State:\tT", "State:\tS").replace(") T ", ") S "));
  }
  return procRoot;
}
