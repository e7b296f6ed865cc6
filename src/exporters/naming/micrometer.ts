import type { Labels, Metric } from "../../model/metric.ts";
import type { Naming, Renaming } from "./naming.ts";

/**
 * The names that Micrometer 1.15 gives a JVM in a Prometheus registry, and those of micrometer-jvm-extras for its memory; the dashboard
 * "JVM (Micrometer)" (Grafana 4701) asks for them. `jvm_memory_used_bytes`, `jvm_memory_committed_bytes` and `jvm_buffer_memory_used_bytes`
 * are names of the semantic conventions too, with other labels. Two things differ on purpose: a pool without a limit has no
 * `jvm_memory_max_bytes`, where Micrometer says -1, and every pause is in `jvm_gc_pause_seconds`, those of G1's concurrent cycle too.
 */
export const micrometerNaming: Naming = {
  name: "micrometer",
  targetLabels: { application: "service.name" },
  startTime: gauge("process.start.time", "s", "When the process began, in seconds since 1970."),
  renamings: [
    ...memory(),
    ...collections(),
    ...threads(),
    ...classesAndCompiler(),
    ...buffers(),
    ...processor(),
    ...processMemory(),
  ],
};

function memory(): readonly Renaming[] {
  const help = "Memory of a pool";
  const pool = ({ "jvm.memory.type": type, "jvm.memory.pool.name": id }: Labels) => ({
    area: areaOf(type),
    id: id ?? "",
  });
  const longLived = ({ "jvm.memory.pool.name": id }: Labels) => (isLongLived(id ?? "") ? {} : undefined);
  const labels = ["area", "id"];
  return [
    { from: "jvm.memory.used", to: gauge("jvm.memory.used", "By", `${help}: in use.`, labels), labels: pool },
    {
      from: "jvm.memory.committed",
      to: gauge("jvm.memory.committed", "By", `${help}: committed.`, labels),
      labels: pool,
    },
    {
      from: "jvm.memory.limit",
      to: gauge("jvm.memory.max", "By", `${help}: the most it may have.`, labels),
      labels: pool,
    },
    {
      from: "jvm.memory.limit",
      to: gauge("jvm.gc.max.data.size", "By", "The most that the pools of long-lived objects may have."),
      labels: longLived,
    },
    {
      from: "jvm.memory.used_after_last_gc",
      to: gauge("jvm.gc.live.data.size", "By", "In use in the pools of long-lived objects after the last collection."),
      labels: longLived,
      keepsOwn: true,
    },
  ];
}

function collections(): readonly Renaming[] {
  const labels = ["action", "cause", "gc"];
  const ofKind =
    (kind: string) =>
    ({ "jvm.gc.action": action = "", "jvm.gc.cause": cause = "", "jvm.gc.name": gc = "", ...rest }: Labels) =>
      rest["jprof.gc.kind"] === kind ? { action, cause, gc } : undefined;
  const pause = "Time that the program was stopped for a collection.";
  const phase = "Time that a collection went on beside the program.";
  const duration = "jvm.gc.duration";
  return [
    { from: duration, to: summary("jvm.gc.pause", pause, labels), labels: ofKind("pause") },
    { from: duration, to: gauge("jvm.gc.pause.seconds.max", "", pause, labels), labels: ofKind("pause") },
    { from: duration, to: summary("jvm.gc.concurrent.phase.time", phase, labels), labels: ofKind("concurrent") },
    {
      from: duration,
      to: gauge("jvm.gc.concurrent.phase.time.seconds.max", "", phase, labels),
      labels: ofKind("concurrent"),
    },
    { from: "jvm.memory.allocation", to: counter("jvm.gc.memory.allocated", "By", "Memory allocated.") },
    { from: "jprof.memory.promotion", to: counter("jvm.gc.memory.promoted", "By", "Memory that became long-lived.") },
    { from: "jprof.gc.overhead", to: gauge("jvm.gc.overhead", "", "Share of time spent in collections.") },
  ];
}

