import { derivations } from "../collectors/derived/index.ts";
import { collectors } from "../collectors/index.ts";
import { recordingMetrics } from "../collectors/recording-metrics.ts";
import { ownMetrics } from "../src/agent/own-metrics.ts";
import type { Metric } from "../src/model/metric.ts";
import { prometheusName } from "./prometheus-name.ts";

/** Every metric that jprof exports, each name once. */
export const catalogue: readonly Metric[] = [
  ...new Map(
    [
      ...Object.values(ownMetrics),
      ...[...derivations, ...collectors].flatMap(({ metrics }) => metrics),
      ...recordingMetrics,
    ].map((metric): [string, Metric] => [metric.name, metric]),
  ).values(),
];

const byPrometheusName = new Map(
  catalogue.flatMap((metric) => namesOf(metric).map((name): [string, Metric] => [name, metric])),
);

/** The metrics that a PromQL expression reads, each once, in order. */
export function metricsIn(expression: string): readonly Metric[] {
  const words = expression.match(/[a-zA-Z_:][\w:]*/g) ?? [];
  return [...new Set(words.flatMap((word) => byPrometheusName.get(word) ?? []))];
}

/** The names of its series: a histogram has three. */
function namesOf(metric: Metric): readonly string[] {
  const name = prometheusName(metric);
  return metric.kind === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}
