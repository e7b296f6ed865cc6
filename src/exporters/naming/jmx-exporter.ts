import type { Labels, Metric } from "../../model/metric.ts";
import type { Naming, Renaming } from "./naming.ts";

/**
 * The names that jmx_exporter 1.0 and client_java 1.x give a JVM. `jvm_memory_used_bytes` and `jvm_memory_committed_bytes` are names of the
 * semantic conventions too, which have them by pool; here they are by area, and by pool in `jvm_memory_pool_…`. Where there is no limit, no
 * `…_max_bytes` is said in place of their -1.
 */
export const jmxExporterNaming: Naming = {
  name: "jmx_exporter",
  targetLabels: {},
  startTime: gauge("process.start.time", "s", "When the process began, in seconds since 1970."),
  renamings: [
    ...pools(),
    ...areas(),
    ...collections(),
    ...threads(),
    ...classesAndCompiler(),
    ...native(),
    ...ofProcess(),
  ],
};

function pools(): readonly Renaming[] {
  const labels = ({ "jvm.memory.pool.name": pool = "" }: Labels) => ({ pool });
  const to = (what: string, help: string) => gauge(`jvm.memory.pool.${what}`, "By", help, ["pool"]);
  return [
    { from: "jvm.memory.used", to: to("used", "Memory in use, by pool."), labels },
    { from: "jvm.memory.committed", to: to("committed", "Committed memory, by pool."), labels },
    { from: "jvm.memory.limit", to: to("max", "The most memory that a pool may have."), labels },
    { from: "jvm.memory.init", to: to("init", "Memory that a pool began with."), labels },
    {
      from: "jvm.memory.used_after_last_gc",
      to: to("collection_used", "Memory in use after the last collection, by pool."),
      labels,
    },
  ];
}

/** The heap as a whole, since pools may share one maximum; what is not heap as the sum of its pools. */
function areas(): readonly Renaming[] {
  const heap = () => ({ area: "heap" });
  const nonHeap = ({ "jvm.memory.type": type }: Labels) => (type === "non_heap" ? { area: "nonheap" } : undefined);
  const used = gauge("jvm.memory.used", "By", "Memory in use, by area.", ["area"]);
  const committed = gauge("jvm.memory.committed", "By", "Committed memory, by area.", ["area"]);
  const max = gauge("jvm.memory.max", "By", "The most memory that an area may have.", ["area"]);
  return [
    { from: "jprof.heap.used", to: used, labels: heap },
    { from: "jprof.heap.committed", to: committed, labels: heap },
    { from: "jprof.heap.limit", to: max, labels: heap },
    { from: "jvm.memory.used", to: used, labels: nonHeap },
    { from: "jvm.memory.committed", to: committed, labels: nonHeap },
  ];
}

function collections(): readonly Renaming[] {
  const to: Metric = {
    name: "jvm.gc.collection",
    unit: "s",
    kind: "histogram",
    help: "Time of collections, by collector.",
    labels: ["gc"],
    stability: "development",
    buckets: [],
  };
  return [{ from: "jvm.gc.duration", to, labels: ({ "jvm.gc.name": gc = "" }) => ({ gc }) }];
}

function threads(): readonly Renaming[] {
  const from = "jvm.thread.count";
  return [
    { from, to: gauge("jvm.threads.current", "", "Threads that live.") },
    {
      from,
      to: gauge("jvm.threads.daemon", "", "Daemon threads that live."),
      labels: ({ "jvm.thread.daemon": daemon }) => (daemon === "true" ? {} : undefined),
    },
    {
      from,
      to: gauge("jvm.threads.state", "", "Threads by state.", ["state"]),
      labels: ({ "jvm.thread.state": state }) => (state === undefined ? undefined : { state: state.toUpperCase() }),
    },
    { from: "jprof.thread.peak", to: gauge("jvm.threads.peak", "", "The most threads that lived at one time.") },
    { from: "jprof.thread.started", to: counter("jvm.threads.started", "", "Threads started.") },
    { from: "jprof.thread.deadlocked", to: gauge("jvm.threads.deadlocked", "", "Threads in a deadlock.") },
  ];
}

function classesAndCompiler(): readonly Renaming[] {
  return [
    { from: "jvm.class.count", to: gauge("jvm.classes.currently_loaded", "", "Classes that are loaded.") },
    { from: "jvm.class.loaded", to: counter("jvm.classes.loaded", "", "Classes loaded.") },
    { from: "jvm.class.unloaded", to: counter("jvm.classes.unloaded", "", "Classes unloaded.") },
    { from: "jprof.jit.time", to: counter("jvm.compilation.time", "s", "Time spent compiling.") },
    {
      from: "jprof.jvm.info",
      to: gauge("jvm.runtime_info", "", "The JVM's version.", ["vendor", "version"]),
      labels: ({ "jprof.jvm.vendor": vendor = "", "jprof.jvm.version": version = "" }) => ({ vendor, version }),
      keepsOwn: true,
    },
  ];
}

function native(): readonly Renaming[] {
  const pool = ({ "jvm.buffer.pool.name": name = "" }: Labels) => ({ pool: name });
  const category = ({ "jprof.nmt.category": name = "" }: Labels) => ({ pool: name });
  const to = (name: string, unit: string, help: string) => gauge(name, unit, help, ["pool"]);
  return [
    { from: "jvm.buffer.memory.used", to: to("jvm.buffer.pool.used", "By", "Memory of buffers."), labels: pool },
    { from: "jvm.buffer.memory.limit", to: to("jvm.buffer.pool.capacity", "By", "Capacity of buffers."), labels: pool },
    { from: "jvm.buffer.count", to: to("jvm.buffer.pool.used_buffers", "", "Buffers."), labels: pool },
    { from: "jprof.nmt.reserved", to: to("jvm.native_memory.reserved", "By", "Reserved memory."), labels: category },
    { from: "jprof.nmt.committed", to: to("jvm.native_memory.committed", "By", "Committed memory."), labels: category },
  ];
}

function ofProcess(): readonly Renaming[] {
  return [
    { from: "jvm.cpu.time", to: counter("process.cpu", "s", "CPU time of the process.") },
    { from: "process.unix.file_descriptor.count", to: gauge("process.open_fds", "", "Open file descriptors.") },
    { from: "jvm.file_descriptor.limit", to: gauge("process.max_fds", "", "The most open file descriptors.") },
    { from: "process.memory.usage", to: gauge("process.resident_memory", "By", "Resident memory.") },
    { from: "process.memory.virtual", to: gauge("process.virtual_memory", "By", "Virtual memory.") },
  ];
}

function gauge(name: string, unit: string, help: string, labels: readonly string[] = []): Metric {
  return { name, unit, kind: "gauge", help, labels, stability: "development" };
}

function counter(name: string, unit: string, help: string): Metric {
  return { name, unit, kind: "counter", help, labels: [], stability: "development" };
}
