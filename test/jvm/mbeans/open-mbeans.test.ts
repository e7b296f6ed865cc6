import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type MBeans, type MBeansOptions, openMBeans } from "../../../src/jvm/mbeans/open-mbeans.ts";
import { UsageError } from "../../../src/model/errors.ts";
import { answer, type FakeJolokia, type Misbehave, startFakeJolokia, value } from "./fake-jolokia.ts";

const threading = { mbean: "java.lang:type=Threading", attributes: ["ThreadCount"] };
const memory = { mbean: "java.lang:type=Memory", attributes: ["HeapMemoryUsage"] };
const beans = { [threading.mbean]: { ThreadCount: 9 }, [memory.mbean]: { HeapMemoryUsage: { used: 7 } } };
const { signal } = new AbortController();
const patience = { timeout: 10_000 };

const open: (MBeans | FakeJolokia)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await ("close" in one ? one.close() : one.stop());
});

function mbeansAt(url: string, options: Partial<MBeansOptions> = {}): MBeans {
  const mbeans = openMBeans({ url, deadlineMillis: 5_000, ...options });
  open.push(mbeans);
  return mbeans;
}

async function fake(misbehave?: Misbehave): Promise<FakeJolokia> {
  const agent = await startFakeJolokia(beans, misbehave);
  open.push(agent);
  return agent;
}

describe("a read", () => {
  test("of several MBeans is one POST, with limits, and one answer for each", async () => {
    const agent = await fake();
    const mbeans = mbeansAt(agent.url);
    expect(mbeans.status()).toMatchObject({ tier: "mbeans", state: "unknown", detail: "" });
    const missing = { mbean: "no:type=Odd", attributes: ["X"] };
    const answers = await mbeans.read([threading, missing, memory], signal);
    expect(answers).toMatchObject({
      ok: true,
      source: "mbeans",
      value: [
        { ok: true, value: { ThreadCount: 9 }, source: "mbeans" },
        { ok: false, code: "absent", reason: 'there is no MBean "no:type=Odd"' },
        { ok: true, value: { HeapMemoryUsage: { used: 7 } } },
      ],
    });
    expect(agent.received).toHaveLength(1);
    const query = new URLSearchParams(agent.received[0]!.url.split("?")[1]);
    expect(Object.fromEntries(query)).toMatchObject({
      maxDepth: "8",
      maxObjects: "50000",
      maxCollectionSize: "5000",
      ignoreErrors: "true",
      includeStackTrace: "false",
    });
    expect(mbeans.status()).toMatchObject({ state: "ok", lastOkMillis: expect.any(Number) });
  });

  test("asks for the agent's version along with the first reads, and never again", async () => {
    const agent = await fake();
    const mbeans = mbeansAt(agent.url);
    await mbeans.read([threading], signal);
    await mbeans.read([threading], signal);
    expect(mbeans.agentVersion()).toBe("2.6.0");
    expect(agent.received.map(({ requests }) => requests.map(({ type }) => type))).toEqual([
      ["version", "read"],
      ["read"],
    ]);
  });

  test("travels with what others ask for in the same turn", async () => {
    const agent = await fake();
    const mbeans = mbeansAt(agent.url);
    const [one, two] = await Promise.all([mbeans.read([threading], signal), mbeans.read([memory, threading], signal)]);
    expect(one).toMatchObject({ value: [{ value: { ThreadCount: 9 } }] });
    expect(two).toMatchObject({ value: [{ value: { HeapMemoryUsage: { used: 7 } } }, { value: { ThreadCount: 9 } }] });
    expect(agent.received).toHaveLength(1);
  });

  test("waits while another is under way, so that there is one request at a time", async () => {
    let running = 0;
    let most = 0;
    const agent = await fake((response, request) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running--;
        answer(response, request, () => value({ ThreadCount: 9 }));
      }, 30);
    });
    const mbeans = mbeansAt(agent.url, { limits: { maxReadsPerRequest: 1 } });
    const answers = await Promise.all([1, 2, 3].map(() => mbeans.read([threading], signal)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(agent.received).toHaveLength(3);
    expect(most).toBe(1);
  });

  test("that would be too much, or is no name, is not sent, and leaves the others alone", async () => {
    const agent = await fake();
    const mbeans = mbeansAt(agent.url);
    const reads = [
      { mbean: "*:*", attributes: ["X"] },
      { mbean: "java.lang:*", attributes: ["X"] },
      { mbean: "java.lang:type=MemoryPool,name=*", attributes: [] },
      { mbean: "no name", attributes: ["X"] },
      threading,
    ];
    const answers = await mbeans.read(reads, signal);
    expect(answers.ok && answers.value.map((one) => (one.ok ? one.value : one.code))).toEqual([
      "forbidden",
      "forbidden",
      "forbidden",
      "failed",
      { ThreadCount: 9 },
    ]);
    expect(agent.received[0]!.requests).toHaveLength(2);
    expect(await mbeans.read(reads.slice(0, 1), signal)).toMatchObject({ ok: true, value: [{ ok: false }] });
    expect(agent.received).toHaveLength(1);
  });

  test("of an operation is forbidden, but for the search for deadlocks under diagnose", async () => {
    const agent = await fake((response, request) => answer(response, request, () => value([12, 13])));
    const deadlocks = { mbean: threading.mbean, attributes: ["findDeadlockedThreads()"] };
    const gc = { mbean: memory.mbean, attributes: ["gc()"] };
    const observing = await mbeansAt(agent.url).read([deadlocks, gc], signal);
    expect(observing).toMatchObject({ value: [{ code: "forbidden" }, { code: "forbidden" }] });
    expect(agent.received).toHaveLength(0);
    const diagnosing = await mbeansAt(agent.url, { policy: "diagnose" }).read([deadlocks, gc], signal);
    expect(diagnosing).toMatchObject({ value: [{ ok: true, value: [12, 13] }, { code: "forbidden" }] });
    expect(agent.received[0]!.requests[1]).toEqual({
      type: "exec",
      mbean: threading.mbean,
      operation: "findDeadlockedThreads",
    });
  });
});

