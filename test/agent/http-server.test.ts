import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { startWebServer, textPage, type WebConfig, type WebServer } from "../../src/agent/http-server.ts";

const servers: WebServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe("the endpoint", () => {
  test("serves its pages by GET and HEAD, and says what there is for anything else", async () => {
    const url = await serve({});
    const [page, head, missing, post] = await Promise.all([
      fetch(`${url}/metrics?x=1`),
      fetch(`${url}/metrics`, { method: "HEAD" }),
      fetch(`${url}/constructor`),
      fetch(`${url}/metrics`, { method: "POST" }),
    ]);
    expect([page.status, await page.text()]).toEqual([200, "for */*\n"]);
    expect([head.status, await head.text(), head.headers.get("content-length")]).toEqual([200, "", "8"]);
    expect([missing.status, await missing.text()]).toEqual([404, "there are /metrics, /healthz, /broken\n"]);
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  test("answers 500 when a page cannot be made, and goes on", async () => {
    const url = await serve({});
    expect((await fetch(`${url}/broken`)).status).toBe(500);
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
  });

  test("admits only who knows the password, but lets the kubelet look", async () => {
    const url = await serve({ users: { ann: createHash("sha256").update("s3:cret").digest("hex") } });
    const ask = (path: string, login?: string) =>
      fetch(`${url}${path}`, { headers: login === undefined ? {} : { authorization: `Basic ${btoa(login)}` } });
    const statuses = await Promise.all([
      ask("/metrics"),
      ask("/metrics", "ann:s3:cret"),
      ask("/metrics", "ann:wrong"),
      ask("/metrics", "bob:s3:cret"),
      ask("/metrics", "ann"),
      ask("/metrics", ""),
      ask("/healthz"),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([401, 200, 401, 401, 401, 401, 200]);
  });

  test("says who is to blame when its port is taken", async () => {
    const url = await serve({});
    const port = Number(new URL(url).port);
    await expect(serve({ port })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}: another process listens there`);
  });
});

async function serve(config: Partial<WebConfig>): Promise<string> {
  const server = await startWebServer(
    { host: "127.0.0.1", port: 0, tls: undefined, users: {}, ...config },
    {
      "/metrics": (accept) => textPage(200, `for ${accept}`),
      "/healthz": () => textPage(200, "ok"),
      "/broken": () => {
        throw new Error("no page today");
      },
    },
  );
  servers.push(server);
  return server.url;
}
