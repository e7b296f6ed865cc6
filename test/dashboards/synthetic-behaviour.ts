import type { Labels } from "../../src/model/metric.ts";
import { type CollectorKind, liveShareOf, poolsOf } from "./synthetic-gc.ts";

/** A value over time; undefined: there is none. */
export type At = (seconds: number) => number | undefined;

/** One series of a metric, by the metric's own labels. */
export interface Part {
  readonly labels: Labels;
  readonly at: At;
}

const gib = 1024 ** 3;
export const mib = 1024 ** 2;
export const heapBytes = 4 * gib;
export const containerBytes = 6 * gib;

/** What each metric of a healthy JVM does, by seconds since the JVM began. */
export function behaviourOf(kind: CollectorKind): Readonly<Record<string, readonly Part[]>> {
  return { ...heapOf(kind), ...nativeOf(), ...containerOf(), ...programOf(kind), ...watchedOf() };
}

function heapOf(kind: CollectorKind): Readonly<Record<string, readonly Part[]>> {
  const live = (seconds: number) => liveShareOf[kind](seconds) * Math.min(1, 0.3 + seconds / 2400) * heapBytes;
  const used = (seconds: number) => Math.min(0.97 * heapBytes, live(seconds) + sawtoothGarbage(seconds) * heapBytes);
  const one = (at: At): readonly Part[] => [{ labels: {}, at }];
  const pools = (bytes: (pool: (typeof poolsOf)[CollectorKind][number]) => At | undefined): readonly Part[] =>
    poolsOf[kind].flatMap((pool) => {
      const at = bytes(pool);
      const labels = { "jvm.memory.pool.name": pool.name, "jvm.memory.type": "heap" };
      return at === undefined ? [] : [{ labels, at }];
    });
  return {
    "jprof.heap.used": one(used),
    "jprof.heap.live": one(live),
    "jprof.heap.committed": one(settling(heapBytes / 4, heapBytes, 3600)),
    "jprof.heap.limit": one(() => heapBytes),
    "jprof.heap.live.slope": one(() => heapBytes / 20_000),
    "jprof.heap.time_to_full": one((seconds) => (heapBytes - live(seconds)) / (heapBytes / 20_000)),
    "jvm.memory.used": [
      ...pools(
        ({ usedShare }) =>
          () =>
            usedShare * heapBytes,
      ),
      ...nonHeapPools("used"),
    ],
    "jvm.memory.committed": [
      ...pools(
        ({ usedShare }) =>
          () =>
            usedShare * heapBytes,
      ),
      ...nonHeapPools("committed"),
    ],
    "jvm.memory.limit": [
      ...pools(({ limitShare }) => (limitShare === undefined ? undefined : () => limitShare * heapBytes)),
      ...nonHeapPools("limit"),
    ],
    "jvm.memory.init": pools(() => () => 8 * mib),
    "jvm.memory.used_after_last_gc": pools(
      ({ usedShare }) =>
        () =>
          usedShare * heapBytes * 0.8,
    ),
    "jprof.gc.overhead": one(() => 0.01),
  };
}

function sawtoothGarbage(seconds: number): number {
  return 0.4 * ((seconds % 15) / 15);
}

function nonHeapPools(what: "used" | "committed" | "limit"): readonly Part[] {
  const used: Readonly<Record<string, At>> = {
    Metaspace: settling(10 * mib, 160 * mib, 3000),
    "Compressed Class Space": settling(mib, 20 * mib, 3000),
    "CodeHeap 'profiled nmethods'": swinging(90 * mib, 0.05, 4000),
    "CodeHeap 'non-profiled nmethods'": settling(0, 40 * mib, 7000),
  };
  const limits: Readonly<Record<string, number>> = {
    "Compressed Class Space": gib,
    "CodeHeap 'profiled nmethods'": 120 * mib,
    "CodeHeap 'non-profiled nmethods'": 120 * mib,
  };
  const chosen: Readonly<Record<string, At>> =
    what === "limit" ? Object.fromEntries(Object.entries(limits).map(([name, bytes]) => [name, () => bytes])) : used;
  return Object.entries(chosen).map(([name, at]) => ({
    labels: { "jvm.memory.pool.name": name, "jvm.memory.type": "non_heap" },
    at,
  }));
}

function nativeOf(): Readonly<Record<string, readonly Part[]>> {
  const category = "jprof.nmt.category";
  const committed = parts(category, {
    "Java Heap": settling(gib, 4 * gib, 3600),
    Class: settling(mib, 20 * mib, 3000),
    Metaspace: settling(10 * mib, 160 * mib, 3000),
    Thread: swinging(200 * mib, 0.1, 5000),
    Code: settling(5 * mib, 140 * mib, 7000),
    GC: settling(50 * mib, 180 * mib, 3600),
    Other: swinging(300 * mib, 0.3, 9000),
    Internal: settling(mib, 12 * mib, 9000),
  });
  return {
    "jprof.nmt.committed": committed,
    "jprof.nmt.reserved": committed,
    "jprof.nmt.malloc": committed,
    "jprof.nmt.mmap": committed,
    "process.memory.usage": [{ labels: {}, at: settling(gib, 4.8 * gib, 5400) }],
    "jprof.process.memory.untracked": [{ labels: {}, at: settling(30 * mib, 400 * mib, 5400) }],
    "jprof.process.memory.resident": parts("jprof.memory.kind", {
      anonymous: settling(gib, 4.7 * gib, 5400),
      file: () => 60 * mib,
      shmem: () => 0,
    }),
    "jvm.buffer.memory.used": parts("jvm.buffer.pool.name", {
      direct: swinging(300 * mib, 0.3, 9000),
      mapped: () => 0,
    }),
  };
}

