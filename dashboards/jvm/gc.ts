import { allocationStalls, concurrent, forcedFullCollections, fullCollections, pause } from "../gc-series.ts";
import {
  gcCpuTime,
  gcDuration,
  gcEventsLost,
  gcEventsMerged,
  gcOverhead,
  jvmCpuCount,
  safepointApplicationTime,
  safepointCount,
  safepointSyncTime,
  safepointTime,
  vmThreadCpuTime,
} from "../metrics.ts";
import type { PanelSpec, TimeseriesSpec } from "../panels.ts";
import { bucketsOf, countOf, sum, sumOf } from "../promql.ts";
import { interval, jvm } from "../scope.ts";

const buckets = `sum by (le) (rate(${jvm(bucketsOf(gcDuration), pause)}[${interval}]))`;
const quantile = (q: number) => `histogram_quantile(${q}, ${buckets})`;
const rate = (selector: string) => `rate(${selector}[${interval}])`;

/** How often each length of pause came. */
export const pauseHeatmap: PanelSpec = {
  title: "GC pauses, heatmap",
  about:
    "How many pauses of each length; the darker the more. Concurrent phases do not count: the program runs meanwhile.",
  unit: "s",
  queries: { "{{le}}": `sum by (le) (increase(${jvm(bucketsOf(gcDuration), pause)}[${interval}]))` },
  runbooks: ["GcPauseLong"],
};

/** Collections: how long, how often, why, and what they cost. */
export const gcPanels: readonly TimeseriesSpec[] = [
  {
    title: "GC pauses, quantiles",
    about: "Half of the pauses, nine of ten, 99 of a hundred were shorter.",
    unit: "s",
    queries: { p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99) },
    logarithmic: true,
    runbooks: ["GcPauseLong"],
  },
  {
    title: "GC overhead",
    about: "Share of wall time in pauses: as jprof computed it, and as Prometheus does.",
    unit: "percentunit",
    queries: {
      "as jprof says": jvm(gcOverhead),
      "by pauses": sum(gcDuration, rate(jvm(sumOf(gcDuration), pause))),
    },
    runbooks: ["GcOverheadHigh"],
  },
  {
    title: "Time in pauses, by cause",
    about: "Seconds of pause per second.",
    unit: "percentunit",
    queries: {
      "{{jvm_gc_cause}} ({{jvm_gc_action}})": sum(gcDuration, rate(jvm(sumOf(gcDuration), pause)), [
        "jvm.gc.cause",
        "jvm.gc.action",
      ]),
    },
    stacked: true,
    runbooks: ["GcOverheadHigh"],
  },
  {
    title: "Pauses per second, by cause",
    about: "How often the program is stopped, and why.",
    unit: "cps",
    queries: {
      "{{jvm_gc_cause}} ({{jvm_gc_action}})": sum(gcDuration, rate(jvm(countOf(gcDuration), pause)), [
        "jvm.gc.cause",
        "jvm.gc.action",
      ]),
    },
    stacked: true,
  },
  {
    title: "Paused and concurrent",
    about:
      "Time in pauses stops the program; concurrent work takes its CPUs. Serial and Parallel have none of the latter.",
    unit: "percentunit",
    queries: {
      "paused: {{jvm_gc_name}}": sum(gcDuration, rate(jvm(sumOf(gcDuration), pause)), ["jvm.gc.name"]),
      "concurrent: {{jvm_gc_name}}": sum(gcDuration, rate(jvm(sumOf(gcDuration), concurrent)), ["jvm.gc.name"]),
    },
  },
  {
    title: "Collections of the last resort",
    about: "Full collections by cause, and those that began since threads already waited for memory (ZGC).",
    unit: "short",
    queries: {
      "full: {{jvm_gc_cause}}": fullCollections(jvm, interval),
      "full, not asked for": forcedFullCollections(jvm, interval),
      "allocation stalls": allocationStalls(jvm, interval),
    },
    runbooks: ["GcStall"],
  },
  {
    title: "CPU time of the collector",
    about: "As a share of all CPUs of the JVM, by task. JDK 22 and newer; ZGC and Shenandoah do not tell.",
    unit: "percentunit",
    queries: {
      "{{jprof_gc_task}}": `${rate(jvm(gcCpuTime))} / ignoring (jprof_gc_task) group_left () ${jvm(jvmCpuCount)}`,
      "VM thread": `${rate(jvm(vmThreadCpuTime))} / ${jvm(jvmCpuCount)}`,
    },
    stacked: true,
  },
  {
    title: "Collections seen inexactly",
    about:
      "Several fell between two looks, so that only their mean is known, or their length is lost. The histogram is less exact by as much.",
    unit: "short",
    queries: {
      merged: `increase(${jvm(gcEventsMerged)}[${interval}])`,
      lost: `increase(${jvm(gcEventsLost)}[${interval}])`,
    },
  },
];

/** Every stop of the program, those for collections too. */
export const safepointPanels: readonly TimeseriesSpec[] = [
  {
    title: "Time stopped",
    about: "Share of wall time at safepoints, the part of it until all threads had stopped, and the rest.",
    unit: "percentunit",
    queries: {
      stopped: rate(jvm(safepointTime)),
      "until stopped": rate(jvm(safepointSyncTime)),
      running: rate(jvm(safepointApplicationTime)),
    },
    runbooks: ["SafepointSlow"],
  },
  {
    title: "Time to safepoint",
    about: "Until the slowest thread has stopped, on average.",
    unit: "s",
    queries: { mean: `${rate(jvm(safepointSyncTime))} / (${rate(jvm(safepointCount))} > 0)` },
    runbooks: ["SafepointSlow"],
  },
  {
    title: "Safepoints per second",
    about: "Collections, and whatever else needs all threads to stand still.",
    unit: "cps",
    queries: { safepoints: rate(jvm(safepointCount)) },
  },
];
