import { parseStatus } from "../src/formats/proc/status.ts";
import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import { processMemoryUsage } from "../src/model/process-metrics.ts";
import { collectionOf, type Reading } from "./readings.ts";

function bytes(name: string, help: string, labels: readonly string[] = []): Metric {
  return { name, unit: "By", kind: "updowncounter", help, labels, stability: "development" };
}

export const processMemoryVirtual = bytes(
  "process.memory.virtual",
  "Address space of the process, most of which no memory stands behind.",
);

export const residentMemory = bytes(
  "jprof.process.memory.resident",
  "Memory of the process that is in RAM, by kind. The heap is anonymous, with ZGC and some others it is shmem.",
  ["jprof.memory.kind"],
);

export const swappedMemory = bytes("jprof.process.memory.swap", "Anonymous memory of the process that is swapped out.");

/** Where the process's memory is, by the kernel's own counters: no walk over its memory map. */
export const residentMemoryCollector: Collector = {
  name: "resident-memory",
  description: "memory of the process that is in RAM, by kind, and what is swapped out",
  enabledByDefault: true,
  policy: "observe",
  metrics: [processMemoryUsage, processMemoryVirtual, residentMemory, swappedMemory],
  async collect(target, signal) {
    return collectionOf(await target.readProc("status", signal), this.metrics, readingsOf);
  },
};

function readingsOf(text: string): readonly Reading[] {
  const status = parseStatus(text);
  return [
    { metric: processMemoryUsage, value: status.residentBytes },
    { metric: processMemoryVirtual, value: status.virtualBytes },
    { metric: residentMemory, value: status.residentAnonymousBytes, labels: { "jprof.memory.kind": "anonymous" } },
    { metric: residentMemory, value: status.residentFileBytes, labels: { "jprof.memory.kind": "file" } },
    { metric: residentMemory, value: status.residentShmemBytes, labels: { "jprof.memory.kind": "shmem" } },
    { metric: swappedMemory, value: status.swapBytes },
  ];
}
