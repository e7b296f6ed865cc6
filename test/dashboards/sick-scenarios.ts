import { catalogue } from "../../dashboards/catalogue.ts";
import { prometheusLabel, prometheusName } from "../../dashboards/prometheus-name.ts";
import type { Labels } from "../../src/model/metric.ts";
import { scraped } from "./healthy-scenarios.ts";
import { type At, containerBytes, heapBytes, mib } from "./synthetic-behaviour.ts";
import { type CollectorKind, type GcSeries, sawtooth } from "./synthetic-gc.ts";
import { healthyJprof, healthyJvm, histogramOf, type SyntheticSeries } from "./synthetic-jvm.ts";
import type { RuleScenario } from "./unit-tests-of-rules.ts";

/** What is wrong with a JVM that is healthy otherwise. */
interface Sickness {
  readonly alert: string;
  /** What is the matter, and which collector it has. */
  readonly what: string;
  readonly kind: CollectorKind;
  /** Its own values of some metrics, by name and the labels that tell the series. */
  readonly changes?: readonly Change[];
  readonly collections?: readonly GcSeries[];
  /** Minutes at which the alert is silent, and fires. */
  readonly silent: readonly number[];
  readonly firing: readonly number[];
  readonly labels?: Labels;
  /** Seconds of the scenario at which the process began; long before, where it is not given. */
  readonly startedAt?: number;
}

interface Change {
  readonly metric: string;
  readonly labels?: Labels;
  readonly at: At;
}

const place = { job: "jprof", instance: "10.0.0.7:9464" };
const identity = { service_name: "sick", process_pid: "7" };
const hour = 3600;

/** From `begin` seconds on, so much per hour more. */
function rising(base: number, perHour: number, begin = 0): At {
  return (seconds) => base + (perHour * Math.max(0, seconds - begin)) / hour;
}

const full: GcSeries = {
  name: "PS MarkSweep",
  action: "end of major GC",
  cause: "Ergonomics",
  kind: "pause",
  count: (seconds) => Math.floor(Math.max(0, seconds - hour) / 20),
  seconds: 8,
};

const oldNow: GcSeries = {
  ...full,
  cause: "Allocation Failure",
  count: (seconds) => Math.floor(seconds / 400),
  seconds: 1,
};

