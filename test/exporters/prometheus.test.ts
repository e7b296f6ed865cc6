import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prometheusExporter } from "../../src/exporters/prometheus.ts";
import { drawnAtMillis, metricOf, sampleOf, samplesOf, targetOf } from "./drawn-samples.ts";

const openMetrics = "application/openmetrics-text;version=1.0.0";
const used = metricOf("jvm.memory.used By updowncounter", "jvm.memory.pool.name");
const loaded = metricOf("jvm.class.loaded {class} counter");
const pause = metricOf("jvm.gc.duration s histogram", "jvm.gc.name");
const kafka = targetOf(4711);
const anyCharacter = fc.constantFrom('"', "\\", "\n", "\r", "\t", "\0", "n", "{", "}", ",", "é", "😀", "\u2028");

async function linesOf(exporter: ReturnType<typeof prometheusExporter>, accept?: string): Promise<readonly string[]> {
  const { body } = await exporter.render(accept);
  return body.split("\n").filter((line) => line !== "" && !line.startsWith("# "));
}

describe("a scrape", () => {
  test("shows what was said last, by name, in Prometheus' format", async () => {
    const exporter = prometheusExporter();
    exporter.accept(kafka, [sampleOf(loaded, 17), ...samplesOf(used, { Eden: 5, 'Old "\\\n': 7.5 })], []);
    expect(await exporter.render(undefined)).toMatchInlineSnapshot(`
      {
        "body": "# HELP jvm_class_loaded_total Help of jvm.class.loaded.
      # TYPE jvm_class_loaded_total counter
      jvm_class_loaded_total{service_name="kafka.Kafka",process_pid="4711"} 17

      # HELP jvm_memory_used_bytes Help of jvm.memory.used.
      # TYPE jvm_memory_used_bytes gauge
      jvm_memory_used_bytes{service_name="kafka.Kafka",process_pid="4711",jvm_memory_pool_name="Eden"} 5
      jvm_memory_used_bytes{service_name="kafka.Kafka",process_pid="4711",jvm_memory_pool_name="Old \\"\\\\\\n"} 7.5

      # HELP target_info What is known of each target.
      # TYPE target_info gauge
      target_info{process_pid="4711",service_name="kafka.Kafka"} 1
      ",
        "contentType": "text/plain; version=0.0.4; charset=utf-8",
      }
    `);
  });

  test("has counters without _total in the family, whole bounds as floats, and an end, in OpenMetrics", async () => {
    const exporter = prometheusExporter();
    exporter.accept(
      kafka,
      [sampleOf(loaded, 17)],
      [0.0005, 0.5, 20].map((value) => sampleOf(pause, value, { "jvm.gc.name": "G1" })),
    );
    expect(await exporter.render(openMetrics)).toMatchInlineSnapshot(`
      {
        "body": "# HELP jvm_class_loaded Help of jvm.class.loaded.
      # TYPE jvm_class_loaded counter
      jvm_class_loaded_total{service_name="kafka.Kafka",process_pid="4711"} 17
      # HELP jvm_gc_duration_seconds Help of jvm.gc.duration.
      # TYPE jvm_gc_duration_seconds histogram
      jvm_gc_duration_seconds_bucket{service_name="kafka.Kafka",process_pid="4711",jvm_gc_name="G1",le="0.001"} 1
      jvm_gc_duration_seconds_bucket{service_name="kafka.Kafka",process_pid="4711",jvm_gc_name="G1",le="0.01"} 1
      jvm_gc_duration_seconds_bucket{service_name="kafka.Kafka",process_pid="4711",jvm_gc_name="G1",le="0.1"} 1
      jvm_gc_duration_seconds_bucket{service_name="kafka.Kafka",process_pid="4711",jvm_gc_name="G1",le="1.0"} 2
      jvm_gc_duration_seconds_bucket{service_name="kafka.Kafka",process_pid="4711",jvm_gc_name="G1",le="10.0"} 2
      jvm_gc_duration_seconds_bucket{service_name="kafka.Kafka",process_pid="4711",jvm_gc_name="G1",le="+Inf"} 3
      jvm_gc_duration_seconds_sum{service_name="kafka.Kafka",process_pid="4711",jvm_gc_name="G1"} 20.5005
      jvm_gc_duration_seconds_count{service_name="kafka.Kafka",process_pid="4711",jvm_gc_name="G1"} 3
      # HELP target_info What is known of each target.
      # TYPE target_info gauge
      target_info{process_pid="4711",service_name="kafka.Kafka"} 1
      # EOF
      ",
        "contentType": "application/openmetrics-text; version=1.0.0; charset=utf-8",
      }
    `);
  });

  test("of nothing is empty in either format", async () => {
    const exporter = prometheusExporter();
    expect((await exporter.render(undefined)).body).toBe("");
    expect((await exporter.render(openMetrics)).body).toBe("# EOF\n");
  });

  test("keeps any text in a label", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: anyCharacter }),
        fc.constantFrom(undefined, openMetrics),
        async (text, accept) => {
          const exporter = prometheusExporter();
          exporter.accept(kafka, samplesOf(used, { [text]: 1 }), []);
          const [line = ""] = await linesOf(exporter, accept);
          const [, escaped = ""] = /jvm_memory_pool_name="((?:[^"\\\n]|\\.)*)"\} 1$/su.exec(line) ?? [];
          expect(escaped.replace(/\\(.)/gs, (_all, letter) => (letter === "n" ? "\n" : letter))).toBe(text);
        },
      ),
      { seed: 6 },
    );
  });

  test("is the same again, in either format, after the other was asked for", async () => {
    const exporter = prometheusExporter();
    exporter.accept(kafka, [sampleOf(loaded, 17)], [sampleOf(pause, 0.5)]);
    const first = [await exporter.render(undefined), await exporter.render(openMetrics)];
    expect([await exporter.render(undefined), await exporter.render(openMetrics)]).toEqual(first);
  });
});

