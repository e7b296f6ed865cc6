import type { DashboardSpec } from "./build.ts";
import {
  collectorAge,
  collectorDuration,
  collectorUp,
  processCpuTime,
  processMemoryUsage,
  processUptime,
  scrapeDuration,
  seriesDropped,
  sourceInfo,
  targetCount,
  targetRequests,
  targetRequestTime,
  targetStoppedTime,
  targetUp,
  tickLag,
} from "./metrics.ts";
import { type TimeseriesSpec, timeseriesPanel } from "./panels.ts";
import { sum } from "./promql.ts";
import { interval, jprof, jprofProcess } from "./scope.ts";
import { tablePanel } from "./table-panel.ts";
import { jprofsVariable, placeVariables } from "./variables.ts";

const rate = (selector: string) => `rate(${selector}[${interval}])`;
const byCollector = "{{service_name}} {{process_pid}} {{jprof_collector}}";

const targets: readonly TimeseriesSpec[] = [
  {
    title: "JVMs, by state",
    about: "Unreachable: a permission is missing. Unsupported: not HotSpot.",
    unit: "short",
    queries: { "{{jprof_state}}": `sum by (jprof_state) (${jprof(targetCount)})` },
    stacked: true,
  },
  {
    title: "JVMs that do not answer",
    about: "0 is a JVM that jprof watches and cannot ask.",
    unit: "short",
    queries: { "{{service_name}} {{process_pid}}": jprof(targetUp) },
    runbooks: ["JvmTargetDown", "JprofDown"],
  },
  {
    title: "Series dropped",
    about: "Per second, by the limit on labels.",
    unit: "cps",
    queries: { "{{instance}} {{jprof_exporter}}": rate(jprof(seriesDropped)) },
  },
];

const collectors: readonly TimeseriesSpec[] = [
  {
    title: "Age of what collectors say",
    about: "The ten oldest.",
    unit: "s",
    queries: { [byCollector]: `topk(10, ${jprof(collectorAge)})` },
    runbooks: ["CollectorStale"],
  },
  {
    title: "How long collectors take",
    about: "The ten slowest. Most of it is waiting for the JVM.",
    unit: "s",
    queries: { [byCollector]: `topk(10, ${jprof(collectorDuration)})` },
  },
];

const cost: readonly TimeseriesSpec[] = [
  {
    title: "Requests to JVMs",
    about: "Per second, by command and outcome.",
    unit: "cps",
    queries: {
      "{{jprof_command}} {{jprof_outcome}}": `sum by (jprof_command, jprof_outcome) (${rate(jprof(targetRequests))})`,
    },
  },
  {
    title: "Time of a request",
    about: "On average, by command.",
    unit: "s",
    queries: {
      "{{jprof_command}}": `sum by (jprof_command) (${rate(jprof(targetRequestTime))}) / sum by (jprof_command) (${rate(jprof(targetRequests))} > 0)`,
    },
  },
  {
    title: "Stopped by jprof",
    about: "Share of time that JVMs stood still during its requests: at most this was its doing.",
    unit: "percentunit",
    queries: { "{{service_name}} {{process_pid}}": sum(targetStoppedTime, rate(jprof(targetStoppedTime))) },
    runbooks: ["StopBudgetExceeded"],
  },
  {
    title: "Stopped by jprof, by command",
    about: "Seconds in the time that is shown.",
    unit: "s",
    queries: {
      "{{jprof_command}}": `sum by (jprof_command) (increase(${jprof(targetStoppedTime)}[$__range]))`,
    },
    runbooks: ["StopBudgetExceeded"],
  },
];

const itself: readonly TimeseriesSpec[] = [
  { title: "RSS of jprof", about: "", unit: "bytes", queries: { "{{instance}}": jprofProcess(processMemoryUsage) } },
  {
    title: "CPUs of jprof",
    about: "Ten watched JVMs should take about a hundredth of one.",
    unit: "short",
    queries: { "{{instance}}": `sum by (instance) (${rate(jprofProcess(processCpuTime))})` },
  },
  {
    title: "Scrape",
    about: "It reads what was polled before, and asks no JVM anything.",
    unit: "s",
    queries: { "{{instance}}": jprof(scrapeDuration) },
  },
  {
    title: "Late looks",
    about:
      "jprof looks at the JVMs' counters twenty times a second, so that no collection is missed. More than a few hundred milliseconds: it gets too little CPU.",
    unit: "s",
    queries: { "{{instance}}": `max by (instance) (${jprof(tickLag)})` },
  },
  {
    title: "Up",
    about: "Since it began.",
    unit: "dtdurations",
    queries: { "{{instance}}": jprofProcess(processUptime) },
  },
];

/** What jprof sees, how, and what that costs. */
export const jprofItself: DashboardSpec = {
  uid: "jprof-itself",
  file: "jprof",
  title: "jprof itself",
  description: "What jprof sees and does not, what it asks of JVMs, and what that costs them and it.",
  from: "now-3h",
  variables: [...placeVariables, jprofsVariable],
  annotations: [],
  rows: [
    { title: "JVMs", panels: targets.map(timeseriesPanel) },
    {
      title: "Collectors",
      panels: [
        ...collectors.map(timeseriesPanel),
        tablePanel({
          title: "Collectors and their sources",
          about: "Up is 0 where a collector fails.",
          width: 8,
          height: 8,
          columns: [
            { title: "Up", expression: `min by (jprof_collector) (${jprof(collectorUp)})`, unit: "short" },
            {
              title: "Sources",
              expression: `count by (jprof_collector, jprof_source) (${jprof(sourceInfo)})`,
              unit: "short",
            },
          ],
          labels: { Collector: "jprof_collector", Source: "jprof_source" },
          sortBy: "Up",
          ascending: true,
        }),
      ],
    },
    { title: "What it costs the JVMs", panels: cost.map((spec) => timeseriesPanel({ ...spec, width: 6 })) },
    { title: "What it costs", panels: itself.map((spec) => timeseriesPanel({ ...spec, width: 6 })) },
  ],
};
