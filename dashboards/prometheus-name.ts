import type { Metric } from "../src/model/metric.ts";

const unitSuffixes: Readonly<Record<string, string>> = { s: "seconds", By: "bytes", "By/s": "bytes_per_second" };

/** A metric's name in Prometheus: `jvm.memory.used` in `By` is `jvm_memory_used_bytes`, and a counter ends in `_total`. */
export function prometheusName({ name, unit, kind }: Pick<Metric, "name" | "unit" | "kind">): string {
  const suffix = unit === "1" && kind === "gauge" ? "ratio" : unitSuffixes[unit];
  const total = kind === "counter" ? "total" : undefined;
  return [name.replaceAll(".", "_"), suffix, total].filter((part) => part !== undefined).join("_");
}

/** `jvm.gc.name` → `jvm_gc_name`. */
export function prometheusLabel(attribute: string): string {
  return attribute.replaceAll(".", "_");
}
