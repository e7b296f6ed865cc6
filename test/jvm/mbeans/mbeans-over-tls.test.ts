import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MBeansOptions, openMBeans } from "../../../src/jvm/mbeans/open-mbeans.ts";
import { type Certificate, hasOpenssl, makeCertificate, noOpenssl } from "./certificates.ts";
import { type FakeJolokia, startFakeJolokia } from "./fake-jolokia.ts";

const threading = { mbean: "java.lang:type=Threading", attributes: ["ThreadCount"] };
const beans = { [threading.mbean]: { ThreadCount: 9 } };

describe.runIf(hasOpenssl)(`over TLS${noOpenssl}`, () => {
  let server: Certificate;
  let client: Certificate;
  let agent: FakeJolokia;
  let strict: FakeJolokia;
  let elsewhere: FakeJolokia;

  beforeAll(async () => {
    server = makeCertificate("server");
    client = makeCertificate("client");
    const named = makeCertificate("agent", "DNS:agent.example");
    agent = await startFakeJolokia(beans, undefined, server);
    strict = await startFakeJolokia(beans, undefined, { ...server, ca: client.cert, requestCert: true });
    elsewhere = await startFakeJolokia(beans, undefined, named);
    server = { ...server, cert: `${server.cert}${named.cert}` };
  });

  afterAll(async () => {
    await Promise.all([agent?.stop(), strict?.stop(), elsewhere?.stop()]);
  });

  async function read(url: string, options: Partial<MBeansOptions>) {
    const mbeans = openMBeans({ url, deadlineMillis: 5_000, ...options });
    const answers = await mbeans.read([threading], new AbortController().signal);
    mbeans.close();
    return answers;
  }

  test("an unknown certificate is refused, unless it is trusted or nothing is to be checked", async () => {
    expect(await read(agent.url, {})).toMatchObject({
      ok: false,
      code: "denied",
      reason: expect.stringMatching(/^no secure connection to https:.*self-signed certificate/),
    });
    expect(await read(agent.url, { ca: server.cert })).toMatchObject({ ok: true });
    expect(await read(agent.url, { rejectUnauthorized: false })).toMatchObject({ ok: true });
  });

  test("an agent may want a certificate", async () => {
    expect(await read(strict.url, { ca: server.cert })).toMatchObject({ ok: false });
    expect(await read(strict.url, { ca: server.cert, cert: client.cert, key: client.key })).toMatchObject({ ok: true });
  });

  test("a certificate for another name is taken only when that name is given", async () => {
    expect(await read(elsewhere.url, { ca: server.cert })).toMatchObject({ ok: false, code: "denied" });
    expect(await read(elsewhere.url, { ca: server.cert, serverName: "agent.example" })).toMatchObject({ ok: true });
  });

  test("http where https is spoken has a reason", async () => {
    expect(await read(agent.url.replace("https", "http"), {})).toMatchObject({ ok: false, code: "failed" });
  });
});