export const sicknesses: readonly Sickness[] = [
  {
    alert: "HeapNearlyFull",
    what: "95 % stay in use after full collections",
    kind: "Parallel",
    changes: [{ metric: "jprof.heap.live", at: (seconds) => (seconds < hour ? 0.5 : 0.95) * heapBytes }],
    collections: [oldNow],
    silent: [50, 80],
    firing: [102, 200],
  },
  {
    alert: "HeapFullSoon",
    what: "full in ten minutes, after old collections",
    kind: "G1",
    changes: [
      { metric: "jprof.heap.live", at: () => 0.8 * heapBytes },
      { metric: "jprof.heap.time_to_full", at: (seconds) => (seconds < hour ? undefined : 600) },
    ],
    silent: [50],
    firing: [70, 100],
  },
  {
    alert: "HeapLiveSetGrowing",
    what: "the floor of a sawtooth rises by 8 % of the heap an hour",
    kind: "G1",
    changes: [
      {
        metric: "jprof.heap.live",
        at: (seconds) => Math.min(0.99, 0.3 + (0.08 * seconds) / hour + sawtooth(0, 0.1, 1200)(seconds)) * heapBytes,
      },
    ],
    silent: [60, 180],
    firing: [360, 400],
  },
  {
    alert: "HeapLiveSetGrowing",
    what: "the same with ZGC",
    kind: "ZGC generational",
    changes: [
      {
        metric: "jprof.heap.live",
        at: (seconds) => Math.min(0.99, 0.3 + (0.08 * seconds) / hour + sawtooth(0, 0.1, 300)(seconds)) * heapBytes,
      },
    ],
    silent: [60, 180],
    firing: [360, 400],
  },
  {
    alert: "GcOverheadHigh",
    what: "pauses of 0.4 s every second",
    kind: "G1",
    collections: [{ ...full, name: "G1 Young Generation", action: "end of minor GC", count: (s) => s, seconds: 0.4 }],
    silent: [6],
    firing: [40, 60],
  },
  {
    alert: "GcPauseLong",
    what: "a pause of 3 s every half minute",
    kind: "Serial",
    collections: [{ ...full, name: "Copy", action: "end of minor GC", count: (s) => Math.floor(s / 30), seconds: 3 }],
    silent: [6],
    firing: [40, 60],
  },
  {
    alert: "GcStall",
    what: "full collections one after another",
    kind: "Parallel",
    collections: [full],
    silent: [50],
    firing: [80, 100],
  },
  {
    alert: "GcStall",
    what: "full collections of Shenandoah one after another",
    kind: "Shenandoah",
    collections: [{ ...full, name: "Shenandoah Pauses", action: "end of GC pause", cause: "Allocation Failure" }],
    silent: [50],
    firing: [80, 100],
  },
  {
    alert: "GcStall",
    what: "threads wait for ZGC",
    kind: "ZGC generational",
    collections: [
      { ...full, name: "ZGC Major Cycles", action: "end of GC cycle", cause: "Allocation Stall", kind: "concurrent" },
    ],
    silent: [50],
    firing: [80, 100],
  },
  {
    alert: "SafepointSlow",
    what: "half a second to each safepoint",
    kind: "G1",
    changes: [{ metric: "jprof.safepoint.sync.time", at: rising(0, hour * 0.125, hour) }],
    silent: [50],
    firing: [90],
  },
  {
    alert: "UntrackedNativeGrowth",
    what: "300 MiB an hour that the JVM knows nothing of",
    kind: "G1",
    changes: [{ metric: "jprof.process.memory.untracked", at: rising(500 * mib, 300 * mib) }],
    silent: [100, 180],
    firing: [300, 400],
  },
  {
    alert: "NativeMemoryGrowing",
    what: "150 MiB of direct buffers an hour",
    kind: "G1",
    changes: [
      { metric: "jprof.nmt.committed", labels: { "jprof.nmt.category": "Other" }, at: rising(200 * mib, 150 * mib) },
    ],
    silent: [100, 180],
    firing: [300, 400],
    labels: { jprof_nmt_category: "Other" },
  },
  {
    alert: "MetaspaceGrowing",
    what: "2000 classes and 12 MiB an hour",
    kind: "G1",
    changes: [
      { metric: "jvm.memory.used", labels: { "jvm.memory.pool.name": "Metaspace" }, at: rising(100 * mib, 12 * mib) },
      { metric: "jvm.class.count", at: rising(20_000, 2000) },
    ],
    silent: [100, 180],
    firing: [300, 400],
    labels: { jvm_memory_pool_name: "Metaspace", jvm_memory_type: "non_heap" },
  },
  {
    alert: "MetaspaceNearlyFull",
    what: "the class space is 95 % full",
    kind: "G1",
    changes: [
      {
        metric: "jvm.memory.used",
        labels: { "jvm.memory.pool.name": "Compressed Class Space" },
        at: (seconds) => (seconds < hour ? 500 : 980) * mib,
      },
    ],
    silent: [50],
    firing: [90],
    labels: { jvm_memory_pool_name: "Compressed Class Space", jvm_memory_type: "non_heap" },
  },
  {
    alert: "CodeCacheNearlyFull",
    what: "both heaps of code are full",
    kind: "G1",
    changes: ["profiled", "non-profiled"].map((segment) => ({
      metric: "jvm.memory.used",
      labels: { "jvm.memory.pool.name": `CodeHeap '${segment} nmethods'` },
      at: (seconds: number) => (seconds < hour ? 60 : 118) * mib,
    })),
    silent: [50],
    firing: [90],
  },
  {
    alert: "CompilationDisabled",
    what: "the compiler was switched off",
    kind: "G1",
    changes: [{ metric: "jprof.code_cache.compilation.enabled", at: (seconds) => (seconds < hour ? 1 : 0) }],
    silent: [50],
    firing: [80],
  },
  {
    alert: "ContainerMemoryTimeToLimit",
    what: "ten minutes to the limit",
    kind: "G1",
    changes: [
      { metric: "jprof.container.memory.unreclaimable", at: () => 0.9 * containerBytes },
      { metric: "jprof.container.memory.time_to_limit", at: (seconds) => (seconds < hour ? undefined : 600) },
    ],
    silent: [50],
    firing: [80],
  },
  {
    alert: "ContainerMemoryNearLimit",
    what: "95 % taken",
    kind: "G1",
    changes: [
      {
        metric: "jprof.container.memory.unreclaimable",
        at: (seconds) => (seconds < hour ? 0.8 : 0.95) * containerBytes,
      },
    ],
    silent: [50],
    firing: [90],
  },
  {
    alert: "ContainerOomKill",
    what: "a kill was counted",
    kind: "G1",
    changes: [
      {
        metric: "jprof.container.memory.events",
        labels: { "jprof.cgroup.event": "oom_kill" },
        at: (seconds) => (seconds < hour ? 3 : 4),
      },
    ],
    silent: [50, 90],
    firing: [64],
  },
  {
    alert: "ContainerOomKill",
    what: "the JVM is gone right below the limit",
    kind: "G1",
    changes: ["unreclaimable", "limit"].map((what) => ({
      metric: `jprof.container.memory.${what}`,
      at: (seconds: number) => (seconds > hour ? undefined : containerBytes * (what === "limit" ? 1 : 0.99)),
    })),
    silent: [50, 90],
    firing: [68],
  },
  {
    alert: "CpuThrottled",
    what: "half of the periods",
    kind: "G1",
    changes: [
      { metric: "jprof.container.cpu.throttled.periods", at: rising(0, hour * 5, hour) },
      { metric: "jprof.container.cpu.throttled.time", at: rising(0, hour * 0.8, hour) },
    ],
    silent: [50],
    firing: [90],
  },
  {
    alert: "MemoryPressure",
    what: "a fifth of the time",
    kind: "G1",
    changes: [
      {
        metric: "jprof.pressure.stall.time",
        labels: {
          "jprof.pressure.resource": "memory",
          "jprof.pressure.scope": "full",
          "jprof.pressure.of": "container",
        },
        at: rising(0, hour * 0.2, hour),
      },
    ],
    silent: [50],
    firing: [90],
  },
  {
    alert: "ThreadsGrowing",
    what: "120 threads an hour",
    kind: "G1",
    changes: [
      { metric: "jvm.thread.count", labels: { "jvm.thread.daemon": "true" }, at: rising(150, 120) },
      { metric: "jvm.thread.count", labels: { "jvm.thread.daemon": "false" }, at: () => 40 },
    ],
    silent: [100, 180],
    firing: [300, 400],
  },
  {
    alert: "Deadlock",
    what: "two threads",
    kind: "G1",
    changes: [{ metric: "jprof.thread.deadlocked", at: (seconds) => (seconds < hour ? 0 : 2) }],
    silent: [50],
    firing: [64],
  },
  {
    alert: "FileDescriptorsNearLimit",
    what: "4000 of 4096",
    kind: "G1",
    changes: [{ metric: "jvm.file_descriptor.count", at: (seconds) => (seconds < hour ? 900 : 4000) }],
    silent: [50],
    firing: [80],
  },
  {
    alert: "FsyncSlow",
    what: "0.8 s",
    kind: "G1",
    changes: [{ metric: "jprof.fsync.p99", at: (seconds) => (seconds < hour ? 0.01 : 0.8) }],
    silent: [50, 66],
    firing: [80],
  },
  {
    alert: "VirtualThreadsPinned",
    what: "a carrier and a half",
    kind: "G1",
    changes: [{ metric: "jprof.thread.virtual.pinned.time", at: rising(0, 1.5 * hour, hour) }],
    silent: [50],
    firing: [90],
  },
  {
    alert: "JvmTargetDown",
    what: "no answer",
    kind: "G1",
    changes: [{ metric: "jprof.target.up", at: (seconds) => (seconds < hour ? 1 : 0) }],
    silent: [50],
    firing: [80],
  },
  {
    alert: "CollectorStale",
    what: "one collector hangs",
    kind: "G1",
    changes: [
      {
        metric: "jprof.collector.age",
        labels: { "jprof.collector": "gc" },
        at: (seconds) => Math.max(5, seconds - hour),
      },
    ],
    silent: [50, 74],
    firing: [100],
    labels: { jprof_collector: "gc" },
  },
  {
    alert: "StopBudgetExceeded",
    what: "two percent of the time",
    kind: "G1",
    changes: [
      {
        metric: "jprof.target.stopped.time",
        labels: { "jprof.command": "GC.heap_info" },
        at: rising(0, hour * 0.02, hour),
      },
    ],
    silent: [50],
    firing: [130],
  },
];

