import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatDuration, formatPercent } from "../src/model/format-number.ts";
import type { GcLogEvidence } from "../src/model/gc-log-evidence.ts";
import { headroomFacts } from "./gc-headroom.ts";
import { historyOfLog } from "./gclog-history.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { gcLogThresholds } from "./thresholds-gclog.ts";

/** Threads that Shenandoah slows down so that it keeps up with what they allocate. */
export const gclogPacing: Analyzer<"gcLog"> = {
  name: "gclog-pacing",
  description: "time by which Shenandoah holds threads back that allocate faster than it collects",
  needs: ["gcLog"],
  analyze: ({ gcLog }) => ({ findings: findingsOf(gcLog), sections: [] }),
};

function findingsOf(log: GcLogEvidence): Finding[] {
  const { pacingSeconds, durationSeconds, failures } = log;
  if (!(durationSeconds > 0)) return [];
  const judged = pacingSeconds > 0 ? judge(pacingSeconds / durationSeconds, gcLogThresholds.pacing.share) : undefined;
  if (judged === undefined) return [];
  return [
    findingOf({
      rule: "gc/pacing",
      ...judged,
      title: `Threads were held back for ${formatDuration(pacingSeconds)}, ${formatPercent(pacingSeconds / durationSeconds)} of the time: no pause, and yet requests wait`,
      impact: { value: pacingSeconds, unit: "seconds" },
      evidence: [
        fact("held back, of all threads together", pacingSeconds, "seconds", "gc+stats"),
        fact("cycles cut short", failures.get("concurrent cycle cancelled") ?? 0, "count", "the log"),
        ...headroomFacts(historyOfLog(log)),
      ],
      advice:
        "Raise -Xmx so that the collector has room while it works, give it CPU (-XX:ConcGCThreads), or allocate less; -XX:ShenandoahPacingMaxDelay bounds each single wait.",
    }),
  ];
}
