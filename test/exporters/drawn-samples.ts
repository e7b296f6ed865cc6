import type { ExportedTarget } from "../../src/model/exporter.ts";
import type { Labels, Metric, Sample } from "../../src/model/metric.ts";

/** `metricOf("jvm.memory.used By updowncounter", "jvm.memory.pool.name")`. */
export function metricOf(drawn: string, ...labels: readonly string[]): Metric {
  const [name = "", unit = "", kindText = ""] = drawn.split(" ");
  const kind = (["counter", "updowncounter", "gauge", "histogram"] as const).find((each) => each === kindText);
  if (kind === undefined) throw new Error(`expected a kind of metric, got '${kindText}'`);
  const metric: Metric = {
    name,
    unit: unit === "-" ? "" : unit,
    kind,
    help: `Help of ${name}.`,
    labels,
    stability: "stable",
  };
  return kind === "histogram" ? { ...metric, buckets: [0.001, 0.01, 0.1, 1, 10] } : metric;
}

export const drawnAtMillis = Date.UTC(2026, 0, 1);

export function sampleOf(metric: Metric, value: number, labels: Labels = {}, takenAtMillis = drawnAtMillis): Sample {
  return { metric, value, labels, source: "perf-counters", takenAtMillis };
}

/** One sample for each label value, of a metric with one label. */
export function samplesOf(metric: Metric, values: Readonly<Record<string, number>>): readonly Sample[] {
  const [label = ""] = metric.labels;
  return Object.entries(values).map(([name, value]) => sampleOf(metric, value, { [label]: name }));
}

export function targetOf(pid: number, resource: ExportedTarget["resource"] = {}): ExportedTarget {
  return {
    key: `${pid}:1`,
    resource: { "service.name": "kafka.Kafka", "process.pid": pid, ...resource },
    startedAtMillis: drawnAtMillis - 3_600_000,
    identity: undefined,
  };
}
