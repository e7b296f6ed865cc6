import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type OtlpExporter, type OtlpOptions, openOtlpExporter } from "../../src/exporters/otlp.ts";
import { jprofScope } from "../../src/exporters/scope.ts";
import { drawnAgent } from "./drawn-agent.ts";
import { drawnAtMillis, metricOf, sampleOf, targetOf } from "./drawn-samples.ts";
import { type Receiver, startGrpcReceiver, startReceiver } from "./otlp-receiver.ts";

const loaded = metricOf("jvm.class.loaded {class} counter");
const pause = metricOf("jvm.gc.duration s histogram", "jvm.gc.name");
const kafka = targetOf(4711);

let receiver: Receiver;
const open: OtlpExporter[] = [];
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((exporter) => exporter.close(AbortSignal.timeout(1))));
  await receiver.close();
});

async function exporterWith(options: Partial<OtlpOptions> = {}): Promise<OtlpExporter> {
  const exporter = await openOtlpExporter({
    scope: jprofScope("1.2.3"),
    protocol: "http/protobuf",
    endpoint: receiver.endpoint,
    intervalMillis: 1_000_000,
    timeoutMillis: 5_000,
    temporality: "cumulative",
    histograms: "exponential",
    warn() {},
    ...options,
  });
  open.push(exporter);
  return exporter;
}

const soon = () => AbortSignal.timeout(10_000);

