import type { Metric, Sample } from "../../src/model/metric.ts";
import { significantSlope } from "../../src/model/robust-trend.ts";
import type { Derivation, SampleWindow, SeriesWindow } from "../../src/model/sample-window.ts";
import { latestOf, seriesOf } from "./series.ts";

export const containerMemorySlope: Metric = {
  name: "jprof.container.memory.slope",
  unit: "By/s",
  kind: "gauge",
  help: "How fast the container's memory that the kernel cannot drop grows; absent where no trend is significant.",
  labels: [],
  stability: "development",
};

export const containerTimeToLimit: Metric = {
  name: "jprof.container.memory.time_to_limit",
  unit: "s",
  kind: "gauge",
  help: "Time until the kernel kills the container at its present slope; absent where it does not grow, or cannot grow that far.",
  labels: [],
  stability: "development",
};

const leastSeconds = 240;

/** Tells growth towards the container's limit. The page cache does not count: it always fills the room there is, and yields it. */
export const containerTrend: Derivation = {
  name: "container-trend",
  description: "how fast the container's memory grows, and when the kernel will kill it",
  metrics: [containerMemorySlope, containerTimeToLimit],
  needs: [
    "jprof.container.memory.unreclaimable",
    "jprof.container.memory.limit",
    "jprof.heap.used",
    "jprof.heap.limit",
  ],
  derive(window) {
    const memory = seriesOf(window, "jprof.container.memory.unreclaimable");
    const slope = memory === undefined ? undefined : significantSlope(memory, leastSeconds);
    if (memory === undefined || slope === undefined) return [];
    const sample = (metric: Metric, value: number): Sample => {
      return { metric, value, labels: {}, source: "jprof", takenAtMillis: memory.seconds.at(-1)! * 1000 };
    };
    const limit = latestOf(window, "jprof.container.memory.limit");
    if (slope < 0 || limit === undefined) return [sample(containerMemorySlope, slope)];
    const room = Math.max(limit - memory.values.at(-1)!, 0);
    if (!canFill(window, memory, room)) return [sample(containerMemorySlope, slope)];
    return [sample(containerMemorySlope, slope), sample(containerTimeToLimit, room / slope)];
  },
};

/**
 * Whether the growth can go on that far. The heap touches its pages one after another and then stays: what it has left of its own limit
 * bounds its growth, and only when that is too little the rest must be growing.
 */
function canFill(window: SampleWindow, memory: SeriesWindow, room: number): boolean {
  const used = seriesOf(window, "jprof.heap.used");
  const limit = latestOf(window, "jprof.heap.limit");
  if (used === undefined || limit === undefined) return true;
  const peaks = peaksAt(used, memory.seconds);
  if (limit - peaks.at(-1)! >= room) return true;
  const rest = memory.values.map((value, index) => value - peaks[index]!);
  return (significantSlope({ seconds: memory.seconds, values: rest }, leastSeconds) ?? 0) > 0;
}

/** The most that the series had shown by each of the times. */
function peaksAt({ seconds, values }: SeriesWindow, times: Float64Array): Float64Array {
  let next = 0;
  let peak = values[0]!;
  return times.map((time) => {
    for (; next < values.length && seconds[next]! <= time; next++) peak = Math.max(peak, values[next]!);
    return peak;
  });
}
