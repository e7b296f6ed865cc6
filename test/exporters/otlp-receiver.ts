import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import protobuf from "protobufjs";

const root = protobuf.parse(readFileSync(new URL("otlp-metrics.proto", import.meta.url), "utf8")).root;
const requestType = root.lookupType("ExportMetricsServiceRequest");
const responseType = root.lookupType("ExportMetricsServiceResponse");

type Plain = { readonly [field: string]: unknown };

/** One metric of one request, with its resource and scope, as plain values: attributes as an object, 64-bit numbers as text. */
export interface ReceivedMetric {
  readonly resource: Plain;
  readonly scope: Plain;
  readonly metric: Plain;
}

export interface Receiver {
  readonly endpoint: string;
  readonly requests: readonly { readonly headers: IncomingHttpHeaders; readonly metrics: readonly ReceivedMetric[] }[];
  /** Of every request so far, by name. */
  metrics(name: string): readonly ReceivedMetric[];
  /** What happens to the next requests; the default answers 200. */
  behave(answer: (response: ServerResponse) => void): void;
  /** Connections that are open now. */
  connections(): number;
  close(): Promise<void>;
}

/** Takes OTLP over HTTP on a free port, as a collector would. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const requests: { headers: IncomingHttpHeaders; metrics: readonly ReceivedMetric[] }[] = [];
  const sockets = new Set<Socket>();
  const accepting = (response: ServerResponse) =>
    void response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  let answer: (response: ServerResponse) => void = accepting;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const plain = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      requests.push({ headers: { ...request.headers, ":path": request.url }, metrics: decode(plain) });
      answer(response);
    });
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    metrics: (name) => requests.flatMap(({ metrics }) => metrics.filter(({ metric }) => metric.name === name)),
    behave(next) {
      answer = next;
    },
    connections: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Takes OTLP over gRPC on a free port. */
export async function startGrpcReceiver(at = 0): Promise<Pick<Receiver, "endpoint" | "metrics" | "close">> {
  const received: ReceivedMetric[] = [];
  const server = new Server();
  const method = {
    path: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
    requestStream: false,
    responseStream: false,
    requestSerialize: (value: Buffer) => value,
    requestDeserialize: (value: Buffer) => value,
    responseSerialize: (value: Buffer) => value,
    responseDeserialize: (value: Buffer) => value,
  } as const;
  server.addService(
    { Export: method },
    {
      Export(call: { request: Buffer }, done: (error: null, response: Buffer) => void) {
        received.push(...decode(call.request));
        done(null, Buffer.alloc(0));
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${at}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    metrics: (name) => received.filter(({ metric }) => metric.name === name),
    close: async () => server.forceShutdown(),
  };
}

/** A response that says that a part was not taken. */
export function partialSuccess(rejected: number, message: string): Buffer {
  const response = { partialSuccess: { rejectedDataPoints: rejected, errorMessage: message } };
  return Buffer.from(responseType.encode(responseType.fromObject(response)).finish());
}

function decode(body: Buffer): readonly ReceivedMetric[] {
  const request = requestType.toObject(requestType.decode(body), { longs: String, enums: String, arrays: false });
  return listOf(request.resourceMetrics).flatMap((each) =>
    listOf(each.scopeMetrics).flatMap((scoped) =>
      listOf(scoped.metrics).map((metric) => ({
        resource: { schemaUrl: each.schemaUrl, ...attributesOf(recordOf(each.resource).attributes) },
        scope: { schemaUrl: scoped.schemaUrl, ...recordOf(scoped.scope) },
        metric: withAttributes(metric),
      })),
    ),
  );
}

/** Replaces lists of keys and values by objects, at any depth. */
function withAttributes(value: Plain): Plain {
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name === "attributes") return [name, attributesOf(inner)];
      if (name === "dataPoints") return [name, listOf(inner).map(withAttributes)];
      return [
        name,
        typeof inner === "object" && inner !== null && !Array.isArray(inner) ? withAttributes(recordOf(inner)) : inner,
      ];
    }),
  );
}

function attributesOf(pairs: unknown): Plain {
  return Object.fromEntries(
    listOf(pairs).map(({ key, value }) => {
      const [[type, content] = ["", undefined]] = Object.entries(recordOf(value));
      return [String(key), type === "intValue" ? Number(content) : content];
    }),
  );
}

function listOf(value: unknown): readonly Plain[] {
  return Array.isArray(value) ? value : [];
}

function recordOf(value: unknown): Plain {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
