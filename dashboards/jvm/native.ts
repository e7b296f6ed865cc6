import {
  bufferCount,
  bufferMemoryLimit,
  bufferMemoryUsed,
  containerMemoryAvailable,
  containerMemoryEvents,
  containerMemoryHeadroom,
  containerMemoryLimit,
  containerMemoryRss,
  containerMemorySlope,
  containerMemoryUnreclaimable,
  containerMemoryUsage,
  containerMemoryWorkingSet,
  containerTimeToLimit,
  hugePages,
  nmtCommitted,
  nmtMalloc,
  nmtMmap,
  nmtReserved,
  processMemoryUsage,
  processMemoryVirtual,
  residentMemory,
  swappedMemory,
  untrackedMemory,
} from "../metrics.ts";
import type { TimeseriesSpec } from "../panels.ts";
import { sum } from "../promql.ts";
import { interval, jvm } from "../scope.ts";

const category = "{{jprof_nmt_category}}";
const buffers = "{{jvm_buffer_pool_name}}";

/** Where the resident memory is. */
export const nativePanels: readonly TimeseriesSpec[] = [
  {
    title: "Resident memory, by kind",
    about: "What of the process is in RAM, and in swap.",
    unit: "bytes",
    queries: { "{{jprof_memory_kind}}": jvm(residentMemory), swapped: jvm(swappedMemory) },
    stacked: true,
  },
  {
    title: "Resident, tracked and untracked",
    about:
      "Untracked: the JVM does not account for it. Committed memory that was never touched is not resident, so tracked may exceed RSS.",
    unit: "bytes",
    queries: {
      RSS: jvm(processMemoryUsage),
      "committed, as the JVM says": sum(nmtCommitted, jvm(nmtCommitted)),
      untracked: jvm(untrackedMemory),
    },
    runbooks: ["UntrackedNativeGrowth"],
  },
  {
    title: "Native memory, by category",
    about: "Committed. Only with -XX:NativeMemoryTracking=summary.",
    unit: "bytes",
    queries: { [category]: jvm(nmtCommitted) },
    stacked: true,
    runbooks: ["NativeMemoryGrowing"],
  },
  {
    title: "Native memory, change in an hour",
    about: "The categories that grow stand out.",
    unit: "bytes",
    queries: { [category]: `delta(${jvm(nmtCommitted)}[1h])` },
    signed: true,
    runbooks: ["NativeMemoryGrowing"],
  },
  {
    title: "Native memory, malloc and mmap",
    about: "How the JVM got it, over all categories, and what it reserved.",
    unit: "bytes",
    queries: {
      malloc: sum(nmtMalloc, jvm(nmtMalloc)),
      mmap: sum(nmtMmap, jvm(nmtMmap)),
      reserved: sum(nmtReserved, jvm(nmtReserved)),
    },
  },
  {
    title: "Direct and mapped buffers",
    about: "NIO buffers, by pool. The limit is their capacity.",
    unit: "bytes",
    queries: { [`${buffers}, used`]: jvm(bufferMemoryUsed), [`${buffers}, capacity`]: jvm(bufferMemoryLimit) },
  },
  { title: "Number of buffers", about: "Of each pool.", unit: "short", queries: { [buffers]: jvm(bufferCount) } },
  {
    title: "Address space and huge pages",
    about: "Address space is no memory: it may be far above RSS.",
    unit: "bytes",
    queries: { "address space": jvm(processMemoryVirtual), "huge pages, {{jprof_memory_kind}}": jvm(hugePages) },
    logarithmic: true,
  },
];

/** The limit at which the kernel kills, and how far it is. */
export const containerPanels: readonly TimeseriesSpec[] = [
  {
    title: "Container memory",
    about: "The kernel drops page cache before it kills: what cannot be dropped is what counts.",
    unit: "bytes",
    queries: {
      usage: jvm(containerMemoryUsage),
      "working set": jvm(containerMemoryWorkingSet),
      "cannot be dropped": jvm(containerMemoryUnreclaimable),
      anonymous: jvm(containerMemoryRss),
      limit: jvm(containerMemoryLimit),
    },
    runbooks: ["ContainerMemoryNearLimit"],
  },
  {
    title: "Container headroom",
    about: "Until the limit.",
    unit: "bytes",
    queries: { headroom: jvm(containerMemoryHeadroom), available: jvm(containerMemoryAvailable) },
    runbooks: ["ContainerMemoryNearLimit"],
  },
  {
    title: "Container killed in",
    about: "At the slope of the last minutes. Nothing where it does not grow.",
    unit: "dtdurations",
    queries: { "killed in": jvm(containerTimeToLimit) },
    runbooks: ["ContainerMemoryTimeToLimit"],
  },
  {
    title: "Container memory, slope",
    about: "How fast it grows.",
    unit: "binBps",
    queries: { slope: jvm(containerMemorySlope) },
    signed: true,
  },
  {
    title: "Container memory, events",
    about: "`high` and `max`: it had to give memory back. `oom_kill`: the kernel killed.",
    unit: "short",
    queries: { "{{jprof_cgroup_event}}": `increase(${jvm(containerMemoryEvents)}[${interval}])` },
    runbooks: ["ContainerOomKill"],
  },
];
