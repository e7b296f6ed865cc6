import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { TargetError } from "../model/errors.ts";

/** An `import` would read every name that the module has, some of which load a WebSocket client: 14 MB of resident memory. */
const { createServer } = process.getBuiltinModule("node:http");

/** Where the agent listens, and who may ask it. */
export interface WebConfig {
  readonly host: string;
  readonly port: number;
  /** PEM texts. With `clientCa`, clients need a certificate by it. */
  readonly tls: { readonly cert: string; readonly key: string; readonly clientCa: string | undefined } | undefined;
  /** User names with the SHA-256 of their password, in hex; empty: everybody may ask. */
  readonly users: Readonly<Record<string, string>>;
}

/** One answer; a page is a function of the request's Accept header and of what follows the question mark. */
export interface Page {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}
export type Pages = Readonly<
  Record<string, (accept: string | undefined, query: URLSearchParams) => Page | Promise<Page>>
>;

export interface WebServer {
  /** `http://127.0.0.1:9464` */
  readonly url: string;
  close(): Promise<void>;
}

const open = ["/healthz", "/readyz"];

/** Serves pages by GET and HEAD. Liveness and readiness need no password: the kubelet has none. */
export async function startWebServer(config: WebConfig, pages: Pages): Promise<WebServer> {
  const listener: RequestListener = (request, response) => {
    answer(request, config, pages).then(
      (reply) => send(request, response, reply),
      (error) => send(request, response, { page: textPage(500, `cannot answer: ${String(error)}`), headers: {} }),
    );
  };
  const { tls } = config;
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  server.maxConnections = 64;
  await listen(server, config);
  const { port } = server.address() as AddressInfo;
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  return { url: `${tls === undefined ? "http" : "https"}://${host}:${port}`, close: () => close(server) };
}

function createTlsServer({ cert, key, clientCa }: NonNullable<WebConfig["tls"]>, listener: RequestListener): Server {
  const https = process.getBuiltinModule("node:https");
  if (clientCa === undefined) return https.createServer({ cert, key }, listener);
  return https.createServer({ cert, key, ca: clientCa, requestCert: true, rejectUnauthorized: true }, listener);
}

function listen(server: Server, { host, port }: WebConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why =
        error.code === "EADDRINUSE" ? "another process listens there; give --listen another port" : error.message;
      reject(new TargetError(`cannot listen on ${host}:${port}: ${why}`, { cause: error }));
    });
    server.listen(port, host, () => resolve());
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

interface Reply {
  readonly page: Page;
  readonly headers: Readonly<Record<string, string>>;
}

async function answer(request: IncomingMessage, { users }: WebConfig, pages: Pages): Promise<Reply> {
  const path = (request.url ?? "/").replace(/[?#].*$/s, "");
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { page: textPage(405, "only GET and HEAD are served here"), headers: { allow: "GET, HEAD" } };
  }
  if (!open.includes(path) && !isAdmitted(request.headers.authorization, users)) {
    return {
      page: textPage(401, "a user and a password are needed"),
      headers: { "www-authenticate": 'Basic realm="jprof"' },
    };
  }
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page === undefined) return { page: textPage(404, `there are ${Object.keys(pages).join(", ")}`), headers: {} };
  const query = new URLSearchParams(/\?([^#]*)/s.exec(request.url ?? "")?.[1] ?? "");
  return { page: await page(request.headers.accept, query), headers: {} };
}

/** Compares in a time that does not depend on how much of the password is right. */
function isAdmitted(authorization: string | undefined, users: WebConfig["users"]): boolean {
  if (Object.keys(users).length === 0) return true;
  const { createHash, timingSafeEqual } = process.getBuiltinModule("node:crypto");
  const [, encoded = ""] = /^Basic +(\S+)$/i.exec(authorization ?? "") ?? [];
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  const user = text.slice(0, Math.max(0, colon));
  const known = Object.hasOwn(users, user);
  const given = createHash("sha256")
    .update(text.slice(colon + 1))
    .digest();
  const wanted = Buffer.from(known ? users[user]! : "00".repeat(32), "hex");
  return wanted.length === given.length && timingSafeEqual(given, wanted) && known && colon >= 0;
}

function send(request: IncomingMessage, response: ServerResponse, { page, headers }: Reply): void {
  const body = Buffer.from(page.body);
  response.writeHead(page.status, {
    "content-type": page.contentType,
    "content-length": body.length,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...page.headers,
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** A page of one line. */
export function textPage(status: number, line: string): Page {
  return { status, contentType: "text/plain; charset=utf-8", body: `${line}\n` };
}
