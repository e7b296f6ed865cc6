import {
  heapCommitted,
  heapLimit,
  heapLive,
  heapLiveSlope,
  heapTimeToFull,
  heapUsed,
  memoryAllocation,
  memoryCommitted,
  memoryInit,
  memoryLimit,
  memoryPromotion,
  memoryUsed,
  memoryUsedAfterLastGc,
  pendingFinalization,
} from "../metrics.ts";
import type { TimeseriesSpec } from "../panels.ts";
import { is } from "../promql.ts";
import { interval, jvm } from "../scope.ts";

const heap = is("jvm.memory.type", "heap");
const nonHeap = is("jvm.memory.type", "non_heap");
const pool = "{{jvm_memory_pool_name}}";

/** The heap as a whole, by pool, and what flows through it. */
export const heapPanels: readonly TimeseriesSpec[] = [
  {
    title: "Heap",
    about:
      "Used swings with every collection. Live is what stays: watch that one. Totals are the JVM's, not sums of pools, whose limits overlap in ZGC.",
    unit: "bytes",
    queries: {
      used: jvm(heapUsed),
      live: jvm(heapLive),
      committed: jvm(heapCommitted),
      limit: jvm(heapLimit),
    },
    runbooks: ["HeapNearlyFull"],
  },
  {
    title: "Live heap and its floor",
    about:
      "The floor is the least of half an hour: what even the best collection did not free. A floor that only rises is a leak.",
    unit: "bytes",
    queries: {
      live: jvm(heapLive),
      "floor of 30 minutes": `min_over_time(${jvm(heapLive)}[30m])`,
      limit: jvm(heapLimit),
    },
    runbooks: ["HeapLiveSetGrowing", "HeapLiveSetGrowingDaily"],
  },
  {
    title: "Live heap, slope",
    about: "How fast it grows. Nothing where no growth stands out.",
    unit: "binBps",
    queries: { slope: jvm(heapLiveSlope) },
    signed: true,
    runbooks: ["HeapLiveSetGrowing"],
  },
  {
    title: "Heap full in",
    about: "At that slope. Nothing where it does not grow.",
    unit: "dtdurations",
    queries: { "full in": jvm(heapTimeToFull) },
    runbooks: ["HeapFullSoon"],
  },
  {
    title: "Allocation and promotion",
    about: "Bytes per second that the program allocates, and that outlive the young generation.",
    unit: "binBps",
    queries: {
      "allocated ({{jprof_allocation_quality}})": `rate(${jvm(memoryAllocation)}[${interval}])`,
      promoted: `rate(${jvm(memoryPromotion)}[${interval}])`,
    },
  },
  {
    title: "Heap pools, in use",
    about: "By the names that the collector gives them.",
    unit: "bytes",
    queries: { [pool]: jvm(memoryUsed, heap) },
    stacked: true,
  },
  {
    title: "Heap pools, after the last collection",
    about: "What each collection left. A pool that is not collected each time keeps its value.",
    unit: "bytes",
    queries: { [pool]: jvm(memoryUsedAfterLastGc, heap) },
    stacked: true,
  },
  {
    title: "Heap pools, committed and limit",
    about: "Limits may overlap: they are not to be added up.",
    unit: "bytes",
    queries: {
      [`${pool}, committed`]: jvm(memoryCommitted, heap),
      [`${pool}, limit`]: jvm(memoryLimit, heap),
      [`${pool}, at the beginning`]: jvm(memoryInit, heap),
    },
  },
  {
    title: "Waiting for their finalizer",
    about: "Such objects hold memory until their finalizer has run.",
    unit: "short",
    queries: { objects: jvm(pendingFinalization) },
  },
];

/** Metaspace and code, which the JVM counts as memory too. */
export const nonHeapPanels: readonly TimeseriesSpec[] = [
  {
    title: "Non-heap pools, in use",
    about: "Metaspace and the code cache.",
    unit: "bytes",
    queries: { [pool]: jvm(memoryUsed, nonHeap) },
    stacked: true,
    runbooks: ["MetaspaceGrowing", "CodeCacheNearlyFull"],
  },
  {
    title: "Non-heap pools, share of their limit",
    about: "Only of those that have one.",
    unit: "percentunit",
    queries: { [pool]: `${jvm(memoryUsed, nonHeap)} / ${jvm(memoryLimit, nonHeap)}` },
    runbooks: ["MetaspaceNearlyFull", "CodeCacheNearlyFull"],
  },
];
