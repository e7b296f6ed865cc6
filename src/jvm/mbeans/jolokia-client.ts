import type { JolokiaRequest } from "jolokia.js";
import { UsageError } from "../../model/errors.ts";
import { type HttpPoster, openPoster, type TlsOptions } from "./http-post.ts";
import type { MBeanLimits } from "./limits.ts";

/** Where a Jolokia agent listens, and who jprof is to it. */
export interface JolokiaEndpoint extends TlsOptions {
  /** `http://127.0.0.1:8778/jolokia` */
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** A bearer token, in place of user and password. */
  readonly token?: string | undefined;
}

/** The official client of one agent, over a transport that knows deadlines, limits and client certificates. */
export interface JolokiaClient {
  /** The address without credentials, for people. */
  readonly address: string;
  /** The text of the reply; throws {@link HttpRefusal}, and what the transport throws. */
  ask(requests: readonly JolokiaRequest[], signal: AbortSignal): Promise<string>;
  close(): void;
}

/** Thrown for any status but 200, as the official client throws it. */
export interface HttpRefusal {
  readonly status: number;
  readonly body: string;
}

/** Connects to nothing yet; throws a UsageError where the address is none. */
export function openJolokiaClient(endpoint: JolokiaEndpoint, limits: MBeanLimits): JolokiaClient {
  const { url, headers } = connectionOf(endpoint);
  const poster = openPoster(url, endpoint, limits.maxReplyBytes);
  const options = {
    url: url.href,
    headers,
    ...{ maxDepth: limits.maxDepth, maxObjects: limits.maxObjects, maxCollectionSize: limits.maxCollectionSize },
    ...{ ignoreErrors: true, includeStackTrace: false, includeRequest: false, canonicalNaming: true },
  } as const;
  return {
    address: `${url.origin}${url.pathname}`,
    async ask(requests, signal) {
      const { default: Jolokia } = await import("jolokia.js");
      const client = new Jolokia(options);
      const fetch = fetchBy(poster, signal);
      const reply = await withFetch(fetch, () => client.request([...requests], { method: "post", dataType: "text" }));
      return String(reply);
    },
    close: () => poster.close(),
  };
}

/** Whether it is what {@link JolokiaClient.ask} throws for a status. */
export function isHttpRefusal(error: unknown): error is HttpRefusal {
  return typeof error === "object" && error !== null && "status" in error && "body" in error;
}

/** Credentials go into a header: the client's own options for them need a browser. */
function connectionOf(endpoint: JolokiaEndpoint): { readonly url: URL; readonly headers: Record<string, string> } {
  const url = URL.parse(endpoint.url);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new UsageError(`expected the http or https address of a Jolokia agent, got "${endpoint.url}"`);
  }
  const user = endpoint.user ?? decodeURIComponent(url.username);
  const password = endpoint.password ?? decodeURIComponent(url.password);
  url.username = "";
  url.password = "";
  if (endpoint.token !== undefined) return { url, headers: { Authorization: `Bearer ${endpoint.token}` } };
  if (user === "") return { url, headers: {} };
  return { url, headers: { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` } };
}

/** The part of the Fetch API that the client uses. */
function fetchBy(poster: HttpPoster, signal: AbortSignal): typeof globalThis.fetch {
  const fetch = async (url: string, init: { headers: Record<string, string>; body: string }) => {
    const { status, body } = await poster.post({ url, headers: init.headers, body: init.body }, signal);
    return { status, body, headers: { get: () => null }, text: async () => body };
  };
  return fetch as unknown as typeof globalThis.fetch;
}

/**
 * The client takes no transport as an option: it calls the global `fetch`, which knows neither client certificates nor a limit, and costs
 * 17 MB. It does so before `request` returns, so that ours stands in its place during that one call, which nothing else can see.
 */
function withFetch<T>(fetch: typeof globalThis.fetch, call: () => T): T {
  const theirs = globalThis.fetch;
  globalThis.fetch = fetch;
  try {
    return call();
  } finally {
    globalThis.fetch = theirs;
  }
}
