import type { ExportedTarget } from "../../src/model/exporter.ts";
import type { Labels, Metric, Sample } from "../../src/model/metric.ts";
import { drawnAtMillis, metricOf, sampleOf, targetOf } from "./drawn-samples.ts";

export interface DrawnPoll {
  readonly target: ExportedTarget;
  readonly current: readonly Sample[];
  readonly observations: readonly Sample[];
}

/** The metrics of a JVM that every naming knows, and some that only jprof has, with the label sets of a G1 JVM. */
const drawn: readonly (readonly [string, readonly Labels[]])[] = [
  ...["used By", "committed By", "limit By", "init By", "used_after_last_gc By"].map(
    (metric) => [`jvm.memory.${metric} updowncounter`, pools()] as const,
  ),
  ...["used By", "committed By", "limit By", "live By"].map(
    (metric) => [`jprof.heap.${metric} updowncounter`, [{}]] as const,
  ),
  ["jvm.thread.count {thread} updowncounter", threads()],
  ["jprof.thread.started {thread} counter", [{}]],
  ["jprof.thread.peak {thread} gauge", [{}]],
  ["jprof.thread.deadlocked {thread} gauge", [{}]],
  ["jvm.class.loaded {class} counter", [{}]],
  ["jvm.class.unloaded {class} counter", [{}]],
  ["jvm.class.count {class} updowncounter", [{}]],
  ["jprof.jit.time s counter", [{}]],
  ["jvm.buffer.memory.used By updowncounter", labelled("jvm.buffer.pool.name", "direct", "mapped")],
  ["jvm.buffer.memory.limit By updowncounter", labelled("jvm.buffer.pool.name", "direct", "mapped")],
  ["jvm.buffer.count {buffer} updowncounter", labelled("jvm.buffer.pool.name", "direct", "mapped")],
  ["jvm.memory.allocation By counter", labelled("jprof.allocation.quality", "exact")],
  ["jprof.memory.promotion By counter", [{}]],
  ["jprof.gc.overhead 1 gauge", [{}]],
  ["jvm.cpu.time s counter", [{}]],
  ["jvm.cpu.count {cpu} updowncounter", [{}]],
  ["jvm.cpu.recent_utilization 1 gauge", [{}]],
  ["process.cpu.time s counter", labelled("cpu.mode", "user", "system")],
  ["process.uptime s gauge", [{}]],
  ["process.memory.usage By updowncounter", [{}]],
  ["process.memory.virtual By updowncounter", [{}]],
  ["process.thread.count {thread} updowncounter", [{}]],
  ["process.unix.file_descriptor.count {file_descriptor} updowncounter", [{}]],
  ["jvm.file_descriptor.limit {file_descriptor} updowncounter", [{}]],
  ["jprof.process.memory.swap By updowncounter", [{}]],
  ["jprof.nmt.reserved By updowncounter", labelled("jprof.nmt.category", "Java Heap", "Class", "Thread")],
  ["jprof.nmt.committed By updowncounter", labelled("jprof.nmt.category", "Java Heap", "Class", "Thread")],
  ["jprof.jvm.info {jvm} gauge", [{ "jprof.jvm.version": "25.0.3", "jprof.jvm.vendor": "Eclipse Adoptium" }]],
  ["jprof.heap.live.slope By/s gauge", [{}]],
];

const declared = drawn.map(([text, labels]) => [metricOf(text, ...Object.keys(labels[0] ?? {})), labels] as const);
const pause: Metric = metricOf(
  "jvm.gc.duration s histogram",
  "jvm.gc.name",
  "jvm.gc.action",
  "jvm.gc.cause",
  "jprof.gc.kind",
);

/** One poll of each of `jvms` JVMs; with `extraSeries`, each has so many more of one metric. */
export function drawnAgent(jvms: number, extraSeries = 0): readonly DrawnPoll[] {
  return Array.from({ length: jvms }, (_, index) => {
    const pid = 1000 + index;
    const extra = metricOf("jprof.class.bytes By gauge", "jprof.class.name");
    const current = [
      ...declared.flatMap(([metric, all], place) =>
        all.map((labels, n) => sampleOf(metric, 1000 * place + n + pid, labels)),
      ),
      ...Array.from({ length: extraSeries }, (_each, n) =>
        sampleOf(extra, n * 100, { "jprof.class.name": `java.util.C${n}` }),
      ),
    ];
    const observations = collections().map((labels, n) => sampleOf(pause, 0.002 * (n + 1), labels, drawnAtMillis));
    return { target: targetOf(pid, { "k8s.pod.name": `kafka-${index}` }), current, observations };
  });
}

function pools(): readonly Labels[] {
  const heap = ["G1 Eden Space", "G1 Survivor Space", "G1 Old Gen"];
  const others = [
    "Metaspace",
    "Compressed Class Space",
    "CodeHeap 'non-nmethods'",
    "CodeHeap 'profiled nmethods'",
    "CodeHeap 'non-profiled nmethods'",
  ];
  return [...heap.map((name) => [name, "heap"]), ...others.map((name) => [name, "non_heap"])].map(
    ([name = "", type = ""]) => ({
      "jvm.memory.pool.name": name,
      "jvm.memory.type": type,
    }),
  );
}

function threads(): readonly Labels[] {
  return ["new", "runnable", "blocked", "waiting", "timed_waiting", "terminated"].flatMap((state) =>
    ["true", "false"].map((daemon) => ({ "jvm.thread.daemon": daemon, "jvm.thread.state": state })),
  );
}

function labelled(label: string, ...values: readonly string[]): readonly Labels[] {
  return values.map((value) => ({ [label]: value }));
}

function collections(): readonly Labels[] {
  return [
    ["G1 Young Generation", "end of minor GC", "G1 Evacuation Pause", "pause"],
    ["G1 Old Generation", "end of major GC", "System.gc()", "pause"],
    ["G1 Concurrent GC", "end of concurrent GC pause", "No GC", "pause"],
    ["ZGC Major Cycles", "end of GC cycle", "Proactive", "concurrent"],
  ].map(([name = "", action = "", cause = "", kind = ""]) => ({
    "jvm.gc.name": name,
    "jvm.gc.action": action,
    "jvm.gc.cause": cause,
    "jprof.gc.kind": kind,
  }));
}
