import { chownSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { AttachClient } from "../../../src/jvm/attach/attach-client.ts";
import { type Behaviour, drawProcess, type FakeJvm, likeJvm17, likeJvm25, startFake } from "./fake-jvm.ts";

const limits = { handshakeMillis: 300, minProcessAgeMillis: 0, maxFruitlessSignals: 2, maxReplyBytes: 1_000_000 };
const patience = { deadlineMillis: 500, signal: new AbortController().signal };

let fake: FakeJvm | undefined;
afterEach(() => fake?.close());

describe("a reply", () => {
  test.each<[string, Behaviour, object]>([
    [
      "of status 0 is an answer",
      (_, socket) => void socket.end("0\n14 s\n"),
      { ok: true, value: { status: 0, text: "14 s\n" } },
    ],
    [
      "of another status too",
      (_, socket) => void socket.end("-1\nno\n"),
      { ok: true, value: { status: -1, text: "no\n" } },
    ],
    ["may come byte by byte", slowly("0\nslow\n"), { ok: true, value: { status: 0, text: "slow\n" } }],
    ["that never comes is a timeout", () => undefined, { ok: false, code: "timeout" }],
    ["that never ends is a timeout", (_, socket) => void socket.write("0\nhalf"), { ok: false, code: "timeout" }],
    ["of nothing is how a JVM turns others away", (_, socket) => void socket.end(), { ok: false, code: "denied" }],
    [
      "of nothing is the same when the socket is destroyed",
      (_, socket) => void socket.destroy(),
      { ok: false, code: "denied" },
    ],
    [
      "of garbage is a failure",
      (_, socket) => void socket.end("HTTP/1.1 200 OK\r\n\r\n"),
      { ok: false, code: "failed" },
    ],
    [
      "that is too big is a failure",
      (_, socket) => void socket.end(`0\n${"x".repeat(3_000_000)}`),
      { ok: false, code: "failed" },
    ],
  ])("%s", async (_, behaviour, expected) => {
    fake = await startFake(behaviour);
    const { outcome } = await clientOf(fake).jcmd("VM.uptime", patience);
    expect(outcome).toMatchObject(expected);
  });

  test("that is too big is read to its end and counted", async () => {
    fake = await startFake((_, socket) => void socket.end(`0\n${"x".repeat(3_000_000)}`));
    const { outcome, replyBytes } = await clientOf(fake).jcmd("VM.uptime", patience);
    expect(replyBytes).toBe(3_000_002);
    expect(outcome).toMatchObject({ reason: "the reply has 3000002 bytes, more than is kept of one" });
  });

  test("of random bytes, cut off at random, is an answer or a reason", async () => {
    fake = await startFake(() => undefined);
    const jvm = fake;
    const client = clientOf(jvm);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, isReset) => {
        jvm.behave((_, socket) => {
          socket.write(bytes);
          if (isReset) socket.destroy();
          else socket.end();
        });
        const { outcome } = await client.jcmd("VM.uptime", patience);
        return outcome.ok || outcome.reason.length > 0;
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test("is given up when the signal says so", async () => {
    fake = await startFake(() => undefined);
    const giveUp = new AbortController();
    setTimeout(() => giveUp.abort(), 20);
    const { outcome } = await clientOf(fake).jcmd("VM.uptime", { deadlineMillis: 60_000, signal: giveUp.signal });
    expect(outcome).toMatchObject({ ok: false, code: "timeout", reason: "given up (nothing came)" });
  });
});

describe("the protocol", () => {
  test("is the first one until the JVM says that it knows another, and then does not stream", async () => {
    fake = await startFake(likeJvm25(() => "1 s\n"));
    const client = clientOf(fake);
    expect(client.longestText()).toBe(1024);
    await client.open(patience);
    expect(client.longestText()).toBeGreaterThan(100_000);
    await client.jcmd("VM.uptime", patience);
    expect(fake.requests).toEqual(["1\0getversion\0options\0\0\0", "2\x0027\0jcmd streaming=0\0VM.uptime\0"]);
  });

  test("stays the first one with an older JVM", async () => {
    fake = await startFake(likeJvm17(() => "1 s\n"));
    const client = clientOf(fake);
    await client.open(patience);
    await client.jcmd("VM.uptime", patience);
    expect(fake.requests.at(-1)).toBe("1\0jcmd\0VM.uptime\0\0\0");
  });

  test("goes back to the first one when the second is refused", async () => {
    fake = await startFake((request, socket) => {
      if (request.startsWith("2")) return void socket.end("101\nv2 is unsupported or disabled");
      socket.end(request.includes("getversion") ? "0\n2 streaming" : "0\nfine\n");
    });
    const client = clientOf(fake);
    await client.open(patience);
    expect((await client.jcmd("VM.uptime", patience)).outcome).toMatchObject({ ok: true, value: { text: "fine\n" } });
    expect(fake.requests.at(-1)).toBe("1\0jcmd streaming=0\0VM.uptime\0\0\0");
  });

  test("is not spoken with arguments that the JVM would hang up on", async () => {
    fake = await startFake(likeJvm17(() => "1 s\n"));
    const { outcome, isSent } = await clientOf(fake).jcmd("x".repeat(1025), patience);
    expect(outcome).toMatchObject({ ok: false, reason: "an argument of 1025 bytes; this JVM takes 1024 at most" });
    expect(isSent).toBe(false);
    expect(fake.requests).toEqual([]);
  });
});

describe("nothing is sent", () => {
  test.each<[string, (jvm: FakeJvm) => void, string]>([
    [
      "to a process that took over the id",
      (jvm) => drawProcess(jvm.procRoot, { startTicks: 2000 }),
      "belongs to another process",
    ],
    ["to a stopped process", (jvm) => drawProcess(jvm.procRoot, { state: "T" }), "is stopped"],
    ["to a zombie", (jvm) => drawProcess(jvm.procRoot, { state: "Z" }), "has ended"],
    ["to a process that is gone", (jvm) => rmSync(`${jvm.procRoot}/4711`, { recursive: true }), "has ended"],
    [
      "to a file that is no socket",
      (jvm) => replaceSocket(jvm, () => writeFileSync(jvm.socketPath, "")),
      "is not a socket",
    ],
    ["through a link", (jvm) => replaceSocket(jvm, () => symlinkSync("/run/other", jvm.socketPath)), "is not a socket"],
    ["where status cannot be understood", (jvm) => writeFileSync(`${jvm.procRoot}/4711/status`, "?"), "cannot be read"],
  ])("%s", async (_, change, reason) => {
    fake = await startFake((_request, socket) => void socket.end("0\n"));
    change(fake);
    const { outcome, isSent } = await clientOf(fake).jcmd("VM.uptime", patience);
    expect(outcome.ok ? "" : outcome.reason).toContain(reason);
    expect(isSent).toBe(false);
    expect(fake.requests).toEqual([]);
  });

  test.runIf(process.geteuid?.() === 0)("to a socket of another user", async () => {
    fake = await startFake((_, socket) => void socket.end("0\n"));
    chownSync(fake.socketPath, 12345, 12345);
    const { outcome } = await clientOf(fake).jcmd("VM.uptime", patience);
    expect(outcome).toMatchObject({ ok: false, code: "denied" });
    expect(fake.requests).toEqual([]);
  });

  test("to a socket that nobody listens at", async () => {
    fake = await startFake(() => undefined);
    const jvm = fake;
    replaceSocket(jvm, () => undefined);
    const server = createServer().listen(`${jvm.socketPath}x`);
    await new Promise((resolve) => server.once("listening", resolve));
    renameSync(`${jvm.socketPath}x`, jvm.socketPath);
    await new Promise((resolve) => server.close(resolve));
    const { outcome } = await clientOf(jvm).jcmd("VM.uptime", patience);
    expect(outcome).toMatchObject({ ok: false, code: "failed", reason: expect.stringContaining("left-over file") });
  });

  test("as a signal to a process that only another /proc knows by this id", async () => {
    fake = await startFake(() => undefined);
    rmSync(fake.socketPath);
    const { outcome } = await clientOf(fake).jcmd("VM.uptime", patience);
    expect(outcome).toMatchObject({ ok: false, code: "absent" });
    expect(signals).toBe(0);
  });
});

let signals = 0;

function clientOf(jvm: FakeJvm): AttachClient {
  const target = {
    procRoot: jvm.procRoot,
    identity: jvm.identity,
    kind: "hotspot",
    canAttach: () => undefined,
    onSignal: () => {
      signals += 1;
    },
    now: Date.now,
  } as const;
  return new AttachClient(target, limits);
}

function slowly(text: string): Behaviour {
  return async (_, socket) => {
    for (const byte of Buffer.from(text)) {
      socket.write(Uint8Array.of(byte));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    socket.end();
  };
}

function replaceSocket(jvm: FakeJvm, create: () => void): void {
  rmSync(jvm.socketPath);
  create();
}
