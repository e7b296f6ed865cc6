import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, valuesOf } from "./event-rows.ts";
import { collectionsOf } from "./gc-collections.ts";
import { headroomFacts } from "./gc-headroom.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.gc.promotion;

/** Objects that found no room to be moved to, and young objects that grow old too often. */
export const gcPromotion: Analyzer<"recording"> = {
  name: "gc-promotion",
  description: "failed evacuations and promotions, and how much of what is allocated grows old",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: [...failures(recording), ...rate(recording)], sections: [] }),
};

const failureEvents: readonly (readonly [string, string])[] = [
  ["jdk.EvacuationFailed", "evacuationFailed"],
  ["jdk.PromotionFailed", "promotionFailed"],
  ["jdk.ConcurrentModeFailure", ""],
];

function failures(recording: RecordingEvidence): Finding[] {
  const counts = failureEvents.map(([type, struct]) => {
    const bytes = valuesOf(eventsOf(recording, type), `${struct}.totalSize`).reduce((sum, size) => sum + size, 0);
    return { type, count: recording.eventCounts.get(type) ?? 0, bytes };
  });
  const failed = counts.filter(({ count }) => count > 0);
  const count = failed.reduce((sum, one) => sum + one.count, 0);
  const judged = judge(count, limits.failures);
  if (judged === undefined) return [];
  const bytes = failed.reduce((sum, one) => sum + one.bytes, 0);
  return [
    findingOf({
      rule: "gc/promotion",
      key: "gc/promotion#failed",
      ...judged,
      title: `${formatNumberOf(count, "collection")} found no room for survivors${bytes > 0 ? `: ${formatBytes(bytes)} had to stay where they were` : ""}`,
      impact: { value: bytes, unit: "bytes" },
      evidence: [
        ...failed.map((one) => fact(one.type.slice(4), one.count, "count", one.type)),
        fact(
          "note",
          "on JDK 22 and later, objects that native code holds (pinned) count as failed too",
          "text",
          "JEP 423",
        ),
        ...headroomFacts(recording),
      ],
      advice:
        "Raise -Xmx, or let old garbage be collected earlier: -XX:InitiatingHeapOccupancyPercent, or -XX:G1ReservePercent for more room in reserve.",
    }),
  ];
}

/** G1 says what it moved into the old generation. */
function rate(recording: RecordingEvidence): Finding[] {
  const moved = valuesOf(eventsOf(recording, "jdk.G1EvacuationOldStatistics"), "statistics.used");
  const promoted = moved.reduce((sum, bytes) => sum + bytes, 0);
  const perSecond = promoted / recording.durationSeconds;
  const allocated = allocatedBytes(recording);
  const share = promoted / allocated;
  if (!(allocated > 0 && share >= limits.share && perSecond >= limits.bytesPerSecond)) return [];
  return [
    findingOf({
      rule: "gc/promotion",
      key: "gc/promotion#rate",
      severity: "info",
      score: 40,
      title: `${formatPercent(share)} of what is allocated grows old: ${formatBytes(perSecond)} a second move into the old generation`,
      impact: { value: promoted, unit: "bytes" },
      evidence: [
        fact("moved into the old generation", promoted, "bytes", "jdk.G1EvacuationOldStatistics"),
        fact("allocated", allocated, "bytes", "heap used before each collection less after the one before"),
      ],
      advice:
        "Look in the allocation profile for what lives a little longer than a young collection (batches, queues, buffers of requests): smaller ones, or a bigger heap, let it die young.",
    }),
  ];
}

function allocatedBytes(recording: RecordingEvidence): number {
  const collections = collectionsOf(recording).filter(({ usedAfter }) => Number.isFinite(usedAfter));
  return collections.reduce((sum, { usedBefore }, index) => {
    const earlier = collections[index - 1];
    return earlier === undefined ? sum : sum + Math.max(0, usedBefore - earlier.usedAfter);
  }, 0);
}
