import type { Metric, Sample } from "../../src/model/metric.ts";
import { significantSlope } from "../../src/model/robust-trend.ts";
import type { Derivation, SampleWindow, SeriesWindow } from "../../src/model/sample-window.ts";
import { latestOf, seriesOf, since } from "./series.ts";

export const heapLiveSlope: Metric = {
  name: "jprof.heap.live.slope",
  unit: "By/s",
  kind: "gauge",
  help: "How fast the live heap grows, by what survives collections of the old generation; absent where no trend is significant.",
  labels: [],
  stability: "development",
};

export const heapTimeToFull: Metric = {
  name: "jprof.heap.time_to_full",
  unit: "s",
  kind: "gauge",
  help: "Time until the live heap is as big as the heap may be, at its present slope; absent where it does not grow.",
  labels: [],
  stability: "development",
};

/** While a program starts, its caches and classes fill the heap. */
const warmUpSeconds = 60;
const leastSeconds = 240;

/** Tells a leak from the garbage between two collections. */
export const heapTrend: Derivation = {
  name: "heap-trend",
  description: "how fast the live heap grows, and when it will be full",
  metrics: [heapLiveSlope, heapTimeToFull],
  needs: ["jprof.heap.live", "jprof.heap.limit", "jvm.gc.duration", "process.uptime"],
  derive(window) {
    const live = seriesOf(window, "jprof.heap.live");
    if (live === undefined) return [];
    const judged = afterOldCollections(since(live, warmUpEnd(window)), window.series("jvm.gc.duration"));
    const slope = judged === undefined ? undefined : significantSlope(judged, leastSeconds);
    if (slope === undefined) return [];
    const sample = (metric: Metric, value: number): Sample => {
      return { metric, value, labels: {}, source: "jprof", takenAtMillis: live.seconds.at(-1)! * 1000 };
    };
    const limit = latestOf(window, "jprof.heap.limit");
    if (slope < 0 || limit === undefined) return [sample(heapLiveSlope, slope)];
    const room = Math.max(limit - live.values.at(-1)!, 0);
    return [sample(heapLiveSlope, slope), sample(heapTimeToFull, room / slope)];
  },
};

function warmUpEnd(window: SampleWindow): number {
  const uptime = seriesOf(window, "process.uptime");
  if (uptime === undefined) return Number.NEGATIVE_INFINITY;
  return uptime.seconds.at(-1)! - uptime.values.at(-1)! + warmUpSeconds;
}

/**
 * The part of the series from the first collection of the old generation on, if each third of it has one: until such a collection has
 * been, garbage that was promoted counts as live, and looks like a leak. Where no collections are told, the whole series.
 */
function afterOldCollections(live: SeriesWindow, collections: readonly SeriesWindow[]): SeriesWindow | undefined {
  if (collections.length === 0) return live;
  const began = live.seconds[0]!;
  const times = collections.filter(isOfOldGeneration).flatMap((series) => collectionTimes(series, began));
  const first = Math.min(...times);
  const third = (live.seconds.at(-1)! - first) / 3;
  const isIn = (part: number) => times.some((at) => at >= first + part * third && at <= first + (part + 1) * third);
  return [0, 1, 2].every(isIn) ? since(live, first) : undefined;
}

/** Only young collections leave garbage of the old generation; every other one is the end of a cycle over all of the heap, or part of one. */
function isOfOldGeneration({ labels }: SeriesWindow): boolean {
  return labels["jvm.gc.action"] !== "end of minor GC" && !/Minor/.test(labels["jvm.gc.name"] ?? "");
}

/** When the sum of its durations grew. It begins with the first collection, unless the window begins later. */
function collectionTimes({ seconds, values }: SeriesWindow, beganSeconds: number): readonly number[] {
  const grew = (at: number, index: number) =>
    index === 0 ? at > beganSeconds + 1 : values[index]! > values[index - 1]!;
  return [...seconds].filter((at, index) => at >= beganSeconds && grew(at, index));
}
