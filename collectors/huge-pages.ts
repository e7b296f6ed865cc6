import { parseSmapsRollup } from "../src/formats/proc/smaps-rollup.ts";
import { parseStatus } from "../src/formats/proc/status.ts";
import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import { collectionOf, missing, type Reading } from "./readings.ts";

export const hugePages: Metric = {
  name: "jprof.process.memory.huge_pages",
  unit: "By",
  kind: "updowncounter",
  help: "Memory of the process that is in huge pages: transparent ones by what they hold, and those of hugetlbfs.",
  labels: ["jprof.memory.kind"],
  stability: "development",
};

/** A walk over it takes 0.2 s. */
const mostResidentBytes = 16 * 2 ** 30;

/**
 * Walks the page tables of the process. While the kernel does, no thread of the JVM can map memory or start a thread: 12 ms were measured
 * for each resident GiB in small pages (Linux 6.18). Hence the policy, and the bound.
 */
export const hugePagesCollector: Collector = {
  name: "huge-pages",
  description: "memory of the process that is in huge pages; holds up the JVM's mappings for 12 ms per resident GiB",
  enabledByDefault: true,
  policy: "diagnose",
  everySeconds: 300,
  metrics: [hugePages],
  async collect(target, signal) {
    const status = await target.readProc("status", signal);
    if (!status.ok) return missing(this.metrics, status.reason);
    const { residentBytes = 0 } = parseStatus(status.value);
    if (residentBytes > mostResidentBytes) {
      return missing(
        this.metrics,
        "the process is so big that counting them would hold up the JVM's mappings too long",
      );
    }
    return collectionOf(await target.readProc("smaps_rollup", signal), this.metrics, readingsOf);
  },
};

function readingsOf(text: string): readonly Reading[] {
  const rollup = parseSmapsRollup(text);
  const kinds = {
    anonymous: rollup.anonymousHugeBytes,
    shmem: rollup.shmemHugeBytes,
    file: rollup.fileHugeBytes,
    hugetlb: rollup.hugetlbBytes,
  };
  return Object.entries(kinds).map(([kind, value]) => ({
    metric: hugePages,
    value,
    labels: { "jprof.memory.kind": kind },
  }));
}
