import { expect, test } from "vitest";
import { type AgentLoad, loadJolokiaAgent } from "../../../src/jvm/mbeans/load-agent.ts";
import { type FakeJolokia, startFakeJolokia } from "./fake-jolokia.ts";

const { signal } = new AbortController();
const replied = (text: string) =>
  ({ ok: true, value: { status: 0, text }, source: "attach", takenAtMillis: 1 }) as const;

/** A JVM that loads what it is told to, unless it replies something else. */
function fakeLoad(reply = "return code: 0\n"): AgentLoad & { readonly loads: (readonly string[])[] } {
  const loads: (readonly string[])[] = [];
  return {
    loads,
    policy: "intrude",
    jarPath: "/tmp/jolokia.jar",
    port: 1,
    deadlineMillis: 300,
    async load(args) {
      loads.push(args);
      return replied(reply);
    },
  };
}

function portOf(agent: FakeJolokia): number {
  return Number(new URL(agent.url).port);
}

test("nothing is loaded below the policy intrude", async () => {
  const agent = fakeLoad();
  for (const policy of ["observe", "diagnose"] as const) {
    expect(await loadJolokiaAgent({ ...agent, policy }, signal)).toMatchObject({ ok: false, code: "forbidden" });
  }
  expect(agent.loads).toEqual([]);
});

test("nothing is loaded where an agent answers already", async () => {
  const running = await startFakeJolokia({});
  const agent = fakeLoad();
  const loaded = await loadJolokiaAgent({ ...agent, port: portOf(running) }, signal);
  expect(loaded).toMatchObject({ ok: true, value: { url: running.url } });
  expect(agent.loads).toEqual([]);
  await running.stop();
});

test("the agent listens on 127.0.0.1, whatever its other options are, and is waited for", async () => {
  let isUp = false;
  const running = await startFakeJolokia({}, (response) => {
    if (isUp) response.end('[{"value":{"agent":"2.6.0"},"status":200}]');
    else response.writeHead(503).end();
  });
  const agent = fakeLoad();
  const options = { host: "0.0.0.0", user: "me", password: "a,b\\c" };
  setTimeout(() => {
    isUp = true;
  }, 60);
  const loaded = await loadJolokiaAgent({ ...agent, port: portOf(running), options, deadlineMillis: 5_000 }, signal);
  expect(loaded).toMatchObject({ ok: true, value: { url: running.url }, source: "attach" });
  expect(agent.loads).toEqual([
    [
      "instrument",
      "false",
      String.raw`/tmp/jolokia.jar=host=127.0.0.1,user=me,password=a\,b\\c,port=${portOf(running)}`,
    ],
  ]);
  expect(running.received.at(-1)?.headers.authorization).toMatch(/^Basic /);
  await running.stop();
});

test("what is loaded but does not answer, or is not loaded, has a reason", async () => {
  expect(await loadJolokiaAgent(fakeLoad(), signal)).toMatchObject({
    ok: false,
    reason: expect.stringContaining("the agent is loaded but does not answer"),
  });
  expect(await loadJolokiaAgent(fakeLoad("return code: 100\n"), signal)).toMatchObject({
    ok: false,
    reason: expect.stringContaining("finds no agent there"),
  });
  expect(await loadJolokiaAgent({ ...fakeLoad(), jarPath: "/x".repeat(600) }, signal)).toMatchObject({
    ok: false,
    reason: expect.stringContaining("longer than 1024 bytes"),
  });
});
