import type * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { pause } from "../gc-series.ts";
import {
  containerMemoryLimit,
  containerMemoryUnreclaimable,
  containerTimeToLimit,
  cpuRecentUtilization,
  gcDuration,
  gcOverhead,
  heapLimit,
  heapLive,
  heapTimeToFull,
  jvmInfo,
  processMemoryUsage,
  processUptime,
  sourceInfo,
} from "../metrics.ts";
import { type PanelSpec, type Step, statPanel } from "../panels.ts";
import { bucketsOf } from "../promql.ts";
import { jvm } from "../scope.ts";
import { tablePanel } from "../table-panel.ts";

const soon: readonly Step[] = [
  { from: 0, color: "red" },
  { from: 3600, color: "yellow" },
  { from: 86_400, color: "green" },
];

const stats: readonly PanelSpec[] = [
  {
    title: "Live heap",
    about: "Of what the heap may grow to; after collections.",
    unit: "percentunit",
    queries: { live: `${jvm(heapLive)} / ${jvm(heapLimit)}` },
    steps: steps(0.75, 0.9),
    runbooks: ["HeapNearlyFull"],
  },
  {
    title: "Heap full in",
    about: "At the slope of the last minutes.",
    unit: "dtdurations",
    queries: { "full in": jvm(heapTimeToFull) },
    steps: soon,
    noValue: "does not grow",
    runbooks: ["HeapFullSoon"],
  },
  {
    title: "GC overhead",
    about: "Share of wall time in pauses.",
    unit: "percentunit",
    queries: { overhead: jvm(gcOverhead) },
    steps: steps(0.05, 0.15),
    runbooks: ["GcOverheadHigh"],
  },
  {
    title: "Pause p99",
    about: "One pause in a hundred takes longer, over the time that is shown.",
    unit: "s",
    queries: {
      p99: `histogram_quantile(0.99, sum by (le) (increase(${jvm(bucketsOf(gcDuration), pause)}[$__range])))`,
    },
    steps: steps(0.5, 1),
    runbooks: ["GcPauseLong"],
  },
  {
    title: "RSS",
    about: "Memory of the process that is in RAM.",
    unit: "bytes",
    queries: { RSS: jvm(processMemoryUsage) },
  },
  {
    title: "Container memory",
    about: "What the kernel cannot drop, of the limit at which it kills.",
    unit: "percentunit",
    queries: { taken: `${jvm(containerMemoryUnreclaimable)} / ${jvm(containerMemoryLimit)}` },
    steps: steps(0.85, 0.93),
    noValue: "no limit",
    runbooks: ["ContainerMemoryNearLimit"],
  },
  {
    title: "Killed in",
    about: "At the slope of the last minutes.",
    unit: "dtdurations",
    queries: { "killed in": jvm(containerTimeToLimit) },
    steps: soon,
    noValue: "does not grow",
    runbooks: ["ContainerMemoryTimeToLimit"],
  },
  {
    title: "CPU",
    about: "Of the CPUs that it may use.",
    unit: "percentunit",
    queries: { CPU: jvm(cpuRecentUtilization) },
  },
  { title: "Up", about: "Since it began.", unit: "dtdurations", queries: { up: jvm(processUptime) } },
];

/** The state of the JVM at a glance, and which JVM it is. */
export function overviewPanels(): readonly dashboard.Panel[] {
  return [
    ...stats.map((spec) => statPanel({ width: 4, ...spec })),
    tablePanel({
      title: "Which JVM",
      about: "Version, vendor, collector and main class.",
      width: 12,
      height: 4,
      columns: [
        {
          title: "Info",
          expression: `max by (jprof_jvm_version, jprof_jvm_vendor, jprof_gc_collector, jprof_jvm_main) (${jvm(jvmInfo)})`,
          unit: "short",
          hidden: true,
        },
      ],
      labels: {
        JDK: "jprof_jvm_version",
        Vendor: "jprof_jvm_vendor",
        GC: "jprof_gc_collector",
        Main: "jprof_jvm_main",
      },
      sortBy: "JDK",
    }),
    tablePanel({
      title: "Where the numbers come from",
      about: "By collector. `jprof doctor` says how to get more.",
      width: 24,
      height: 6,
      columns: [
        {
          title: "Info",
          expression: `max by (jprof_collector, jprof_source) (${jvm(sourceInfo)})`,
          unit: "short",
          hidden: true,
        },
      ],
      labels: { Collector: "jprof_collector", Source: "jprof_source" },
      sortBy: "Collector",
      ascending: true,
    }),
  ];
}

function steps(yellow: number, red: number): readonly Step[] {
  return [
    { from: 0, color: "green" },
    { from: yellow, color: "yellow" },
    { from: red, color: "red" },
  ];
}
