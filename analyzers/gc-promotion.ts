import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import { headroomFacts } from "./gc-headroom.ts";
import { type GcHistory, type GcRule, ofRecordings } from "./gc-history.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.gc.promotion;

/** Objects that found no room to be moved to, and young objects that grow old too often. */
export const gcPromotionRule: GcRule = {
  name: "gc-promotion",
  description: "failed evacuations and promotions, and how much of what is allocated grows old",
  findings: (history) => [...failures(history), ...rate(history)],
};
export const gcPromotion = ofRecordings(gcPromotionRule);

function failures(history: GcHistory): Finding[] {
  const { failures: failed } = history;
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
        ...failed.map((one) => fact(one.name, one.count, "count", one.source)),
        fact(
          "note",
          "on JDK 22 and later, objects that native code holds (pinned) count as failed too",
          "text",
          "JEP 423",
        ),
        ...headroomFacts(history),
      ],
      advice:
        "Raise -Xmx, or let old garbage be collected earlier: -XX:InitiatingHeapOccupancyPercent, or -XX:G1ReservePercent for more room in reserve.",
    }),
  ];
}

/** What moved into the old generation, where the collector says so. */
function rate({ promotedBytes: promoted, allocatedBytes: allocated, durationSeconds, sources }: GcHistory): Finding[] {
  const perSecond = promoted / durationSeconds;
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
        fact("moved into the old generation", promoted, "bytes", sources.promoted),
        fact("allocated", allocated, "bytes", "heap used before each collection less after the one before"),
      ],
      advice:
        "Look in the allocation profile for what lives a little longer than a young collection (batches, queues, buffers of requests): smaller ones, or a bigger heap, let it die young.",
    }),
  ];
}
