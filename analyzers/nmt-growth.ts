import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatCount } from "../src/model/format-number.ts";
import type { NativeMemoryEvidence, TrackedCategory, TrackingReport } from "../src/model/native-memory.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { linearFit } from "./linear-fit.ts";
import { nmtAdvice } from "./nmt-advice.ts";
import { nativeThresholds } from "./thresholds-native.ts";

const limits = nativeThresholds.category;

/** Categories of the JVM's memory that grow since a baseline, or over several reports. */
export const nmtGrowth: Analyzer<"nativeMemory"> = {
  name: "nmt-growth",
  description: "categories of native memory tracking that grow since the baseline or over several reports",
  needs: ["nativeMemory"],
  analyze: ({ nativeMemory }) => ({ findings: findingsOf(nativeMemory), sections: [] }),
};

/** How a category developed. */
interface Growth {
  readonly category: TrackedCategory;
  readonly bytes: number;
  /** `since the baseline`, `over 6 reports` */
  readonly span: string;
  readonly isTrend: boolean;
  readonly membersBefore: number | undefined;
}

function findingsOf({ reports, file }: NativeMemoryEvidence): Finding[] {
  const last = reports.at(-1);
  if (last === undefined) return [];
  return last.categories
    .filter(({ name }) => name !== "Java Heap")
    .flatMap((category) => {
      const growth = growthOf(category, reports);
      const judged = growth && judge(growth.bytes, limits.growth);
      if (!growth || !judged || growth.bytes < category.committedBytes * limits.growthShare) return [];
      return [findingOfGrowth(growth, last, file.name, growth.isTrend ? judged : atMost("warning", judged))];
    });
}

function growthOf(category: TrackedCategory, reports: readonly TrackingReport[]): Growth | undefined {
  if (reports.length < 2) {
    const bytes = category.committedChangeBytes;
    return { category, bytes, span: "since the baseline", isTrend: false, membersBefore: undefined };
  }
  const series = reports.map(({ categories }) => categories.find(({ name }) => name === category.name));
  const values = series.map((each) => each?.committedBytes ?? 0);
  const times = timesOf(reports);
  const fit = linearFit(
    times,
    values,
    values.map(() => 0),
    nativeThresholds.growth.probability,
  );
  const isTrend = reports.length >= limits.trendReports;
  if (isTrend && !(fit && fit.low > 0)) return undefined;
  const bytes = values.at(-1)! - values[0]!;
  const membersBefore = series[0]?.members;
  return { category, bytes, span: `over ${formatCount(reports.length)} reports`, isTrend, membersBefore };
}

/** Seconds where files tell, numbers of the reports where not. */
function timesOf(reports: readonly TrackingReport[]): readonly number[] {
  const times = reports.map(({ takenAtMillis }, index) => (takenAtMillis === undefined ? index : takenAtMillis / 1000));
  const isRising = times.every((time, index) => index === 0 || time > times[index - 1]!);
  return isRising ? times : reports.map((_, index) => index);
}

function findingOfGrowth(
  { category, bytes, span, membersBefore }: Growth,
  last: TrackingReport,
  source: string,
  judged: Pick<Finding, "severity" | "score">,
): Finding {
  const site = [...last.sites]
    .filter((each) => each.category === category.name && each.changeBytes > 0)
    .sort((a, b) => b.changeBytes - a.changeBytes)[0];
  const unit = category.name === "Thread" ? "threads" : "classes";
  return findingOf({
    rule: "native/category-growth",
    key: `native/category-growth#${category.name}`,
    ...judged,
    title: `The JVM's category ${category.name} has ${formatBytes(bytes)} more ${span}: ${formatBytes(category.committedBytes)} are committed`,
    impact: { value: bytes, unit: "bytes" },
    evidence: [
      fact("from malloc", category.mallocBytes + category.arenaBytes, "bytes", source),
      fact("in pages", category.mmapBytes, "bytes", source),
      ...(category.members === undefined
        ? []
        : [fact(unit, membersText(membersBefore, category.members), "text", source)]),
      ...(site === undefined
        ? []
        : [
            fact("grows most at", site.frames.slice(0, 4).join(" ← "), "text", source),
            fact("there", site.changeBytes, "bytes", source),
          ]),
    ],
    advice: nmtAdvice(category.name),
  });
}

function membersText(before: number | undefined, now: number): string {
  return before === undefined || before === now ? formatCount(now) : `${formatCount(before)} → ${formatCount(now)}`;
}
