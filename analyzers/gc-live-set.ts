import type { Finding, Severity } from "../src/model/finding.ts";
import { formatBytes, formatDuration, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import { significantSlope } from "../src/model/robust-trend.ts";
import { type Collection, isYoung } from "./gc-collections.ts";
import { headroomOf } from "./gc-headroom.ts";
import { type GcHistory, type GcRule, ofRecordings } from "./gc-history.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { formatPoint } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";
import { warmUpEndOf } from "./warm-up.ts";

const { liveSet, limit } = jvmThresholds.gc;

/** What survives collections: whether it grows, and how much room it leaves. */
export const gcLiveSetRule: GcRule = {
  name: "gc-live-set",
  description: "growth of what survives collections, time until the heap is full, and headroom below -Xmx",
  findings: (history) => [...growthOf(history), ...nearLimit(history)],
};
export const gcLiveSet = ofRecordings(gcLiveSetRule);

interface Growth {
  readonly bytesPerSecond: number;
  readonly fromSeconds: number;
  readonly judgedSeconds: number;
  readonly lastBytes: number;
  readonly collections: number;
  /** Each third of the time has a collection that looked at the old generation too. */
  readonly isProven: boolean;
}

function growthOf(history: GcHistory): Finding[] {
  const growth = measure(history);
  const { maxHeapBytes: maxBytes, sources } = history;
  if (growth === undefined || maxBytes === undefined) return [];
  const grown = growth.bytesPerSecond * growth.judgedSeconds;
  if (grown < maxBytes * liveSet.growthShare) return [];
  const secondsToFull = Math.max(0, maxBytes - growth.lastBytes) / growth.bytesPerSecond;
  const { warning, critical } = liveSet.hoursToFull;
  const hours = Math.max(secondsToFull / 3600, 1e-3);
  const judged = judge(1 / hours, { info: 0, warning: 1 / warning, critical: 1 / critical });
  if (judged === undefined) return [];
  const finding = findingOf({
    rule: "gc/live-set-growing",
    ...judged,
    title: `What survives collections grows by ${formatBytes(growth.bytesPerSecond * 60)} a minute: at this rate the heap is full in ${formatDuration(secondsToFull)}`,
    impact: { value: grown, unit: "bytes" },
    evidence: [
      fact("grown in the time that was judged", grown, "bytes", `Theil–Sen slope over ${sources.heap}`),
      fact(
        "judged from",
        `${formatPoint(growth.fromSeconds)}, for ${formatDuration(growth.judgedSeconds)}`,
        "text",
        "after warm-up",
      ),
      fact("collections looked at", growth.collections, "count", sources.heap),
      fact("used after the last ones", growth.lastBytes, "bytes", sources.heap),
      fact("maximum heap", maxBytes, "bytes", sources.maxHeap),
      ...(growth.isProven
        ? []
        : [
            fact(
              "unproven",
              "too few collections of the old generation: garbage in it may look like this",
              "text",
              sources.collections,
            ),
          ]),
    ],
    advice:
      "Take two heap dumps some minutes apart and read them with jprof analyze: what holds the growth is in heap/leak-suspect. jvm/leak-candidates has first hints when the recording has them.",
  });
  return [atMost(mostSevere(growth), finding)];
}

/** How far a trend can be trusted: by what was collected, and for how long it was watched. */
function mostSevere({ isProven, judgedSeconds }: Growth): Severity {
  if (!isProven || judgedSeconds < liveSet.judgedSeconds.warning) return "info";
  return judgedSeconds < liveSet.judgedSeconds.critical ? "warning" : "critical";
}

function measure(history: GcHistory): Growth | undefined {
  const fromSeconds = warmUpEndOf(history, liveSet);
  const judged = history.collections
    .filter(({ start, usedAfter }) => start >= fromSeconds && Number.isFinite(usedAfter))
    .map((collection) => ({ ...collection, end: collection.start + collection.seconds }))
    .sort((a, b) => a.end - b.end);
  const series = { seconds: judged.map(({ end }) => end), values: judged.map(({ usedAfter }) => usedAfter) };
  const bytesPerSecond = significantSlope(series, liveSet.leastSeconds, {
    leastValues: liveSet.leastCollections,
    partsBy: "values",
  });
  if (bytesPerSecond === undefined || bytesPerSecond <= 0) return undefined;
  const judgedSeconds = series.seconds.at(-1)! - series.seconds[0]!;
  return {
    bytesPerSecond,
    fromSeconds,
    judgedSeconds,
    lastBytes: Math.min(...series.values.slice(-3)),
    collections: judged.length,
    isProven: hasOldInEachThird(judged, series.seconds[0]!, judgedSeconds),
  };
}

function hasOldInEachThird(collections: readonly Collection[], fromSeconds: number, seconds: number): boolean {
  return [0, 1, 2].every((third) => {
    const from = fromSeconds + (third * seconds) / 3;
    return collections.some((collection) => {
      const { start } = collection;
      return !isYoung(collection) && start >= from - 1 && start <= from + seconds / 3;
    });
  });
}

function nearLimit(history: GcHistory): Finding[] {
  const { style, collector, sources } = history;
  const headroom = headroomOf(history);
  if (headroom === undefined || headroom.collections < limit.leastCollections) return [];
  const judged = judge(headroom.ratio, limit[style]);
  if (judged === undefined) return [];
  const { liveBytes, maxBytes, ratio, collections } = headroom;
  const why =
    style === "concurrent"
      ? `${collector} collects while the program allocates and needs room for both`
      : "the less room, the more often all of it is collected";
  return [
    findingOf({
      rule: "gc/heap-limit",
      ...judged,
      title: `${formatBytes(liveBytes)} are in use after collections, ${formatPercent(ratio)} of the maximum heap of ${formatBytes(maxBytes)}`,
      impact: { value: liveBytes, unit: "bytes" },
      evidence: [
        fact("headroom", maxBytes - liveBytes, "bytes", `${sources.heap}, ${sources.maxHeap}`),
        fact(
          "collections looked at",
          formatNumberOf(collections, "collection"),
          "text",
          `the later half of ${sources.heap}`,
        ),
        fact("why it matters", why, "text", sources.configuration),
      ],
      advice: `Raise -Xmx to about ${formatBytes(liveBytes * (style === "concurrent" ? 2 : 1.7))}, or hold less: a heap dump tells what holds it (jprof analyze heap.hprof).`,
    }),
  ];
}
