import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatDuration, formatPercent } from "../src/model/format-number.ts";
import type { GcLogEvidence } from "../src/model/gc-log-evidence.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { gcLogThresholds } from "./thresholds-gclog.ts";

const limits = gcLogThresholds.references;

/** Time of pauses that goes into soft, weak, final and phantom references. */
export const gclogReferences: Analyzer<"gcLog"> = {
  name: "gclog-references",
  description: "time of pauses that goes into weak, soft and final references",
  needs: ["gcLog"],
  analyze: ({ gcLog }) => ({ findings: findingsOf(gcLog), sections: [] }),
};

function findingsOf({ phases, pauseFigures }: GcLogEvidence): Finding[] {
  const phase = phases.find(({ name, isConcurrent }) => !isConcurrent && name === "Reference Processing");
  if (phase === undefined || phase.total < limits.totalSeconds) return [];
  const share = phase.total / pauseFigures.total;
  const judgements = [judge(share, limits.share), judge(phase.max, limits.longest)];
  const [judged] = judgements.filter((one) => one !== undefined).sort((a, b) => b.score - a.score);
  if (judged === undefined) return [];
  return [
    findingOf({
      rule: "gc/references",
      ...judged,
      title: `References take ${formatPercent(share)} of all pauses, up to ${formatDuration(phase.max)} of one`,
      impact: { value: phase.total, unit: "seconds" },
      evidence: [
        fact("altogether", phase.total, "seconds", "gc+phases"),
        fact("collections", phase.count, "count", "gc+phases"),
      ],
      advice:
        "Use -XX:+ParallelRefProcEnabled where it is off (Parallel, and G1 of JDK 8); find what makes so many references: caches of soft ones, finalizers, WeakHashMap.",
    }),
  ];
}
