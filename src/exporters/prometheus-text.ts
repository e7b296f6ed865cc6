// By its parts: the whole of prom-client takes 18 MB more resident memory, for metrics of Node.js and a push gateway.
import type { RegistryContentType } from "prom-client";
import Gauge from "prom-client/lib/gauge.js";
import Registry from "prom-client/lib/registry.js";
import type { TextFormat } from "./content-type.ts";
import type { PrometheusType } from "./metric-names.ts";

/** One value as the text format has it. `sharedLabels` is formatted once for as long as it is the same object. */
export interface TextValue {
  /** Where it is not the family's own: `…_bucket`. */
  readonly metricName?: string;
  readonly sharedLabels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Every value of one name. */
export interface TextFamily {
  /** A counter's ends in `_total`. */
  readonly name: string;
  readonly type: PrometheusType;
  readonly help: string;
  readonly values: readonly TextValue[];
}

/** What a scrape gets. */
export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

/** Families in a text format, in the order given. */
export async function exposition(families: readonly TextFamily[], format: TextFormat): Promise<Exposition> {
  const isOpenMetrics = format === "openmetrics";
  const contentType = isOpenMetrics ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE;
  if (families.length === 0) return { contentType, body: isOpenMetrics ? "# EOF\n" : "" };
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(contentType);
  for (const family of families) register(registry, family, isOpenMetrics);
  return { contentType, body: await registry.metrics() };
}

/**
 * A metric of prom-client keeps values by labels of its own, which costs more at each scrape than formatting them; so each family is one
 * whose values are asked of us.
 */
function register(registry: Registry<RegistryContentType>, family: TextFamily, isOpenMetrics: boolean): void {
  const { type, values } = family;
  const name = isOpenMetrics && type === "counter" ? family.name.replace(/_total$/, "") : family.name;
  // OpenMetrics wants quotes in a help text escaped, which prom-client does not do.
  const help = family.help.replaceAll('"', "'");
  const metric = new Gauge({ name, help, registers: [] });
  Object.assign(metric, { get: async () => ({ name, help, type, values }) });
  registry.registerMetric(metric);
}