/** The series of a sick JVM among those of jprof, and when its alert fires. */
export function scenarioOf(sickness: Sickness): RuleScenario {
  const { alert, what, kind, collections = [], silent, firing } = sickness;
  const jvm = healthyJvm({ kind, service: "sick", pid: "7", startedAt: sickness.startedAt ?? -100_000 });
  const changed = (sickness.changes ?? []).reduce(withChange, jvm);
  return {
    name: `${alert}: ${what}`,
    lastMinute: Math.max(...firing, ...silent),
    intervalMinutes: 2,
    series: scraped([...changed, ...collections.flatMap((gc) => histogramOf(gc, identity)), ...healthyJprof()]),
    expectations: [
      ...silent.map((minutes) => ({ alert, minutes, firing: [] })),
      ...firing.map((minutes) => ({ alert, minutes, firing: [{ ...place, ...identity, ...sickness.labels }] })),
    ],
  };
}

function withChange(
  series: readonly SyntheticSeries[],
  { metric, labels = {}, at }: Change,
): readonly SyntheticSeries[] {
  const name = prometheusName(catalogue.find((known) => known.name === metric)!);
  const fits = (one: SyntheticSeries) =>
    one.name === name && Object.entries(labels).every(([label, value]) => one.labels[prometheusLabel(label)] === value);
  if (!series.some(fits)) throw new Error(`no series ${metric} ${JSON.stringify(labels)}`);
  return series.map((one) => (fits(one) ? { ...one, at } : one));
}
