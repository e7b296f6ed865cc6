import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OtlpExporter, openOtlpExporter } from "../../src/exporters/otlp.ts";
import type { OtlpProtocol } from "../../src/exporters/otlp-settings.ts";
import { jprofScope } from "../../src/exporters/scope.ts";
import { drawnAgent } from "../exporters/drawn-agent.ts";

/*
 * A real OpenTelemetry Collector takes what is pushed and passes it on to this test as JSON. It is built with Go the first time (three
 * minutes), so it runs only when asked: JPROF_SERVICES=1 npx vitest run test/services
 */
const isAsked = process.env.JPROF_SERVICES === "1";

interface Passed {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const passed: Passed[] = [];
const sink = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    passed.push(...metricsOf(JSON.parse(Buffer.concat(chunks).toString())));
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
});

let collector: Collector;

describe.skipIf(!isAsked)("a real collector", () => {
  beforeAll(async () => {
    const { stdout: program } = await execa(process.execPath, [
      join(import.meta.dirname, "../../scripts/otel-collector.ts"),
    ]);
    await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
    collector = await startCollector(program, (sink.address() as AddressInfo).port);
  }, 900_000);
  afterAll(async () => {
    await collector.stop();
    sink.close();
  });

  test.each(["http/protobuf", "grpc"] as const)("takes everything over %s, and says so", async (protocol) => {
    passed.splice(0);
    const exporter = await exporterTo(protocol);
    const polls = drawnAgent(3);
    for (const { target, current, observations } of polls) exporter.accept(target, current, observations);
    await exporter.close(AbortSignal.timeout(10_000));
    expect(exporter.status()).toMatchObject({ exports: 3, failures: 0 });
    await untilPassed(polls.flatMap(({ current }) => [...new Set(current.map(({ metric }) => metric))]).length + 3);
    const sent = polls[0]?.current.map(({ metric }) => metric.name) ?? [];
    expect(new Set(passed.map(({ name }) => name))).toEqual(new Set([...sent, "jvm.gc.duration"]));
    expect(new Set(passed.map(({ resource }) => resource["service.instance.id"])).size).toBe(3);
  });

  test("understands exponential histograms, counters, and booleans", async () => {
    const named = (name: string) => passed.find((each) => each.name === name)?.data;
    const [bucket] = dataPoints(named("jvm.gc.duration"));
    expect(bucket).toMatchObject({ count: "1", sum: 0.002, scale: 20, positive: { bucketCounts: ["1"] } });
    expect(named("jvm.class.loaded")).toMatchObject({ sum: { isMonotonic: true, aggregationTemporality: 2 } });
    expect(dataPoints(named("jvm.thread.count"))[0]).toMatchObject({
      attributes: expect.arrayContaining([{ key: "jvm.thread.daemon", value: { boolValue: true } }]),
    });
  });

  test("that was away gets the latest values when it is back", async () => {
    const exporter = await exporterTo("http/protobuf");
    const [poll] = drawnAgent(1);
    if (poll === undefined) return;
    await collector.stop();
    exporter.accept(poll.target, poll.current, poll.observations);
    await exporter.flush(AbortSignal.timeout(5_000));
    expect(exporter.status().problem).toBeDefined();
    passed.splice(0);
    collector = await collector.again();
    exporter.accept(poll.target, poll.current, poll.observations);
    await exporter.close(AbortSignal.timeout(10_000));
    expect(exporter.status()).toMatchObject({ problem: undefined });
    await untilPassed(1);
    expect(dataPoints(passed.find(({ name }) => name === "jvm.gc.duration")?.data)[0]).toMatchObject({ count: "2" });
  });
});

interface Collector {
  readonly endpoints: Readonly<Record<OtlpProtocol, string>>;
  stop(): Promise<void>;
  /** Starts it anew, at the same ports. */
  again(): Promise<Collector>;
}

async function startCollector(
  program: string,
  sinkPort: number,
  ports?: readonly [number, number],
): Promise<Collector> {
  const [http, grpc] = ports ?? [await freePort(), await freePort()];
  const config = {
    receivers: {
      otlp: { protocols: { http: { endpoint: `127.0.0.1:${http}` }, grpc: { endpoint: `127.0.0.1:${grpc}` } } },
    },
    exporters: { otlphttp: { endpoint: `http://127.0.0.1:${sinkPort}`, encoding: "json", compression: "none" } },
    service: {
      pipelines: { metrics: { receivers: ["otlp"], exporters: ["otlphttp"] } },
      telemetry: { metrics: { level: "none" } },
    },
  };
  const child = execa(program, ["--config", `yaml:${JSON.stringify(config)}`], { reject: false, timeout: 300_000 });
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", (text: Buffer) => text.includes("Everything is ready") && resolve());
    child.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
  return {
    endpoints: { "http/protobuf": `http://127.0.0.1:${http}`, grpc: `http://127.0.0.1:${grpc}` },
    async stop() {
      child.kill();
      await child;
    },
    again: () => startCollector(program, sinkPort, [http, grpc]),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function exporterTo(protocol: OtlpProtocol): Promise<OtlpExporter> {
  return openOtlpExporter({
    scope: jprofScope("1.2.3"),
    protocol,
    endpoint: collector.endpoints[protocol],
    requestTimeoutMillis: 3_000,
    intervalMillis: 1_000_000,
    timeoutMillis: 10_000,
    temporality: "cumulative",
    histograms: "exponential",
    warn: (message) => process.stderr.write(`${message}\n`),
  });
}

async function untilPassed(metrics: number): Promise<void> {
  for (let tries = 0; tries < 200 && passed.length < metrics; tries++) await sleep(50);
  expect(passed.length).toBeGreaterThanOrEqual(metrics);
}

// biome-ignore lint/suspicious/noExplicitAny: OTLP as JSON, as the collector wrote it.
function metricsOf(request: any): readonly Passed[] {
  const passedOn: Passed[] = [];
  for (const { resource, scopeMetrics } of request.resourceMetrics) {
    const attributes = Object.fromEntries(
      resource.attributes.map(({ key, value }: { key: string; value: object }) => [key, Object.values(value)[0]]),
    );
    for (const { metrics } of scopeMetrics) {
      for (const { name, ...data } of metrics) passedOn.push({ resource: attributes, name, data });
    }
  }
  return passedOn;
}

function dataPoints(data: Readonly<Record<string, unknown>> | undefined): readonly unknown[] {
  const kind = Object.values(data ?? {}).find(
    (value) => typeof value === "object" && value !== null && "dataPoints" in value,
  );
  return kind !== undefined && Array.isArray((kind as { dataPoints: unknown }).dataPoints)
    ? (kind as { dataPoints: unknown[] }).dataPoints
    : [];
}