describe("what arrives at a collector", () => {
  test("is a counter from the JVM's start with its unit, and the resource and scope that it belongs to", async () => {
    const exporter = await exporterWith();
    exporter.accept(targetOf(4711, { "service.instance.id": "a-b-c" }), [sampleOf(loaded, 2 ** 40 + 1)], []);
    await exporter.flush(soon());
    expect(receiver.metrics("jvm.class.loaded")).toMatchInlineSnapshot(`
      [
        {
          "metric": {
            "description": "Help of jvm.class.loaded.",
            "name": "jvm.class.loaded",
            "sum": {
              "aggregationTemporality": "CUMULATIVE",
              "dataPoints": [
                {
                  "asInt": "1099511627777",
                  "startTimeUnixNano": "1767222000000000000",
                  "timeUnixNano": "1767225600000000000",
                },
              ],
              "isMonotonic": true,
            },
            "unit": "{class}",
          },
          "resource": {
            "process.pid": 4711,
            "schemaUrl": "https://opentelemetry.io/schemas/1.44.0",
            "service.instance.id": "a-b-c",
            "service.name": "kafka.Kafka",
          },
          "scope": {
            "name": "jprof",
            "schemaUrl": "https://opentelemetry.io/schemas/1.44.0",
            "version": "1.2.3",
          },
        },
      ]
    `);
    expect(receiver.requests[0]?.headers).toMatchObject({
      ":path": "/v1/metrics",
      "content-type": "application/x-protobuf",
    });
  });

  test("is a gauge without a start, an updowncounter that may fall, and a boolean where the conventions have one", async () => {
    const exporter = await exporterWith();
    const threads = metricOf("jvm.thread.count {thread} updowncounter", "jvm.thread.daemon");
    const utilization = metricOf("jvm.cpu.recent_utilization 1 gauge");
    const samples = [
      sampleOf(threads, -3, { "jvm.thread.daemon": "true" }),
      sampleOf(utilization, 0.25, {}, drawnAtMillis + 0.25),
    ];
    exporter.accept(kafka, samples, []);
    await exporter.flush(soon());
    expect(receiver.metrics("jvm.thread.count")[0]?.metric).toMatchInlineSnapshot(`
      {
        "description": "Help of jvm.thread.count.",
        "name": "jvm.thread.count",
        "sum": {
          "aggregationTemporality": "CUMULATIVE",
          "dataPoints": [
            {
              "asInt": "-3",
              "attributes": {
                "jvm.thread.daemon": true,
              },
              "startTimeUnixNano": "1767222000000000000",
              "timeUnixNano": "1767225600000000000",
            },
          ],
        },
        "unit": "{thread}",
      }
    `);
    expect(receiver.metrics("jvm.cpu.recent_utilization")[0]?.metric).toMatchInlineSnapshot(`
      {
        "description": "Help of jvm.cpu.recent_utilization.",
        "gauge": {
          "dataPoints": [
            {
              "asDouble": 0.25,
              "timeUnixNano": "1767225600000250000",
            },
          ],
        },
        "name": "jvm.cpu.recent_utilization",
        "unit": "1",
      }
    `);
  });

  test("is whole where the unit counts things, and a fraction where it may be one", async () => {
    const exporter = await exporterWith();
    const values = ["a By gauge", "b {thread} gauge", "c {cpu} gauge", "d s gauge", "e By/s gauge"].map((drawn) =>
      sampleOf(metricOf(drawn), 2),
    );
    exporter.accept(kafka, [...values, sampleOf(metricOf("f By gauge"), 0.5)], []);
    await exporter.flush(soon());
    const kinds = receiver.requests[0]?.metrics.map(
      ({ metric }) => JSON.stringify(metric).match(/as(?:Int|Double)/)?.[0],
    );
    expect(kinds).toEqual(["asInt", "asInt", "asDouble", "asDouble", "asDouble", "asDouble"]);
  });

  test("is an exponential histogram of all observations, or one with the metric's bounds", async () => {
    const [exponential, explicit] = [await exporterWith(), await exporterWith({ histograms: "explicit" })];
    for (const exporter of [exponential, explicit]) {
      exporter.accept(
        kafka,
        [sampleOf(loaded, 1)],
        [0.5, 0.25].map((value) => sampleOf(pause, value, { "jvm.gc.name": "G1" })),
      );
      exporter.accept(
        kafka,
        [sampleOf(loaded, 1, {}, drawnAtMillis + 10_000)],
        [sampleOf(pause, 2, { "jvm.gc.name": "G1" }, drawnAtMillis + 9_000)],
      );
      await exporter.flush(soon());
    }
    const [first, second] = receiver.metrics("jvm.gc.duration").map(({ metric }) => metric);
    expect(withoutEmptyBuckets(first)).toMatchInlineSnapshot(`
      {
        "description": "Help of jvm.gc.duration.",
        "exponentialHistogram": {
          "aggregationTemporality": "CUMULATIVE",
          "dataPoints": [
            {
              "attributes": {
                "jvm.gc.name": "G1",
              },
              "count": "3",
              "max": 2,
              "min": 0.25,
              "negative": {},
              "positive": {
                "bucketCounts": "0: 1, 32: 1, 96: 1",
                "offset": -65,
              },
              "scale": 5,
              "startTimeUnixNano": "1767225599999000000",
              "sum": 2.75,
              "timeUnixNano": "1767225610000000000",
            },
          ],
        },
        "name": "jvm.gc.duration",
        "unit": "s",
      }
    `);
    expect(second?.histogram).toMatchInlineSnapshot(`
      {
        "aggregationTemporality": "CUMULATIVE",
        "dataPoints": [
          {
            "attributes": {
              "jvm.gc.name": "G1",
            },
            "bucketCounts": [
              "0",
              "0",
              "0",
              "2",
              "1",
              "0",
            ],
            "count": "3",
            "explicitBounds": [
              0.001,
              0.01,
              0.1,
              1,
              10,
            ],
            "max": 2,
            "min": 0.25,
            "startTimeUnixNano": "1767225599999000000",
            "sum": 2.75,
            "timeUnixNano": "1767225610000000000",
          },
        ],
      }
    `);
  });

  test("is each JVM by itself, told apart also when nothing but its key tells", async () => {
    const exporter = await exporterWith();
    for (const { target, current, observations } of drawnAgent(3)) exporter.accept(target, current, observations);
    await exporter.flush(soon());
    const instances = receiver.metrics("jvm.cpu.time").map(({ resource }) => resource["service.instance.id"]);
    expect(instances).toEqual(["kafka-0:1000:1", "kafka-1:1001:1", "kafka-2:1002:1"]);
    expect(receiver.requests).toHaveLength(3);
  });

  test("is neither a number that is none, nor the same series twice, nor more series than the limit", async () => {
    const exporter = await exporterWith({ limits: { seriesPerMetric: 2, seriesPerTarget: 10 } });
    const used = metricOf("jvm.memory.used By updowncounter", "pool");
    const given = [
      ["a", 5],
      ["a", 6],
      ["b", Number.NaN],
      ["c", 3],
      ["d", 1],
    ] as const;
    exporter.accept(
      kafka,
      given.map(([pool, value]) => sampleOf(used, value, { pool })),
      [],
    );
    await exporter.flush(soon());
    const [sent] = receiver.metrics("jvm.memory.used");
    expect(JSON.stringify(sent?.metric).match(/"pool":"\w+"/g)).toEqual(['"pool":"a"', '"pool":"other"']);
    expect(exporter.droppedSeries()).toBeGreaterThan(0);
  });

  test("is nothing while nothing was said", async () => {
    const exporter = await exporterWith();
    exporter.accept(kafka, [], []);
    await exporter.flush(soon());
    expect(receiver.requests).toEqual([]);
  });
});