describe("an answer", () => {
  test("that the agent may not give is denied, and one without its attributes is absent", async () => {
    const securityError = { error_type: "java.lang.SecurityException", ".error": true, error: "Reading is forbidden" };
    const noAttribute = { error_type: "javax.management.AttributeNotFoundException", ".error": true, error: "No such" };
    const replies: Record<string, unknown> = {
      "a:type=Denied": value({ X: securityError }),
      "a:type=Refused": { error_type: "java.lang.Exception", error: "Operation forbidden", status: 403 },
      "a:type=Poor": value({ X: noAttribute }),
      "a:type=Half": value({ X: noAttribute, Y: 1 }),
      "a:type=Broken": { error_type: "java.lang.IllegalStateException", error: "boom", status: 500 },
      "a:type=Many,name=*": value({ "a:name=1,type=Many": { X: noAttribute }, "a:name=2,type=Many": { X: 2 } }),
    };
    const agent = await fake((response, request) => answer(response, request, ({ mbean = "" }) => replies[mbean]));
    const reads = Object.keys(replies).map((mbean) => ({ mbean, attributes: ["X"] }));
    const answers = await mbeansAt(agent.url).read(reads, signal);
    expect(answers.ok && answers.value).toMatchObject([
      { code: "denied", reason: "the policy of the JVM's Jolokia agent forbids it: Reading is forbidden" },
      { code: "denied", reason: "the policy of the JVM's Jolokia agent forbids it: Operation forbidden" },
      { code: "absent", reason: '"a:type=Poor" does not have it: No such' },
      { ok: true, value: { Y: 1 } },
      { code: "failed", reason: 'reading "a:type=Broken" failed in the JVM: IllegalStateException: boom' },
      { ok: true, value: { "a:name=2,type=Many": { X: 2 } } },
    ]);
  });

  test("that was cut short by a limit is refused rather than taken for whole", async () => {
    const pools = { "a:name=1,type=P": { X: 1 }, "a:name=2,type=P": { X: 2 } };
    const replies: Record<string, unknown> = {
      "a:type=P,name=*": value(pools),
      "a:type=Deep": value({ X: { used: "[Object limit exceeded]" } }),
    };
    const agent = await fake((response, request) => answer(response, request, ({ mbean = "" }) => replies[mbean]));
    const reads = Object.keys(replies).map((mbean) => ({ mbean, attributes: ["X"] }));
    const answers = await mbeansAt(agent.url, { limits: { maxCollectionSize: 2, maxObjects: 5 } }).read(reads, signal);
    expect(answers.ok && answers.value).toMatchObject([
      { code: "failed", reason: '"a:type=P,name=*" matches 2 MBeans or more: narrow the pattern' },
      { code: "failed", reason: '"a:type=Deep" holds more than 5 values: ask for less of it' },
    ]);
  });
});