describe("series over time", () => {
  test("a value that is not given again is gone, and so is a target that is forgotten", async () => {
    const exporter = prometheusExporter();
    exporter.accept(kafka, [sampleOf(loaded, 17), ...samplesOf(used, { Eden: 5 })], []);
    exporter.accept(kafka, [sampleOf(loaded, 18)], []);
    expect((await linesOf(exporter)).map((line) => line.replace(/\{.*\}/, ""))).toEqual([
      "jvm_class_loaded_total 18",
      "target_info 1",
    ]);
    exporter.accept(targetOf(4712), [sampleOf(loaded, 1)], []);
    exporter.forget(kafka.key);
    expect((await linesOf(exporter)).filter((line) => line.includes("4711"))).toEqual([]);
    exporter.forget("no such target");
  });

  test("observations add up, also while nothing else is said", async () => {
    const exporter = prometheusExporter();
    exporter.accept(kafka, [], [sampleOf(pause, 0.005), sampleOf(pause, 0.01)]);
    exporter.accept(kafka, [], [sampleOf(pause, 5)]);
    const lines = (await linesOf(exporter)).filter((line) => !line.startsWith("target"));
    expect(
      lines.map((line) => line.replace('service_name="kafka.Kafka",process_pid="4711"', "")),
    ).toMatchInlineSnapshot(`
      [
        "jvm_gc_duration_seconds_bucket{,le="0.001"} 0",
        "jvm_gc_duration_seconds_bucket{,le="0.01"} 2",
        "jvm_gc_duration_seconds_bucket{,le="0.1"} 2",
        "jvm_gc_duration_seconds_bucket{,le="1"} 2",
        "jvm_gc_duration_seconds_bucket{,le="10"} 3",
        "jvm_gc_duration_seconds_bucket{,le="+Inf"} 3",
        "jvm_gc_duration_seconds_sum{} 5.015",
        "jvm_gc_duration_seconds_count{} 3",
      ]
    `);
  });

  test("a number that is none is no value", async () => {
    const exporter = prometheusExporter();
    exporter.accept(
      kafka,
      [sampleOf(loaded, Number.NaN), ...samplesOf(used, { Eden: Number.POSITIVE_INFINITY })],
      [sampleOf(pause, Number.NaN)],
    );
    expect(
      (await linesOf(exporter)).filter((line) => line.startsWith("jvm_class") || line.startsWith("jvm_memory")),
    ).toEqual([]);
  });

  test("the same series twice is shown once, and of two types for one name the first", async () => {
    const exporter = prometheusExporter();
    const twin = { ...loaded, name: "jvm.class.loaded.total", kind: "gauge" as const };
    exporter.accept(kafka, [sampleOf(loaded, 1), sampleOf({ ...loaded }, 2), sampleOf(twin, 3)], []);
    expect((await linesOf(exporter)).filter((line) => line.startsWith("jvm_"))).toEqual([
      'jvm_class_loaded_total{service_name="kafka.Kafka",process_pid="4711"} 1',
    ]);
  });

  test("of two targets that no label tells apart, the later is shown", async () => {
    const exporter = prometheusExporter();
    exporter.accept(kafka, [sampleOf(loaded, 1)], []);
    exporter.accept({ ...kafka, key: "4711:2" }, [sampleOf(loaded, 2)], []);
    expect((await linesOf(exporter)).filter((line) => line.startsWith("jvm_"))).toEqual([
      'jvm_class_loaded_total{service_name="kafka.Kafka",process_pid="4711"} 2',
    ]);
  });

  test("what goes beyond the limits is rolled up, dropped and counted, also of targets that are gone", async () => {
    const exporter = prometheusExporter({ limits: { seriesPerMetric: 2, seriesPerTarget: 10 } });
    exporter.accept(kafka, samplesOf(used, { a: 1, b: 2, c: 3 }), []);
    expect((await linesOf(exporter)).filter((line) => line.startsWith("jvm_"))).toEqual([
      'jvm_memory_used_bytes{service_name="kafka.Kafka",process_pid="4711",jvm_memory_pool_name="c"} 3',
      'jvm_memory_used_bytes{service_name="kafka.Kafka",process_pid="4711",jvm_memory_pool_name="other"} 3',
    ]);
    exporter.forget(kafka.key);
    expect(exporter.droppedSeries()).toBe(2);
  });
});

