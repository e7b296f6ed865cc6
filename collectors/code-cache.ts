import { type CodeHeap, parseCodeCache } from "../src/formats/jcmd/code-cache.ts";
import type { Collector } from "../src/model/collector.ts";
import type { Metric, Sample } from "../src/model/metric.ts";
import { commandReply, nothingOf, samplerOf } from "./command-reply.ts";
import { memoryCommitted, memoryLimit, memoryUsed } from "./memory-metrics.ts";

const common = { labels: [], stability: "development" } as const;

/** All of its contents. */
export const codeCacheBlobs: Metric = {
  ...common,
  name: "jprof.code_cache.blobs",
  unit: "{blob}",
  kind: "gauge",
  help: "Pieces of code in the code cache: compiled methods, adapters, stubs.",
};

/** Of its contents, the compiled methods. */
export const codeCacheNmethods: Metric = {
  ...common,
  name: "jprof.code_cache.nmethods",
  unit: "{blob}",
  kind: "gauge",
  help: "Compiled methods in the code cache.",
};

/** Each time, methods were thrown out or not compiled. */
export const codeCacheFullCount: Metric = {
  ...common,
  name: "jprof.code_cache.full.count",
  unit: "{event}",
  kind: "counter",
  help: "Times that the code cache was full.",
};

/** Whether the JIT works at all. */
export const codeCacheCompilationEnabled: Metric = {
  ...common,
  name: "jprof.code_cache.compilation.enabled",
  unit: "1",
  kind: "gauge",
  help: "1 while the JVM compiles methods, 0 while it does not: because the code cache is full, or it was told so.",
};

const own = [codeCacheBlobs, codeCacheNmethods, codeCacheFullCount, codeCacheCompilationEnabled];
const metrics = [memoryUsed, memoryCommitted, memoryLimit, ...own];

/** Tells how full the code cache is. */
export const codeCacheCollector: Collector = {
  name: "code-cache",
  description: "use of the code cache and its segments, and whether methods are still compiled",
  enabledByDefault: true,
  policy: "observe",
  metrics,
  async collect(target, signal) {
    const answer = await commandReply(target, { command: "Compiler.codecache", parse: parseCodeCache }, signal);
    if (!answer.ok) return nothingOf(metrics, answer.reason);
    const sample = samplerOf(answer);
    const { heaps, blobs, nmethods, fullCount, isCompiling } = answer.value;
    const values = [blobs, nmethods, fullCount, isCompiling === undefined ? undefined : Number(isCompiling)];
    const missing = own.filter((_, index) => values[index] === undefined).map(({ name }) => name);
    return {
      samples: [
        ...heaps.flatMap((heap) => poolSamples(heap, sample)),
        ...values.flatMap((value, index) => (value === undefined ? [] : sample(own[index]!, value))),
      ],
      missing: missing.length === 0 ? [] : [{ metrics: missing, reason: "Compiler.codecache does not tell it here" }],
    };
  },
};

function poolSamples(heap: CodeHeap, sample: ReturnType<typeof samplerOf>): readonly Sample[] {
  const labels = { "jvm.memory.pool.name": heap.name, "jvm.memory.type": "non_heap" };
  return [
    sample(memoryUsed, heap.usedBytes, labels),
    ...(heap.committedBytes === undefined ? [] : [sample(memoryCommitted, heap.committedBytes, labels)]),
    sample(memoryLimit, heap.sizeBytes, labels),
  ];
}
