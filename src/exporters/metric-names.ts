import type { Labels, Metric } from "../model/metric.ts";

/** What Prometheus knows: an updowncounter is a gauge there, and a histogram without buckets a summary without quantiles. */
export type PrometheusType = "counter" | "gauge" | "histogram" | "summary";

/**
 * The name of a metric's family in the Prometheus text format, by
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics: `jvm.memory.used` in `By` is
 * `jvm_memory_used_bytes`, and a counter ends in `_total`.
 */
export function prometheusName(metric: Pick<Metric, "name" | "unit" | "kind">): string {
  const { name, unit, kind } = metric;
  const clean = sanitize(name.replace(/[^a-zA-Z0-9]+$/, ""), /[^a-zA-Z0-9_:]/g);
  const base = withoutEnd(clean, kind === "counter" ? "total" : "");
  const full = withEnd(base, unitSuffix(unit, kind));
  return kind === "counter" ? withEnd(full, "total") : full;
}

/** As the text format names it: one that has no counterpart there takes the nearest that has. */
export function prometheusType(metric: Pick<Metric, "kind" | "buckets">): PrometheusType {
  if (metric.kind === "updowncounter") return "gauge";
  return metric.kind === "histogram" && metric.buckets?.length === 0 ? "summary" : metric.kind;
}

/** Attribute names with what Prometheus does not take replaced; values of names that become one are joined by `;`, as the specification says. */
export function prometheusLabels(labels: Labels): Labels {
  const renamed: Record<string, string> = {};
  for (const key of Object.keys(labels).sort()) {
    const name = prometheusLabel(key);
    const value = labels[key] ?? "";
    renamed[name] = Object.hasOwn(renamed, name) ? `${renamed[name]};${value}` : value;
  }
  return renamed;
}

/** `jvm.gc.name` → `jvm_gc_name`. */
export function prometheusLabel(attribute: string): string {
  return sanitize(attribute, /[^a-zA-Z0-9_]/g);
}

function sanitize(name: string, refused: RegExp): string {
  const clean = name.replace(refused, "_").replace(/_{2,}/g, "_");
  return /^\d/.test(clean) || clean === "" ? `_${clean}` : clean;
}

/** UCUM's abbreviations that Prometheus writes out. */
const words: Readonly<Record<string, string>> = {
  d: "days",
  h: "hours",
  min: "minutes",
  s: "seconds",
  ms: "milliseconds",
  us: "microseconds",
  ns: "nanoseconds",
  By: "bytes",
  KiBy: "kibibytes",
  MiBy: "mebibytes",
  GiBy: "gibibytes",
  TiBy: "tibibytes",
  KBy: "kilobytes",
  kBy: "kilobytes",
  MBy: "megabytes",
  GBy: "gigabytes",
  TBy: "terabytes",
  m: "meters",
  V: "volts",
  A: "amperes",
  J: "joules",
  W: "watts",
  g: "grams",
  Cel: "celsius",
  Hz: "hertz",
  "%": "percent",
};

/** UCUM's abbreviations after a slash, in the singular. */
const perWords: Readonly<Record<string, string>> = {
  s: "second",
  min: "minute",
  h: "hour",
  d: "day",
  wk: "week",
  mo: "month",
  y: "year",
};

/** `seconds`, `bytes_per_second`; empty where the unit adds nothing. */
function unitSuffix(unit: string, kind: Metric["kind"]): string {
  if (unit === "1") return kind === "gauge" ? "ratio" : "";
  const [main = "", per = ""] = unit.replace(/\{[^}]*\}/g, "").split("/", 2);
  const mainWord = words[main] ?? (main === "1" ? "" : main);
  const perWord = perWords[per] ?? per;
  const suffix = [mainWord, perWord === "" ? "" : `per_${perWord}`].filter((part) => part !== "").join("_");
  return suffix
    .replace(/[^a-zA-Z0-9_]/g, "_")
    .replace(/_{2,}/g, "_")
    .replace(/^_|_$/g, "");
}

function withEnd(name: string, suffix: string): string {
  if (suffix === "" || name.endsWith(`_${suffix}`) || name === suffix) return name;
  return name.endsWith("_") ? `${name}${suffix}` : `${name}_${suffix}`;
}

function withoutEnd(name: string, suffix: string): string {
  return suffix !== "" && name.endsWith(`_${suffix}`) ? name.slice(0, -suffix.length - 1) : name;
}