describe("differences instead of totals", () => {
  const points = (name: string) =>
    receiver.metrics(name).map(({ metric }) => {
      const { dataPoints, aggregationTemporality } =
        Object.values(metric).find((value): value is Record<string, never> => typeof value === "object") ?? {};
      const [{ asInt, count, startTimeUnixNano, timeUnixNano } = {} as never] = (dataPoints ?? []) as never[];
      const seconds = (nanos: string) => Number(BigInt(nanos) / 1_000_000_000n) - drawnAtMillis / 1000;
      return [aggregationTemporality, asInt ?? count, seconds(startTimeUnixNano), seconds(timeUnixNano)].join(" ");
    });

  test("of counters and histograms count from the last time that they arrived, also over a failure", async () => {
    const exporter = await exporterWith({ temporality: "delta" });
    const say = (seconds: number, total: number) => {
      const at = drawnAtMillis + seconds * 1000;
      exporter.accept(
        kafka,
        [sampleOf(loaded, total, {}, at)],
        [sampleOf(pause, 1, {}, at), sampleOf(pause, 2, {}, at)],
      );
      return exporter.flush(soon());
    };
    await say(0, 100);
    receiver.behave((response) => void response.writeHead(400).end());
    await say(10, 110);
    receiver.behave((response) => void response.writeHead(200).end());
    await say(20, 125);
    await say(30, 126);
    expect(points("jvm.class.loaded")).toEqual([
      "DELTA 100 -3600 0",
      "DELTA 10 0 10",
      "DELTA 25 0 20",
      "DELTA 1 20 30",
    ]);
    expect(points("jvm.gc.duration")).toEqual(["DELTA 2 -1 0", "DELTA 2 0 10", "DELTA 4 0 20", "DELTA 2 20 30"]);
  });

  test("are of histograms alone where little memory is to be used, and never of updowncounters", async () => {
    const [low, delta] = [
      await exporterWith({ temporality: "lowmemory" }),
      await exporterWith({ temporality: "delta" }),
    ];
    low.accept(kafka, [sampleOf(loaded, 1)], [sampleOf(pause, 1)]);
    delta.accept(kafka, [sampleOf(metricOf("x By updowncounter"), 1)], []);
    await Promise.all([low.flush(soon()), delta.flush(soon())]);
    expect(points("jvm.class.loaded")[0]).toMatch(/^CUMULATIVE/);
    expect(points("jvm.gc.duration")[0]).toMatch(/^DELTA/);
    expect(points("x")[0]).toMatch(/^CUMULATIVE/);
  });

  test("are not counted twice when a counter was missing for a poll", async () => {
    const exporter = await exporterWith({ temporality: "delta" });
    const other = metricOf("b {x} counter");
    for (const samples of [
      [sampleOf(loaded, 100), sampleOf(other, 1)],
      [sampleOf(other, 1)],
      [sampleOf(loaded, 103), sampleOf(other, 1)],
    ]) {
      exporter.accept(kafka, samples, []);
      await exporter.flush(soon());
    }
    expect(points("jvm.class.loaded").map((point) => point.split(" ")[1])).toEqual(["100", "3"]);
  });
});

describe("over gRPC", () => {
  test("the same arrives", async () => {
    const grpc = await startGrpcReceiver();
    const exporter = await exporterWith({ protocol: "grpc", endpoint: grpc.endpoint });
    exporter.accept(kafka, [sampleOf(loaded, 17)], [sampleOf(pause, 0.5)]);
    await exporter.flush(soon());
    expect(grpc.metrics("jvm.class.loaded")).toHaveLength(1);
    expect(grpc.metrics("jvm.gc.duration")[0]?.scope).toMatchObject({ name: "jprof", version: "1.2.3" });
    await exporter.close(soon());
    await grpc.close();
  });
});

describe("an endpoint that cannot be one", () => {
  test("is a wrong setting, said in one line", async () => {
    await expect(exporterWith({ endpoint: "not a url" })).rejects.toThrow(
      "cannot push by OTLP: expected an endpoint such as http://localhost:4318, got 'not a url'",
    );
  });
});

/** Bucket counts as `index: count` in place of a list that is mostly zeros. */
function withoutEmptyBuckets(metric: unknown): unknown {
  return JSON.parse(JSON.stringify(metric), (name, value) =>
    name === "bucketCounts" && Array.isArray(value)
      ? value.flatMap((count, index) => (count === "0" ? [] : [`${index}: ${count}`])).join(", ")
      : value,
  );
}
