import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { AttachClient } from "../../../src/jvm/attach/attach-client.ts";
import { identityOf, temporaryFolder } from "./idle-jvm.ts";

const limits = { handshakeMillis: 150, minProcessAgeMillis: 0, maxFruitlessSignals: 2, maxReplyBytes: 1_000_000 };
const patience = { deadlineMillis: 1_000, signal: new AbortController().signal };

let running: ChildProcess | undefined;
afterEach(() => void running?.kill("SIGKILL"));

describe("a process that catches SIGQUIT and opens no socket", () => {
  test("gets one signal each time, and after two fruitless ones none", async () => {
    const { client, trigger, signals } = await startCatcher();
    const results: unknown[] = [];
    for (let tries = 0; tries < 4; tries++) {
      const { outcome } = await client.open(patience);
      await sleep(20);
      results.push([outcome.ok ? "" : outcome.code, signals(), existsSync(trigger)]);
    }
    expect(results).toEqual([
      ["timeout", 1, false],
      ["timeout", 2, false],
      ["absent", 2, false],
      ["absent", 2, false],
    ]);
    expect((await client.open(patience)).outcome).toMatchObject({
      reason: "the JVM opened no socket after 2 signals, and gets no more",
    });
  });

  test("is left without a trigger file also when jprof gives up waiting", async () => {
    const { client, trigger } = await startCatcher(60_000);
    const giveUp = new AbortController();
    const opened = client.open({ ...patience, signal: giveUp.signal });
    while (!existsSync(trigger)) await sleep(2);
    giveUp.abort();
    expect((await opened).outcome).toMatchObject({
      ok: false,
      reason: "given up while the JVM was opening its socket",
    });
    expect(existsSync(trigger)).toBe(false);
  });

  test("is left without a trigger file also when it ends meanwhile", async () => {
    const { client, trigger } = await startCatcher(60_000);
    const opened = client.open(patience);
    while (!existsSync(trigger)) await sleep(2);
    running?.kill("SIGKILL");
    const { outcome } = await opened;
    expect(outcome.ok ? "" : outcome.reason).toContain("has ended");
    expect(existsSync(trigger)).toBe(false);
  });
});

async function startCatcher(handshakeMillis = limits.handshakeMillis) {
  const script = `process.on("SIGQUIT", () => process.stdout.write("s")); setInterval(() => {}, 1000); process.stdout.write("ready");`;
  const child = spawn(process.execPath, ["-e", script], {
    cwd: temporaryFolder(),
    stdio: ["ignore", "pipe", "ignore"],
  });
  running = child;
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  while (!output.startsWith("ready")) await sleep(5);
  const pid = child.pid!;
  const target = {
    procRoot: "/proc",
    identity: identityOf(pid, undefined),
    kind: "hotspot",
    canAttach: () => undefined,
    onSignal: () => undefined,
    now: Date.now,
  } as const;
  return {
    client: new AttachClient(target, { ...limits, handshakeMillis }),
    trigger: join(readlinkSync(`/proc/${pid}/cwd`), `.attach_pid${pid}`),
    signals: () => output.length - "ready".length,
  };
}
