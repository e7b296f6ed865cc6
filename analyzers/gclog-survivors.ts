import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { GcLogEvidence } from "../src/model/gc-log-evidence.ts";
import { fact, findingOf } from "./judgement.ts";
import { gcLogThresholds } from "./thresholds-gclog.ts";

const limits = gcLogThresholds.survivors;

/** Whether objects are moved to the old generation before they had the time to die. */
export const gclogSurvivors: Analyzer<"gcLog"> = {
  name: "gclog-survivors",
  description: "survivor spaces that are too small, so that young objects move to the old generation early",
  needs: ["gcLog"],
  analyze: ({ gcLog }) => ({ findings: findingsOf(gcLog), sections: [] }),
};

function findingsOf({ tenuring, promotedBytes, allocatedBytes, durationSeconds, collector }: GcLogEvidence): Finding[] {
  if (tenuring === undefined || tenuring.collections < limits.collections || !(durationSeconds > 0)) return [];
  const lowered = tenuring.lowered / tenuring.collections;
  const perSecond = promotedBytes / durationSeconds;
  const share = promotedBytes / allocatedBytes;
  if (lowered < limits.lowered || !(share >= limits.promotedShare) || perSecond < limits.promotedBytesPerSecond)
    return [];
  const { desiredSurvivorBytes } = tenuring;
  return [
    findingOf({
      rule: "gc/survivors",
      severity: "info",
      score: 42,
      title: `Survivors overflow after ${formatPercent(lowered)} of ${formatNumberOf(tenuring.collections, "young collection")}: ${formatBytes(perSecond)} a second grow old early`,
      impact: { value: promotedBytes, unit: "bytes" },
      evidence: [
        fact("lowest age at which they move", tenuring.lowest, "count", "gc+age"),
        fact("greatest age", tenuring.highest, "count", "gc+age"),
        fact("room wanted for survivors", desiredSurvivorBytes, "bytes", "gc+age"),
        fact("share of what is allocated", share, "ratio", "old generation before and after young collections"),
      ],
      advice:
        collector === "G1"
          ? "Give the young generation room: a bigger -Xmx, a longer -XX:MaxGCPauseMillis or a higher -XX:G1MaxNewSizePercent lets more die young."
          : "Give survivors room: a bigger young generation (-Xmn), or a smaller -XX:SurvivorRatio; of the parallel collector, see whether -XX:-UseAdaptiveSizePolicy helps.",
    }),
  ];
}
