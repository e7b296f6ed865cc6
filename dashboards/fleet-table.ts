import type * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { pause } from "./gc-series.ts";
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
} from "./metrics.ts";
import { bucketsOf, sum } from "./promql.ts";
import { fleet, identityColumns, identityLabels } from "./scope.ts";
import { type Column, tablePanel } from "./table-panel.ts";

const perJvm = (expression: string) => `max by (${identityLabels}) (${expression})`;

/** The longest pause of one in a hundred, over the last ten minutes. */
export const fleetPauseP99 = `histogram_quantile(0.99, ${sum(gcDuration, `rate(${fleet(bucketsOf(gcDuration), pause)}[10m])`)}) >= 0`;

const columns: readonly Column[] = [
  {
    title: "Live heap",
    expression: perJvm(`${fleet(heapLive)} / ${fleet(heapLimit)}`),
    unit: "percentunit",
    steps: [
      { from: 0, color: "green" },
      { from: 0.75, color: "yellow" },
      { from: 0.9, color: "red" },
    ],
  },
  {
    title: "Heap full in",
    expression: perJvm(fleet(heapTimeToFull)),
    unit: "dtdurations",
    steps: [
      { from: 0, color: "red" },
      { from: 3600, color: "yellow" },
      { from: 86_400, color: "green" },
    ],
  },
  {
    title: "GC pause p99",
    expression: perJvm(fleetPauseP99),
    unit: "s",
    steps: [
      { from: 0, color: "green" },
      { from: 0.5, color: "yellow" },
      { from: 1, color: "red" },
    ],
  },
  {
    title: "GC overhead",
    expression: perJvm(fleet(gcOverhead)),
    unit: "percentunit",
    steps: [
      { from: 0, color: "green" },
      { from: 0.05, color: "yellow" },
      { from: 0.15, color: "red" },
    ],
  },
  { title: "RSS", expression: perJvm(fleet(processMemoryUsage)), unit: "bytes" },
  {
    title: "Container",
    expression: perJvm(`${fleet(containerMemoryUnreclaimable)} / ${fleet(containerMemoryLimit)}`),
    unit: "percentunit",
    steps: [
      { from: 0, color: "green" },
      { from: 0.85, color: "yellow" },
      { from: 0.93, color: "red" },
    ],
  },
  { title: "Killed in", expression: perJvm(fleet(containerTimeToLimit)), unit: "dtdurations" },
  { title: "CPU", expression: perJvm(fleet(cpuRecentUtilization)), unit: "percentunit" },
  { title: "Up", expression: perJvm(fleet(processUptime)), unit: "dtdurations" },
  {
    title: "Info",
    expression: `max by (${identityLabels}, jprof_jvm_version, jprof_gc_collector) (${fleet(jvmInfo)})`,
    unit: "short",
    hidden: true,
  },
];

/** Every JVM in one line, those with the fullest heap first. */
export function fleetTable(): dashboard.Panel {
  return tablePanel({
    title: "Every JVM, the fullest heap first",
    about:
      "Live heap is what stays in use after a collection, as a share of what the heap may grow to. Container is the memory that the kernel cannot drop, as a share of the limit at which it kills. An empty cell is a value that jprof cannot get: see what is missing, below.",
    columns,
    labels: {
      ...identityColumns,
      JDK: "jprof_jvm_version",
      GC: "jprof_gc_collector",
    },
    sortBy: "Live heap",
    height: 12,
    runbooks: ["HeapNearlyFull", "ContainerMemoryNearLimit", "GcOverheadHigh"],
    link: {
      title: "Open this JVM",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills it in
      url: "/d/jprof-jvm?var-service_name=${__data.fields.Service}&var-process_pid=${__data.fields.PID}&var-instance=${__data.fields.Instance}&${datasource:queryparam}&${cluster:queryparam}&${namespace:queryparam}&${__url_time_range}",
    },
  });
}