describe("labels of a target", () => {
  const pod = targetOf(1, { "k8s.pod.name": "kafka-0", "service.namespace": "storage", "host.name": "node-7" });

  test("name the service and the process, and the pod where it is known; all else is in target_info", async () => {
    const exporter = prometheusExporter();
    exporter.accept(pod, [sampleOf(loaded, 1)], []);
    expect(await linesOf(exporter)).toMatchInlineSnapshot(`
      [
        "jvm_class_loaded_total{service_name="kafka.Kafka",process_pid="1",service_namespace="storage",k8s_pod_name="kafka-0"} 1",
        "target_info{host_name="node-7",k8s_pod_name="kafka-0",process_pid="1",service_name="kafka.Kafka",service_namespace="storage"} 1",
      ]
    `);
  });

  test("can be others, and can say the scope", async () => {
    const scope = { name: "jprof", version: "1.2.3", schemaUrl: "https://opentelemetry.io/schemas/1.44.0" };
    const exporter = prometheusExporter({ resourceLabels: ["host.name"], scope });
    exporter.accept(pod, [sampleOf(loaded, 1)], []);
    expect((await linesOf(exporter))[0]).toMatchInlineSnapshot(
      `"jvm_class_loaded_total{service_name="kafka.Kafka",process_pid="1",host_name="node-7",otel_scope_name="jprof",otel_scope_version="1.2.3",otel_scope_schema_url="https://opentelemetry.io/schemas/1.44.0"} 1"`,
    );
  });

  test("follow what becomes known of a target", async () => {
    const exporter = prometheusExporter();
    exporter.accept(kafka, [sampleOf(loaded, 1)], []);
    exporter.accept(
      targetOf(4711, { "k8s.pod.name": "kafka-0" }),
      [sampleOf(loaded, 1)],
      [sampleOf(pause, 1, {}, drawnAtMillis)],
    );
    const lines = await linesOf(exporter);
    expect(lines.filter((line) => !line.includes('k8s_pod_name="kafka-0"'))).toEqual([]);
  });
});
