import { type NativeCategory, parseNativeMemory } from "../src/formats/jcmd/native-memory.ts";
import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import { commandReply, nothingOf, samplerOf } from "./command-reply.ts";

function categoryMetric(name: string, help: string): Metric {
  const labels = ["jprof.nmt.category"];
  return { name: `jprof.nmt.${name}`, unit: "By", kind: "updowncounter", help, labels, stability: "development" };
}

/** By category of native memory tracking, as the JVM names it. */
export const nmtReserved = categoryMetric(
  "reserved",
  "Address space that the JVM has reserved, by its own categories.",
);
export const nmtCommitted = categoryMetric(
  "committed",
  "Native memory of the JVM, by its own categories: malloc and mmap.",
);
export const nmtMalloc = categoryMetric("malloc", "Of the committed memory, what came from malloc, arenas included.");
export const nmtMmap = categoryMetric("mmap", "Of the committed memory, what was mapped, thread stacks included.");

const metrics = [nmtReserved, nmtCommitted, nmtMalloc, nmtMmap];

/** Tells where the JVM's native memory is, where the JVM keeps track of it. */
export const nativeMemoryCollector: Collector = {
  name: "native-memory",
  description: "native memory by the JVM's own categories, with -XX:NativeMemoryTracking=summary",
  enabledByDefault: true,
  policy: "observe",
  metrics,
  async collect(target, signal) {
    const question = { command: "VM.native_memory summary scale=b", parse: parseNativeMemory };
    const answer = await commandReply(target, question, signal);
    if (!answer.ok) return nothingOf(metrics, answer.reason);
    if (!answer.value.isTracked) return nothingOf(metrics, `${answer.value.reason}; it takes ${flag} to turn it on`);
    const sample = samplerOf(answer);
    const samples = answer.value.categories.flatMap((category) => {
      const labels = { "jprof.nmt.category": category.name };
      return [
        sample(nmtReserved, category.reservedBytes, labels),
        sample(nmtCommitted, category.committedBytes, labels),
        sample(nmtMalloc, mallocBytes(category), labels),
        sample(nmtMmap, category.mmap.committedBytes + category.stack.committedBytes, labels),
      ];
    });
    return { samples, missing: [] };
  },
};

const flag = "-XX:NativeMemoryTracking=summary at the JVM's start";

function mallocBytes({ malloc, arena, overhead }: NativeCategory): number {
  return malloc.bytes + arena.bytes + overhead.bytes;
}