describe("a request that fails", () => {
  const status = (code: number, body = "") => fake((response) => response.writeHead(code).end(body));

  test.each([
    [401, "denied", /wants another user and password/],
    [403, "denied", /does not let jprof in/],
    [404, "failed", /there is no Jolokia agent at/],
    [302, "failed", /points elsewhere/],
    [400, "failed", /answered with HTTP 400: Key properties cannot be empty/],
    [503, "failed", /answered with HTTP 503: Key properties/],
  ])("with HTTP %i is %s, with a reason", async (code, noAnswer, reason) => {
    const agent = await status(code, "Key properties\n cannot be empty");
    const mbeans = mbeansAt(agent.url);
    expect(await mbeans.read([threading], signal)).toEqual({
      ok: false,
      code: noAnswer,
      reason: expect.stringMatching(reason),
    });
    expect(mbeans.status()).toMatchObject({
      state: noAnswer === "denied" ? "denied" : "failing",
      lastOkMillis: undefined,
    });
  });

  test.each([
    [
      "a page",
      (response) => response.end("<html>hello</html>"),
      /does not answer as a Jolokia agent does: expected JSON/,
    ],
    ["half an answer", (response) => response.end('[{"value":{"agent"'), /expected JSON/],
    ["too few answers", (response) => response.end("[]"), /expected 2 replies, got 0/],
    ["nothing", (response) => response.destroy(), /ended the connection before its reply was whole/],
    [
      "less than it promised",
      (response) => {
        response.writeHead(200, { "Content-Length": "1000" });
        response.write("[", () => response.destroy());
      },
      /ended the connection before its reply was whole/,
    ],
    ["more than is taken", (response) => response.end("x".repeat(100_000)), /longer than 50000 bytes/],
    ["an endless reply", endless, /longer than 50000 bytes/],
    [
      "one refusal of all",
      (response) => response.end('{"error_type":"java.lang.Exception","error":"No access","status":403}'),
      /policy of the JVM's Jolokia agent forbids it: No access/,
    ],
  ] satisfies readonly [string, Misbehave, RegExp][])("since %s comes has a reason", async (_, misbehave, reason) => {
    const agent = await fake(misbehave);
    const answers = await mbeansAt(agent.url, { limits: { maxReplyBytes: 50_000 } }).read([threading], signal);
    expect(answers).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
  });

  test("since nothing listens says so, without credentials", async () => {
    const agent = await fake();
    await agent.stop();
    const url = agent.url.replace("://", "://me:secret@");
    const answers = await mbeansAt(url).read([threading], signal);
    expect(answers).toMatchObject({
      ok: false,
      code: "failed",
      reason: expect.stringContaining("nothing listens at http"),
    });
    expect(JSON.stringify(answers)).not.toContain("secret");
  });

  test("since the answer is late is given up at the deadline, before and amid the reply", async () => {
    for (const begin of [false, true]) {
      const agent = await fake((response) => {
        if (begin) response.write("[");
      });
      const mbeans = mbeansAt(agent.url, { deadlineMillis: 100 });
      expect(await mbeans.read([threading], signal)).toEqual({
        ok: false,
        code: "timeout",
        reason: `${agent.url} did not answer in time`,
      });
      expect(mbeans.usage()).toMatchObject([{ command: "mbeans", outcome: "timeout", requests: 1 }]);
    }
  });

  test("since it is no HTTP has a reason", async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.end("SSH-2.0-OpenSSH\r\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expect(await mbeansAt(`http://127.0.0.1:${port}/jolokia`).read([threading], signal)).toMatchObject({ ok: false });
    for (const socket of sockets) socket.destroy();
    server.close();
  });
});