function threads(): readonly Renaming[] {
  const from = "jvm.thread.count";
  return [
    { from, to: gauge("jvm.threads.live", "threads", "Threads that live.") },
    {
      from,
      to: gauge("jvm.threads.daemon", "threads", "Daemon threads that live."),
      labels: ({ "jvm.thread.daemon": daemon }) => (daemon === "true" ? {} : undefined),
    },
    {
      from,
      to: gauge("jvm.threads.states", "threads", "Threads by state.", ["state"]),
      labels: ({ "jvm.thread.state": state }) =>
        state === undefined ? undefined : { state: state.replaceAll("_", "-") },
    },
    { from: "jprof.thread.peak", to: gauge("jvm.threads.peak", "threads", "The most threads that lived at one time.") },
    { from: "jprof.thread.started", to: counter("jvm.threads.started", "threads", "Threads started.") },
    { from: "jprof.thread.deadlocked", to: gauge("jvm.threads.deadlocked", "threads", "Threads in a deadlock.") },
  ];
}

function classesAndCompiler(): readonly Renaming[] {
  return [
    { from: "jvm.class.count", to: gauge("jvm.classes.loaded", "classes", "Classes that are loaded.") },
    { from: "jvm.class.unloaded", to: counter("jvm.classes.unloaded", "classes", "Classes unloaded.") },
    { from: "jprof.jit.time", to: counter("jvm.compilation.time.ms", "", "Time spent compiling."), scale: 1000 },
    {
      from: "jprof.jvm.info",
      to: gauge("jvm.info", "", "The JVM's version.", ["vendor", "version"]),
      labels: ({ "jprof.jvm.vendor": vendor = "", "jprof.jvm.version": version = "" }) => ({ vendor, version }),
      keepsOwn: true,
    },
  ];
}

function buffers(): readonly Renaming[] {
  const labels = ({ "jvm.buffer.pool.name": id = "" }: Labels) => ({ id });
  const to = (name: string, unit: string, help: string) => gauge(name, unit, help, ["id"]);
  return [
    { from: "jvm.buffer.memory.used", to: to("jvm.buffer.memory.used", "By", "Memory of buffers."), labels },
    { from: "jvm.buffer.memory.limit", to: to("jvm.buffer.total.capacity", "By", "Capacity of buffers."), labels },
    { from: "jvm.buffer.count", to: to("jvm.buffer.count", "buffers", "Buffers."), labels },
  ];
}

function processor(): readonly Renaming[] {
  return [
    { from: "jvm.cpu.recent_utilization", to: gauge("process.cpu.usage", "", "Share of all CPUs that the JVM uses.") },
    { from: "jvm.cpu.time", to: counter("process.cpu.time.ns", "", "CPU time of the JVM."), scale: 1e9 },
    { from: "jvm.cpu.count", to: gauge("system.cpu.count", "", "CPUs that the JVM may use.") },
    { from: "process.uptime", to: gauge("process.uptime", "s", "For how long the process has run.") },
    {
      from: "process.unix.file_descriptor.count",
      to: gauge("process.files.open", "files", "Open file descriptors."),
    },
    { from: "jvm.file_descriptor.limit", to: gauge("process.files.max", "files", "The most open file descriptors.") },
  ];
}

function processMemory(): readonly Renaming[] {
  return [
    { from: "process.memory.usage", to: gauge("process.memory.rss", "By", "Resident memory.") },
    { from: "process.memory.virtual", to: gauge("process.memory.vss", "By", "Virtual memory.") },
    { from: "jprof.process.memory.swap", to: gauge("process.memory.swap", "By", "Memory that is swapped out.") },
    { from: "process.thread.count", to: gauge("process.threads", "", "Threads of the process, native ones too.") },
  ];
}

function areaOf(type: string | undefined): string {
  return type === "non_heap" ? "nonheap" : (type ?? "");
}

function isLongLived(pool: string): boolean {
  return pool.endsWith("Old Gen") || ["Tenured Gen", "ZHeap", "ZGC Old Generation", "Shenandoah"].includes(pool);
}

function gauge(name: string, unit: string, help: string, labels: readonly string[] = []): Metric {
  return { name, unit, kind: "gauge", help, labels, stability: "development" };
}

function counter(name: string, unit: string, help: string): Metric {
  return { name, unit, kind: "counter", help, labels: [], stability: "development" };
}

function summary(name: string, help: string, labels: readonly string[]): Metric {
  return { name, unit: "s", kind: "histogram", help, labels, stability: "development", buckets: [] };
}