function containerOf(): Readonly<Record<string, readonly Part[]>> {
  const one = (at: At): readonly Part[] => [{ labels: {}, at }];
  const taken = settling(gib, 5.2 * gib, 5400);
  return {
    "container.memory.usage": one(() => 0.99 * containerBytes),
    "container.memory.working_set": one(() => 0.985 * containerBytes),
    "container.memory.rss": one(taken),
    "jprof.container.memory.unreclaimable": one(taken),
    "jprof.container.memory.limit": one(() => containerBytes),
    "jprof.container.memory.time_to_limit": one((seconds) => (seconds < 5400 ? 1200 + seconds : undefined)),
    "jprof.container.memory.events": parts("jprof.cgroup.event", { max: (seconds) => seconds / 10, oom_kill: () => 3 }),
    "jprof.container.cpu.periods": one((seconds) => seconds * 10),
    "jprof.container.cpu.throttled.periods": one((seconds) => Math.min(seconds, 400) * 9 + seconds * 0.8),
    "jprof.container.cpu.throttled.time": one((seconds) => Math.min(seconds, 400) * 1.5 + seconds * 0.02),
    "jprof.pressure.stall.time": ["cpu", "memory", "io"].flatMap((resource) =>
      ["some", "full"].flatMap((scope) =>
        ["container", "host"].map((of) => ({
          labels: { "jprof.pressure.resource": resource, "jprof.pressure.scope": scope, "jprof.pressure.of": of },
          at: (seconds: number) => seconds * (scope === "some" ? 0.05 : 0.01),
        })),
      ),
    ),
  };
}

function programOf(kind: CollectorKind): Readonly<Record<string, readonly Part[]>> {
  const one = (at: At): readonly Part[] => [{ labels: {}, at }];
  return {
    "jvm.thread.count": [
      { labels: { "jvm.thread.daemon": "true" }, at: settling(20, 120, 1800) },
      { labels: { "jvm.thread.daemon": "false" }, at: swinging(150, 0.6, 9000) },
    ],
    "jprof.thread.deadlocked": one(() => 0),
    "jprof.fsync.p99": one(() => 0.012),
    "jvm.class.count": one(settling(2000, 30_000, 3000)),
    "jvm.file_descriptor.count": one(swinging(900, 0.2, 4000)),
    "jvm.file_descriptor.limit": one(() => 4096),
    "process.uptime": one((seconds) => seconds),
    "jprof.safepoint.count": one((seconds) => seconds / 4),
    "jprof.safepoint.time": one((seconds) => seconds * 0.012),
    "jprof.safepoint.sync.time": one((seconds) => seconds * 0.0001),
    "jprof.code_cache.compilation.enabled": one(() => 1),
    "jprof.jvm.info": [
      {
        labels: {
          "jprof.jvm.version": "25.0.3",
          "jprof.jvm.vendor": "Eclipse Adoptium",
          "jprof.gc.collector": kind,
          "jprof.jvm.main": "service.jar",
        },
        at: () => 1,
      },
    ],
  };
}

function watchedOf(): Readonly<Record<string, readonly Part[]>> {
  const names = ["gc", "memory", "threads", "native-memory", "container"];
  const each = (at: At) => parts("jprof.collector", Object.fromEntries(names.map((name) => [name, at])));
  return {
    "jprof.collector.age": each(swinging(6, 0.5, 20)),
    "jprof.collector.up": each(() => 1),
    "jprof.collector.duration": each(() => 0.01),
    "jprof.target.up": [{ labels: {}, at: () => 1 }],
    "jprof.target.stopped.time": parts("jprof.command", { "GC.heap_info": (seconds) => seconds * 0.0002 }),
  };
}

function parts(label: string, values: Readonly<Record<string, At>>): readonly Part[] {
  return Object.entries(values).map(([value, at]) => ({ labels: { [label]: value }, at }));
}

/** Comes near `end` within about the given time, as a warm-up does. */
function settling(begin: number, end: number, time: number): At {
  return (seconds) => end + (begin - end) * Math.exp((-3 * seconds) / time);
}

/** Up and down with the load, about a middle. */
function swinging(middle: number, share: number, period: number): At {
  return (seconds) => middle * (1 + share * Math.sin((2 * Math.PI * seconds) / period));
}