describe("a caller", () => {
  test("that gives up gets its reason at once, and the request goes on for the others", async () => {
    let release = () => {};
    const agent = await fake((response, request) => {
      release = () => answer(response, request, () => value({ ThreadCount: 9 }));
    });
    const mbeans = mbeansAt(agent.url);
    const impatient = new AbortController();
    const given = mbeans.read([threading], impatient.signal);
    const waiting = mbeans.read([threading], signal);
    await expect.poll(() => agent.received.length, patience).toBe(1);
    impatient.abort();
    expect(await given).toMatchObject({ ok: false, code: "timeout" });
    release();
    expect(await waiting).toMatchObject({ ok: true });
  });

  test("that is the only one to wait ends the request when it gives up, which is no failure of the agent", async () => {
    let isEnded = false;
    const agent = await fake((response) => {
      response.on("close", () => {
        isEnded = true;
      });
    });
    const mbeans = mbeansAt(agent.url);
    const impatient = new AbortController();
    const given = mbeans.read([threading], impatient.signal);
    await expect.poll(() => agent.received.length, patience).toBe(1);
    impatient.abort();
    expect(await given).toMatchObject({ ok: false, code: "timeout" });
    await expect.poll(() => isEnded, patience).toBe(true);
    expect(mbeans.status().state).toBe("unknown");
    expect(await mbeans.read([threading], AbortSignal.abort())).toMatchObject({ code: "timeout" });
  });

  test("gets its reason when the JVM is let go", async () => {
    const agent = await fake(() => {});
    const mbeans = mbeansAt(agent.url);
    const asked = mbeans.read([threading], signal);
    await expect.poll(() => agent.received.length, patience).toBe(1);
    const waiting = mbeans.read([threading], signal);
    mbeans.close();
    expect(await asked).toMatchObject({ ok: false });
    expect(await waiting).toMatchObject({ ok: false, reason: "the JVM is no longer watched" });
    expect(await mbeans.read([threading], signal)).toMatchObject({ ok: false, reason: "the JVM is no longer watched" });
  });
});

test("what fails three times in a row is left alone, longer each time, until it answers again", async () => {
  let now = 1_000_000;
  let isDown = true;
  const agent = await fake((response, request) => {
    if (isDown) response.writeHead(500).end();
    else answer(response, request, () => value({ ThreadCount: 9 }));
  });
  const mbeans = mbeansAt(agent.url, { now: () => now });
  const read = () => mbeans.read([threading], signal);
  for (let times = 0; times < 3; times++) await read();
  expect(await read()).toMatchObject({
    code: "failed",
    reason: expect.stringMatching(/^not asked again for 30 s, since /),
  });
  expect(mbeans.status()).toMatchObject({ state: "suspended", detail: expect.stringContaining("HTTP 500") });
  expect(agent.received).toHaveLength(3);
  now += 30_000;
  await read();
  expect(agent.received).toHaveLength(4);
  expect(await read()).toMatchObject({ reason: expect.stringMatching(/^not asked again for 60 s/) });
  now += 60_000;
  isDown = false;
  expect(await read()).toMatchObject({ ok: true });
  expect(mbeans.status()).toMatchObject({ state: "ok", lastOkMillis: now });
  expect(mbeans.usage()).toMatchObject([
    { command: "mbeans", outcome: "failed", requests: 4 },
    { command: "mbeans", outcome: "answered", requests: 1 },
  ]);
});

test("usage tells how long the JVM was stopped meanwhile, by its own counter", async () => {
  const agent = await fake();
  let stopped = 1;
  const mbeans = mbeansAt(agent.url, { stoppedSeconds: () => (stopped += 0.25) });
  await mbeans.read([threading], signal);
  const [usage] = mbeans.usage();
  expect(usage).toMatchObject({ outcome: "answered", requests: 1, stoppedSeconds: 0.25 });
  expect(usage!.seconds).toBeGreaterThan(0);
});

test("user and password, or a token, go into the header, also from the address", async () => {
  const agent = await fake();
  const login = { user: "me", password: "p:ä" };
  await mbeansAt(agent.url, login).read([threading], signal);
  await mbeansAt(agent.url, { token: "abc" }).read([threading], signal);
  await mbeansAt(agent.url.replace("://", "://me:p%3A%C3%A4@")).read([threading], signal);
  await mbeansAt(agent.url).read([threading], signal);
  const basic = `Basic ${Buffer.from("me:p:ä").toString("base64")}`;
  expect(agent.received.map(({ headers }) => headers.authorization)).toEqual([basic, "Bearer abc", basic, undefined]);
});

test.each(["127.0.0.1:8778", "ftp://127.0.0.1/", "", "http://"])("the address %j is a wrong usage", (url) => {
  expect(() => openMBeans({ url, deadlineMillis: 1 })).toThrow(UsageError);
});

test("the global fetch is never another one to anybody else", async () => {
  const agent = await fake();
  const { fetch } = globalThis;
  const reading = mbeansAt(agent.url).read([threading], signal);
  for (let turn = 0; turn < 20; turn++) {
    expect(globalThis.fetch).toBe(fetch);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await reading).toMatchObject({ ok: true });
});

function endless(response: Parameters<Misbehave>[0]): void {
  const more = () => {
    while (!response.destroyed && response.write("x".repeat(10_000)));
  };
  response.on("drain", more);
  more();
}
