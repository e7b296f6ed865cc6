import type { Finding } from "../src/model/finding.ts";
import { formatDuration, formatPercent } from "../src/model/format-number.ts";
import { type GcHistory, type GcRule, ofRecordings } from "./gc-history.ts";
import { worstWindow } from "./intervals.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { formatPoint } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.gc;

/** How much of the time the collector stops the program. */
export const gcPauseRatioRule: GcRule = {
  name: "gc-pause-ratio",
  description: "share of the time that collections stop the program, over the worst minute and the whole recording",
  findings: findingsOf,
};
export const gcPauseRatio = ofRecordings(gcPauseRatioRule);

function findingsOf(history: GcHistory): Finding[] {
  const { durationSeconds, figures, sources, causes } = history;
  const worst = worstWindow(history.pauses, limits.windowSeconds, durationSeconds);
  if (worst === undefined) return [];
  const whole = figures.total / durationSeconds;
  const judgements = [judge(worst.ratio, limits.worstRatio), judge(whole, limits.wholeRatio)];
  const [judged] = judgements.filter((one) => one !== undefined).sort((a, b) => b.score - a.score);
  if (judged === undefined) return [];
  const isWhole = worst.windowSeconds >= durationSeconds;
  const window = `${formatDuration(worst.windowSeconds)} from ${formatPoint(worst.startSeconds)}`;
  const finding = findingOf({
    rule: "gc/pause-ratio",
    ...judged,
    title: isWhole
      ? `Collections stop the program for ${formatPercent(whole)} of the ${history.what}'s ${formatDuration(durationSeconds)}`
      : `Collections stop the program for ${formatPercent(worst.ratio)} of the worst ${window}, ${formatPercent(whole)} of all the time`,
    impact: { value: figures.total, unit: "seconds" },
    evidence: [
      fact("stopped altogether", figures.total, "seconds", sources.pauses),
      fact("pauses", figures.count, "count", sources.pauses),
      ...(isWhole ? [] : [fact("share of the worst window", worst.ratio, "ratio", `${sources.pauses}, ${window}`)]),
      fact("longest, p99, median", spansOf(figures), "text", sources.pauses),
      ...causes.slice(0, 3).map(({ key, count, weight }) => {
        return fact(key, `${formatDuration(weight)} in ${count}`, "text", sources.collections);
      }),
    ],
    advice: adviceFor(history),
  });
  return [durationSeconds < limits.judgedSeconds ? atMost("info", finding) : finding];
}

function spansOf({ max, p99, p50 }: GcHistory["figures"]): string {
  return [max, p99, p50].map(formatDuration).join(", ");
}

function adviceFor({ collector }: GcHistory): string {
  const isStopping = /^(Serial|Parallel|CMS)$/.test(collector ?? "");
  return isStopping
    ? "Give the heap room (-Xmx) if the live set fills it (sections.gc), else use a collector that works while the program runs: -XX:+UseG1GC or -XX:+UseZGC."
    : "See in sections.gc which cause takes the time: if the live set fills the heap, raise -Xmx; if not, allocate less at the sites of the allocation profile.";
}
