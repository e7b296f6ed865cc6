import type { Labels, Metric, Sample } from "../model/metric.ts";
import { processCpuTime, processMemoryUsage, processUptime } from "../model/process-metrics.ts";

function own(name: string, unit: string, help: string, options: Partial<Metric> = {}): Metric {
  return { name, unit, kind: "gauge", help, labels: [], stability: "development", ...options };
}

const byCollector = { labels: ["jprof.collector"] };

/** What the agent says of its own work on a target, and of itself. */
export const ownMetrics = {
  collectorDuration: own("jprof.collector.duration", "s", "How long the last run of a collector took.", byCollector),
  collectorAge: own("jprof.collector.age", "s", "How old the values of a collector are.", byCollector),
  collectorUp: own("jprof.collector.up", "{state}", "1 when the last run of a collector ended in time.", byCollector),
  sourceInfo: own("jprof.source.info", "{source}", "1 for each source that a collector's values come from.", {
    labels: ["jprof.collector", "jprof.source"],
  }),
  targetUp: own(
    "jprof.target.up",
    "{state}",
    "1 when the JVM itself shows life: it answers, or its counters change; /targets says what shows it.",
  ),
  targetCount: own("jprof.target.count", "{jvm}", "JVMs that jprof sees, by what it does with them.", {
    labels: ["jprof.state"],
  }),
  tickLag: own(
    "jprof.tick.lag",
    "s",
    "The longest time by which a look at the perf counters was late, since the last poll.",
  ),
  seriesDropped: own(
    "jprof.series.dropped",
    "{series}",
    "Series that did not fit the limits and were summed up or dropped.",
    {
      kind: "counter",
      labels: ["jprof.exporter"],
    },
  ),
  scrapeDuration: own("jprof.scrape.duration", "s", "How long the last page of metrics took to make."),
  cpuTime: processCpuTime,
  memoryUsage: processMemoryUsage,
  uptime: processUptime,
} as const;

/** A value that jprof knows of itself. */
export function ownSample(metric: Metric, value: number, takenAtMillis: number, labels: Labels = {}): Sample {
  return { metric, value, labels, source: "jprof", takenAtMillis };
}
