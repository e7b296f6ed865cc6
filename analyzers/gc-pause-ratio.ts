import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { collectionsOf, collectorNameOf, pauseFigures, pausesOf } from "./gc-collections.ts";
import { worstWindow } from "./intervals.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { groupedBy } from "./recorded-stacks.ts";
import { formatPoint, formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.gc;

/** How much of the time the collector stops the program. */
export const gcPauseRatio: Analyzer<"recording"> = {
  name: "gc-pause-ratio",
  description: "share of the time that collections stop the program, over the worst minute and the whole recording",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: findingsOf(recording), sections: [] }),
};

function findingsOf(recording: RecordingEvidence): Finding[] {
  const { durationSeconds } = recording;
  const pauses = pausesOf(recording);
  const worst = worstWindow(pauses, limits.windowSeconds, durationSeconds);
  if (worst === undefined) return [];
  const figures = pauseFigures(pauses);
  const whole = figures.total / durationSeconds;
  const judgements = [judge(worst.ratio, limits.worstRatio), judge(whole, limits.wholeRatio)];
  const [judged] = judgements.filter((one) => one !== undefined).sort((a, b) => b.score - a.score);
  if (judged === undefined) return [];
  const causes = groupedBy(
    collectionsOf(recording),
    ({ name, cause }) => `${name}, ${cause}`,
    ({ pauseSeconds }) => pauseSeconds,
  );
  const isWhole = worst.windowSeconds >= durationSeconds;
  const window = `${formatSpan(worst.windowSeconds)} from ${formatPoint(worst.startSeconds)}`;
  const finding = findingOf({
    rule: "gc/pause-ratio",
    ...judged,
    title: isWhole
      ? `Collections stop the program for ${formatPercent(whole)} of the recording's ${formatSpan(durationSeconds)}`
      : `Collections stop the program for ${formatPercent(worst.ratio)} of the worst ${window}, ${formatPercent(whole)} of all the time`,
    impact: { value: figures.total, unit: "seconds" },
    evidence: [
      fact("stopped altogether", figures.total, "seconds", "jdk.GCPhasePause"),
      fact("pauses", figures.count, "count", "jdk.GCPhasePause"),
      ...(isWhole ? [] : [fact("share of the worst window", worst.ratio, "ratio", `jdk.GCPhasePause, ${window}`)]),
      fact("longest, p99, median", spansOf(figures), "text", "jdk.GCPhasePause"),
      ...causes.slice(0, 3).map(({ key, count, weight }) => {
        return fact(key, `${formatSpan(weight)} in ${count}`, "text", "jdk.GarbageCollection");
      }),
    ],
    advice: adviceFor(recording),
  });
  return [durationSeconds < limits.judgedSeconds ? atMost("info", finding) : finding];
}

function spansOf({ max, p99, p50 }: ReturnType<typeof pauseFigures>): string {
  return [max, p99, p50].map(formatSpan).join(", ");
}

function adviceFor(recording: RecordingEvidence): string {
  const isStopping = /^(Serial|Parallel|CMS)$/.test(collectorNameOf(recording) ?? "");
  return isStopping
    ? "Give the heap room (-Xmx) if the live set fills it (sections.gc), else use a collector that works while the program runs: -XX:+UseG1GC or -XX:+UseZGC."
    : "See in sections.gc which cause takes the time: if the live set fills the heap, raise -Xmx; if not, allocate less at the sites of the allocation profile.";
}
