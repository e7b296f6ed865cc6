import type { Metric, Sample } from "../../src/model/metric.ts";
import type { Derivation, SampleWindow } from "../../src/model/sample-window.ts";
import { growthOf, latestOf, seriesOf, since } from "./series.ts";

export const cpuRecentUtilization: Metric = {
  name: "jvm.cpu.recent_utilization",
  unit: "1",
  kind: "gauge",
  help: "Share of the CPUs that the JVM may use which the process used in the last minute.",
  labels: [],
  stability: "stable",
};

export const gcOverhead: Metric = {
  name: "jprof.gc.overhead",
  unit: "1",
  kind: "gauge",
  help: "Share of the last five minutes in which the program was stopped for garbage collection.",
  labels: [],
  stability: "development",
};

const utilizationSeconds = 60;
const overheadSeconds = 300;
/** Less time than that tells nothing about a share. */
const leastSeconds = 20;

/** Tells shares of time, so that they can be alerted on without knowing the scrape interval. */
export const rates: Derivation = {
  name: "rates",
  description: "share of the CPUs in use, and of the time spent in collection pauses",
  metrics: [cpuRecentUtilization, gcOverhead],
  needs: ["jvm.cpu.time", "jvm.cpu.count", "jvm.gc.duration", "jprof.gc.events.lost"],
  derive(window) {
    return [...utilization(window), ...overhead(window)];
  },
};

function utilization(window: SampleWindow): readonly Sample[] {
  const time = seriesOf(window, "jvm.cpu.time");
  const cpus = latestOf(window, "jvm.cpu.count");
  if (time === undefined || cpus === undefined || cpus <= 0) return [];
  const now = time.seconds.at(-1)!;
  const recent = since(time, now - utilizationSeconds);
  const span = now - recent.seconds[0]!;
  if (span < leastSeconds / 2) return [];
  const share = growthOf(recent, recent.seconds[0]!, "unknown") / span / cpus;
  return [sampleOf(cpuRecentUtilization, Math.min(share, 1), now)];
}

/**
 * The series of a histogram is the sum of its observations since jprof first saw the JVM, and begins with the first: one that begins after
 * the window did is counted from 0.
 */
function overhead(window: SampleWindow): readonly Sample[] {
  // It is told as long as collections are watched at all, so that a program without any has an overhead of 0.
  const watch = seriesOf(window, "jprof.gc.events.lost");
  if (watch === undefined) return [];
  const now = watch.seconds.at(-1)!;
  const from = Math.max(now - overheadSeconds, watch.seconds[0]!);
  if (now - from < leastSeconds) return [];
  const pauses = window.series("jvm.gc.duration").filter(({ labels }) => labels["jprof.gc.kind"] === "pause");
  const stopped = pauses.reduce(
    (sum, series) => sum + growthOf(series, from, series.seconds[0]! > watch.seconds[0]! ? "counted" : "unknown"),
    0,
  );
  return [sampleOf(gcOverhead, Math.min(stopped / (now - from), 1), now)];
}

function sampleOf(metric: Metric, value: number, atSeconds: number): Sample {
  return { metric, value, labels: {}, source: "jprof", takenAtMillis: atSeconds * 1000 };
}
