import type { Metric } from "../model/metric.ts";
import { prometheusName, prometheusType } from "./metric-names.ts";

/** Two metrics that would be one in Prometheus, or a part of the other. */
export interface NameCollision {
  readonly prometheusName: string;
  readonly metrics: readonly [string, string];
  readonly reason: string;
}

/** What keeps these metrics from being exposed together: empty for a list that may be. The same object twice is no collision. */
export function nameCollisions(metrics: readonly Metric[]): readonly NameCollision[] {
  const owners = new Map<string, Metric>();
  return [...new Set(metrics)].flatMap((metric) => {
    const found = new Map<Metric, NameCollision>();
    for (const name of sampleNames(metric)) {
      const owner = owners.get(name);
      if (owner === undefined) owners.set(name, metric);
      else if (owner !== metric && !found.has(owner)) found.set(owner, collisionOf(name, owner, metric));
    }
    return [...found.values()];
  });
}

function collisionOf(name: string, first: Metric, second: Metric): NameCollision {
  const differing = (["name", "unit", "kind", "help"] as const).filter((field) => first[field] !== second[field]);
  const reason = differing.length === 0 ? "declared twice" : `they differ in ${differing.join(", ")}`;
  return { prometheusName: name, metrics: [first.name, second.name], reason };
}

/** Every name that a metric takes in either text format: OpenMetrics names a counter's family without `_total`. */
function sampleNames(metric: Metric): readonly string[] {
  const name = prometheusName(metric);
  switch (prometheusType(metric)) {
    case "counter":
      return [name, name.replace(/_total$/, ""), name.replace(/_total$/, "_created")];
    case "histogram":
      return [name, `${name}_bucket`, `${name}_sum`, `${name}_count`, `${name}_created`];
    case "summary":
      return [name, `${name}_sum`, `${name}_count`, `${name}_created`];
    case "gauge":
      return [name];
  }
}
