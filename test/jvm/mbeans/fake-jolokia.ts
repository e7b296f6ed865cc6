import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";

/** One request that a fake agent was sent. */
export interface FakeRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly requests: readonly FakeRead[];
}

export interface FakeRead {
  readonly type: string;
  readonly mbean?: string;
  readonly attribute?: readonly string[];
  readonly operation?: string;
}

/** A server that speaks as a Jolokia agent does, or as a test wants it to. */
export interface FakeJolokia {
  readonly url: string;
  /** In the order in which they came. */
  readonly received: readonly FakeRequest[];
  stop(): Promise<void>;
}

/** What a fake agent does with a request in place of answering as an agent would. */
export type Misbehave = (response: ServerResponse, request: FakeRequest) => void;

/** What one MBean read, or `version`, is answered with. */
export type Reply = (read: FakeRead) => unknown;

function version(agent = "2.6.0"): unknown {
  return { value: { agent, protocol: "8.2" }, status: 200, timestamp: 1 };
}

/** An answer with a value. */
export function value(value: unknown): unknown {
  return { value, status: 200, timestamp: 1 };
}

/** Answers every read with the values of its MBean. */
export function startFakeJolokia(
  mbeans: Readonly<Record<string, unknown>>,
  misbehave?: Misbehave,
  tls?: ServerOptions,
): Promise<FakeJolokia> {
  return startFake((read) => replyOf(mbeans, read), misbehave, tls);
}

async function startFake(reply: Reply, misbehave?: Misbehave, tls?: ServerOptions): Promise<FakeJolokia> {
  const received: FakeRequest[] = [];
  const listener: RequestListener = async (request, response) => {
    const { url = "", headers } = request;
    const one = { url, headers, requests: JSON.parse(await bodyOf(request)) as readonly FakeRead[] };
    received.push(one);
    if (misbehave !== undefined) return misbehave(response, one);
    answer(response, one, reply);
  };
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}/jolokia`,
    received,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As the agent writes its replies. */
export function answer(response: ServerResponse, { requests }: FakeRequest, reply: Reply): void {
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.end(JSON.stringify(requests.map((read) => (read.type === "version" ? version() : reply(read)))));
}

function replyOf(mbeans: Readonly<Record<string, unknown>>, { mbean = "" }: FakeRead): unknown {
  if (mbean in mbeans) return value(mbeans[mbean]);
  return { error_type: "javax.management.InstanceNotFoundException", ".error": true, error: mbean, status: 404 };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
