import type { Collection } from "../../src/model/collector.ts";

/** One line per sample, sorted: `jvm.memory.used{jvm.memory.pool.name="Metaspace"} 12`. */
export function sampleLines({ samples }: Collection): readonly string[] {
  return samples
    .map(({ metric, labels, value }) => {
      const pairs = Object.entries(labels).map(([name, text]) => `${name}="${text}"`);
      return `${metric.name}${pairs.length === 0 ? "" : `{${pairs.join(", ")}}`} ${value}`;
    })
    .sort();
}
