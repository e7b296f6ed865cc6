import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatDuration, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { NativeHeapEvidence } from "../src/model/native-evidence.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { adviceFor } from "./native-advice.ts";
import { holderName, liveBytes, type NativeHolder, nativeHolders } from "./native-holders.ts";
import { type DumpAxis, dumpAxis, isWorthSaying, type NativeTrend, trendOf } from "./native-trend.ts";
import { nativeThresholds } from "./thresholds-native.ts";

const limits = nativeThresholds.growth;

/** Places whose live memory grows from dump to dump. */
export const nativeGrowth: Analyzer<"nativeHeap"> = {
  name: "native-growth",
  description: "functions whose live native memory grows over a series of dumps, with the confidence of the trend",
  needs: ["nativeHeap"],
  analyze: ({ nativeHeap }) => ({ findings: findingsOf(nativeHeap), sections: [] }),
};

function findingsOf(evidence: NativeHeapEvidence): Finding[] {
  if (evidence.dumps.length < 2) return [];
  const axis = dumpAxis(evidence);
  const grown = liveBytes(evidence.dumps.at(-1)!) - liveBytes(evidence.dumps[0]!);
  return nativeHolders(evidence).flatMap((holder) => {
    const trend = trendOf(evidence, axis, holder.sites);
    if (trend === undefined || !isWorthSaying(trend)) return [];
    return findingOfTrend({ evidence, axis, holder, trend, grown }) ?? [];
  });
}

interface Grown {
  readonly evidence: NativeHeapEvidence;
  readonly axis: DumpAxis;
  readonly holder: NativeHolder;
  readonly trend: NativeTrend;
  /** Of all live memory. */
  readonly grown: number;
}

function findingOfTrend({ evidence, axis, holder, trend, grown }: Grown): Finding | undefined {
  const judged = judge(trend.growthBytes, limits.bytes);
  if (judged === undefined) return undefined;
  const isSure = evidence.dumps.length >= limits.dumpsForCritical && trend.lastSamples >= nativeThresholds.fewSamples;
  // What HotSpot allocates for itself grows while it loads and compiles; its own accounting tells more.
  const most = holder.isOfJvm ? "info" : isSure ? "critical" : "warning";
  const method = holder.javaMethod === undefined ? "" : ` for \`${holder.javaMethod.split(".").slice(-2).join(".")}\``;
  return findingOf({
    rule: "native/growth",
    key: `native/growth#${holderName(holder)}`,
    ...atMost(most, judged),
    title: `\`${holder.allocator}\`${method} holds ${formatBytes(trend.growthBytes)} more ${spanText(axis)}: ${formatBytes(trend.lastBytes)} are live`,
    impact: { value: trend.growthBytes, unit: "bytes" },
    evidence: [
      ...(holder.javaMethod === undefined ? [] : [fact("Java method", holder.javaMethod, "text", "stack")]),
      fact("growth", slopeText(trend, axis), "text", `regression over ${evidence.dumps.length} dumps, 95 % confidence`),
      ...(grown > 0
        ? [
            fact(
              "of all growth",
              formatPercent(Math.min(1, trend.growthBytes / grown)),
              "text",
              "last dump − first dump",
            ),
          ]
        : []),
      fact("stack", holder.frames.slice(0, 6).join(" ← "), "text", evidence.dumps.at(-1)!.name),
      fact("samples in the last dump", trend.lastSamples, "count", evidence.dumps.at(-1)!.name),
    ],
    advice: holder.isOfJvm
      ? "This is the JVM's own: compare jcmd VM.native_memory summary.diff, which names the category."
      : adviceFor(holder),
  });
}

function spanText({ unit, length }: DumpAxis): string {
  return unit === "seconds" ? `after ${formatDuration(length)}` : `after ${formatNumberOf(length, "dump")}`;
}

/** `+12.3 MiB a minute (11.0 to 13.6 MiB)` */
function slopeText({ fit }: NativeTrend, { unit }: DumpAxis): string {
  const factor = unit === "seconds" ? 60 : 1;
  const per = unit === "seconds" ? "a minute" : "a dump";
  return `${formatBytes(fit.slope * factor)} ${per} (${formatBytes(fit.low * factor)} to ${formatBytes(fit.high * factor)})`;
}
