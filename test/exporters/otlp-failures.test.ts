import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type OtlpExporter, type OtlpOptions, openOtlpExporter } from "../../src/exporters/otlp.ts";
import { jprofScope } from "../../src/exporters/scope.ts";
import { metricOf, sampleOf, targetOf } from "./drawn-samples.ts";
import { partialSuccess, type Receiver, startGrpcReceiver, startReceiver } from "./otlp-receiver.ts";

const loaded = metricOf("jvm.class.loaded {class} counter");
const kafka = targetOf(4711);

let receiver: Receiver;
const open: OtlpExporter[] = [];
const warnings: string[] = [];
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((exporter) => exporter.close(AbortSignal.timeout(1))));
  await receiver.close();
  warnings.splice(0);
  for (const name of ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_COMPRESSION", "OTEL_EXPORTER_OTLP_ENDPOINT"]) {
    delete process.env[name];
  }
});

async function exporterWith(options: Partial<OtlpOptions> = {}): Promise<OtlpExporter> {
  const exporter = await openOtlpExporter({
    scope: jprofScope("1.2.3"),
    protocol: "http/protobuf",
    endpoint: receiver.endpoint,
    requestTimeoutMillis: 200,
    intervalMillis: 1_000_000,
    timeoutMillis: 5_000,
    temporality: "cumulative",
    histograms: "exponential",
    warn: (message) => warnings.push(message),
    ...options,
  });
  open.push(exporter);
  return exporter;
}

const soon = () => AbortSignal.timeout(10_000);
const values = () =>
  JSON.stringify(receiver.metrics("jvm.class.loaded"))
    .match(/"asInt":"\d+"/g)
    ?.map((text) => Number(text.slice(9, -1))) ?? [];

describe("an endpoint that fails", () => {
  test.each([
    ["answers 500", (response) => void response.writeHead(500).end("out of order")],
    [
      "asks to come back later than there is time",
      (response) => void response.writeHead(503, { "retry-after": "60" }).end(),
    ],
    ["refuses the data", (response) => void response.writeHead(400).end()],
    ["never answers", () => {}],
    ["hangs up", (response) => void response.destroy()],
    ["never ends its answer", (response) => void response.writeHead(200).write("x")],
  ] satisfies [string, Parameters<Receiver["behave"]>[0]][])(
    "and %s is said so, and has the latest values when it is back",
    async (_what, answer) => {
      const exporter = await exporterWith();
      exporter.accept(kafka, [sampleOf(loaded, 1)], []);
      receiver.behave(answer);
      await exporter.flush(soon());
      expect(exporter.status()).toMatchObject({ exports: 1, failures: 1, lastSuccessMillis: undefined });
      expect(exporter.status().problem).not.toBe("");
      receiver.behave((response) => void response.writeHead(200).end());
      exporter.accept(kafka, [sampleOf(loaded, 2)], []);
      await exporter.flush(soon());
      expect(exporter.status()).toMatchObject({ exports: 2, failures: 1, problem: undefined });
      expect(values().at(-1)).toBe(2);
    },
  );

  test("is reached when it comes up", async () => {
    const port = Number(new URL(receiver.endpoint).port);
    await receiver.close();
    const exporter = await exporterWith();
    for (const value of [1, 2, 3]) {
      exporter.accept(kafka, [sampleOf(loaded, value)], []);
      await exporter.flush(soon());
    }
    expect(exporter.status()).toMatchObject({ failures: 3, problem: expect.stringContaining("ECONNREFUSED") });
    receiver = await startReceiver(port);
    await exporter.flush(soon());
    expect(values()).toEqual([3]);
  });

  test("with words that are no HTTP is a failure, and with an answer that is no protobuf none", async () => {
    const chatty = await startChatty("hello, I am no web server\r\n\r\n");
    const exporter = await exporterWith({ endpoint: chatty.endpoint });
    exporter.accept(kafka, [sampleOf(loaded, 1)], []);
    await exporter.flush(soon());
    expect(exporter.status().problem).toMatch(/parse|expected/i);
    chatty.server.close();
    const other = await exporterWith();
    receiver.behave((response) => void response.writeHead(200).end(Buffer.from([0xff, 0xff, 0xff, 0x00, 0x0a])));
    other.accept(kafka, [sampleOf(loaded, 1)], []);
    await other.flush(soon());
    expect(other.status()).toMatchObject({ failures: 0, exports: 1 });
  });

  test("for one JVM's data takes those of the others", async () => {
    const exporter = await exporterWith();
    for (const pid of [1, 2, 3]) exporter.accept(targetOf(pid), [sampleOf(loaded, pid)], []);
    receiver.behave((response) => void response.writeHead(receiver.requests.length === 1 ? 400 : 200).end());
    await exporter.flush(soon());
    expect(exporter.status()).toMatchObject({ exports: 3, failures: 1 });
  });

  test("and is down is not asked again and again in one round", async () => {
    const exporter = await exporterWith();
    for (const pid of [1, 2, 3]) exporter.accept(targetOf(pid), [sampleOf(loaded, pid)], []);
    receiver.behave((response) => void response.writeHead(500).end());
    await exporter.flush(soon());
    expect(receiver.requests).toHaveLength(1);
  });
});

