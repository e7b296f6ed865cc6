import type { Metric } from "../src/model/metric.ts";
import { prometheusLabel, prometheusName } from "./prometheus-name.ts";

/** One condition on a label, as it stands between the braces. */
export type Matcher = string;

/** A metric, or one of the three that a histogram becomes. */
export interface Series {
  readonly metric: Metric;
  readonly suffix: "" | "_bucket" | "_sum" | "_count";
}

export function bucketsOf(metric: Metric): Series {
  return { metric, suffix: "_bucket" };
}

export function sumOf(metric: Metric): Series {
  return { metric, suffix: "_sum" };
}

export function countOf(metric: Metric): Series {
  return { metric, suffix: "_count" };
}

/** `jprof_gc_kind="pause"` */
export function is(label: string, value: string): Matcher {
  return `${prometheusLabel(label)}=${JSON.stringify(value)}`;
}

export function isNot(label: string, value: string): Matcher {
  return `${prometheusLabel(label)}!=${JSON.stringify(value)}`;
}

/** By a regular expression that fits the whole value. */
export function fits(label: string, regex: string): Matcher {
  return `${prometheusLabel(label)}=~${JSON.stringify(regex)}`;
}

export function fitsNot(label: string, regex: string): Matcher {
  return `${prometheusLabel(label)}!~${JSON.stringify(regex)}`;
}

/** Writes selectors, all of them within `scope`. */
export type Select = (what: Metric | Series, ...matchers: readonly Matcher[]) => string;

/** Selectors of the series that fit `scope`; a label that the metric does not have is refused. */
export function selectIn(...scope: readonly Matcher[]): Select {
  return (what, ...matchers) => {
    const { metric, suffix } = "metric" in what ? what : { metric: what, suffix: "" };
    if ((metric.kind === "histogram") !== (suffix !== "")) throw new Error(`${metric.name}: wrong part '${suffix}'`);
    const labels = metric.labels.map(prometheusLabel);
    const unknown = matchers.find((matcher) => !labels.includes(/^\w+/.exec(matcher)?.[0] ?? ""));
    if (unknown !== undefined) throw new Error(`${metric.name} has no such label: ${unknown}`);
    const all = [...matchers, ...scope];
    return `${prometheusName(metric)}${suffix}${all.length === 0 ? "" : `{${all.join(",")}}`}`;
  };
}

/** Adds up what differs in the metric's own labels, but for those to keep: what names the JVM stays, whatever the scrape calls it. */
export function sum(metric: Metric, expression: string, keep: readonly string[] = []): string {
  return over("sum", metric, expression, keep);
}

/** As `sum`, for the biggest value. */
export function max(metric: Metric, expression: string, keep: readonly string[] = []): string {
  return over("max", metric, expression, keep);
}

function over(operator: "sum" | "max", metric: Metric, expression: string, keep: readonly string[]): string {
  const dropped = metric.labels.filter((label) => !keep.includes(label)).map(prometheusLabel);
  return dropped.length === 0 ? expression : `${operator} without (${dropped.join(", ")}) (${expression})`;
}
