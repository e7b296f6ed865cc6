// By its parts: the whole of prom-client takes 18 MB more resident memory, for metrics of Node.js and a push gateway.
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

/** A family as text: two lines about it, and one for each value. */
export interface TextBlock {
  readonly name: string;
  readonly type: PrometheusType;
  readonly head: string;
  readonly lines: string;
}

/** What a scrape gets. */
export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

/** Families in a text format, each by itself, so that they can be kept. */
export function textBlocks(families: readonly TextFamily[], format: TextFormat): Promise<readonly TextBlock[]> {
  const registry = new Registry(contentTypeOf(format));
  return Promise.all(families.map((family) => textBlock(registry, family, format)));
}

/**
 * One page of the blocks of several targets, by name. Where two of one name differ in type, what came first stays: a scrape must not say
 * two types of one name.
 */
export function exposition(blocks: Iterable<TextBlock>, format: TextFormat): Exposition {
  const byName = new Map<string, { readonly type: PrometheusType; readonly parts: string[] }>();
  for (const { name, type, head, lines } of blocks) {
    const known = byName.get(name);
    if (known === undefined) byName.set(name, { type, parts: [head, lines] });
    else if (known.type === type) known.parts.push(lines);
  }
  const names = [...byName.keys()].sort();
  const texts = names.map((name) => byName.get(name)!.parts.join("\n"));
  const contentType = contentTypeOf(format);
  if (format === "openmetrics") return { contentType, body: [...texts, "# EOF\n"].join("\n") };
  return { contentType, body: texts.length === 0 ? "" : `${texts.join("\n\n")}\n` };
}

function contentTypeOf(format: TextFormat) {
  return format === "openmetrics" ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE;
}

/**
 * A metric of prom-client keeps values by labels of its own, which costs more at each scrape than formatting them; so it is handed one whose
 * values are ours.
 */
async function textBlock(registry: Registry, family: TextFamily, format: TextFormat): Promise<TextBlock> {
  const { name, type, values } = family;
  const shownName = format === "openmetrics" && type === "counter" ? name.replace(/_total$/, "") : name;
  // OpenMetrics wants quotes in a help text escaped, which prom-client does not do.
  const help = family.help.replaceAll('"', "'");
  const text = await registry.getMetricsAsString({ get: async () => ({ name: shownName, help, type, values }) });
  const headEnd = text.indexOf("\n", text.indexOf("\n") + 1);
  return { name, type, head: text.slice(0, headEnd), lines: text.slice(headEnd + 1) };
}