describe("a gRPC endpoint", () => {
  test("that is down is said so, and is reached when it comes up", async () => {
    const first = await startGrpcReceiver();
    await first.close();
    const exporter = await exporterWith({ protocol: "grpc", endpoint: first.endpoint });
    exporter.accept(kafka, [sampleOf(loaded, 1)], []);
    await exporter.flush(soon());
    expect(exporter.status()).toMatchObject({ failures: 1, problem: expect.stringMatching(/UNAVAILABLE|DEADLINE/) });
    const second = await startGrpcReceiver(Number(new URL(first.endpoint).port));
    for (let tries = 0; tries < 100 && second.metrics("jvm.class.loaded").length === 0; tries++) {
      await sleep(50);
      await exporter.flush(soon());
    }
    expect(exporter.status().problem).toBeUndefined();
    await exporter.close(soon());
    await second.close();
  });
});

describe("an endpoint that is slow", () => {
  test("gets every JVM in its turn", async () => {
    const exporter = await exporterWith({ requestTimeoutMillis: 20_000 });
    for (const pid of [1, 2, 3]) exporter.accept(targetOf(pid), [sampleOf(loaded, pid)], []);
    receiver.behave(() => {});
    for (const round of [1, 2, 3]) await roundUntilRequests(exporter, round);
    expect([...values()].sort()).toEqual([1, 2, 3]);
  });

  test("has one round at a time, and never more than a few requests", async () => {
    const exporter = await exporterWith({ requestTimeoutMillis: 20_000 });
    exporter.accept(kafka, [sampleOf(loaded, 1)], []);
    receiver.behave(() => {});
    await Promise.all(Array.from({ length: 5 }, () => roundUntilRequests(exporter, 1)));
    expect(receiver.requests).toHaveLength(1);
    for (const requests of [2, 3, 4]) await roundUntilRequests(exporter, requests);
    for (let round = 0; round < 10; round++) await exporter.flush(soon());
    expect(receiver.requests).toHaveLength(4);
    expect(receiver.connections()).toBeLessThanOrEqual(4);
    expect(exporter.status().problem).toBe("Concurrent export limit reached");
  });
});

/** A round whose time is over as soon as the endpoint has seen so many requests. */
async function roundUntilRequests(exporter: OtlpExporter, requests: number): Promise<void> {
  const time = new AbortController();
  const round = exporter.flush(time.signal);
  for (let tries = 0; tries < 500 && receiver.requests.length < requests; tries++) await sleep(10);
  time.abort();
  await round;
}

describe("what must not be lost", () => {
  test("the last values of a JVM that is gone are sent once", async () => {
    const exporter = await exporterWith();
    exporter.accept(kafka, [sampleOf(loaded, 17)], []);
    exporter.forget(kafka.key);
    await exporter.flush(soon());
    await exporter.flush(soon());
    expect(values()).toEqual([17]);
  });

  test("JVMs that went while nothing could be sent do not pile up", async () => {
    const exporter = await exporterWith();
    for (let pid = 1; pid <= 500; pid++) {
      exporter.accept(targetOf(pid), [sampleOf(loaded, pid)], []);
      exporter.forget(targetOf(pid).key);
    }
    await exporter.flush(soon());
    expect(values()).toHaveLength(100);
    expect(values().at(-1)).toBe(500);
  });

  test("closing sends what came since, even while a round is under way", async () => {
    const exporter = await exporterWith();
    exporter.accept(kafka, [sampleOf(loaded, 1)], []);
    const round = exporter.flush(soon());
    exporter.accept(kafka, [sampleOf(loaded, 2)], []);
    await exporter.close(soon());
    await round;
    expect(values()).toEqual([1, 2]);
  });

  test("an interval sends by itself", async () => {
    const exporter = await exporterWith({ intervalMillis: 20 });
    exporter.accept(kafka, [sampleOf(loaded, 1)], []);
    for (let tries = 0; tries < 100 && values().length < 2; tries++) await sleep(20);
    expect(values().length).toBeGreaterThanOrEqual(2);
  });

  test("an answer that took only a part is told", async () => {
    const exporter = await exporterWith();
    exporter.accept(kafka, [sampleOf(loaded, 1)], []);
    receiver.behave((response) => void response.writeHead(200).end(partialSuccess(3, "too old")));
    await exporter.flush(soon());
    expect(warnings.join()).toContain("too old");
  });
});

describe("variables of the environment", () => {
  test("that the exporters of OpenTelemetry read are honoured", async () => {
    process.env.OTEL_EXPORTER_OTLP_HEADERS = "authorization=Bearer%20abc";
    process.env.OTEL_EXPORTER_OTLP_COMPRESSION = "gzip";
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.endpoint;
    const exporter = await exporterWith({ endpoint: undefined });
    exporter.accept(kafka, [sampleOf(loaded, 1)], []);
    await exporter.flush(soon());
    expect(receiver.requests[0]?.headers).toMatchObject({ authorization: "Bearer abc", "content-encoding": "gzip" });
    expect(values()).toEqual([1]);
  });
});

describe("a process that pushes", () => {
  test("does not grow while the endpoint is down, and ends soon after it was closed against one that hangs", async () => {
    receiver.behave(() => {});
    const program = new URL("otlp-outage.ts", import.meta.url).pathname;
    const { stdout } = await execa(process.execPath, ["--expose-gc", program, receiver.endpoint], { timeout: 60_000 });
    const { grownBytes, closedAfterMillis, endedAfterMillis } = JSON.parse(stdout);
    expect(grownBytes).toBeLessThan(1_500_000);
    expect(closedAfterMillis).toBeLessThan(10_000);
    expect(endedAfterMillis).toBeLessThan(20_000);
  }, 70_000);
});

async function startChatty(words: string): Promise<{ readonly endpoint: string; readonly server: Server }> {
  const server = createServer((socket) => socket.on("error", () => socket.destroy()).end(words));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { endpoint: `http://127.0.0.1:${port}`, server };
}
