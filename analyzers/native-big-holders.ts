import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatPercent } from "../src/model/format-number.ts";
import type { NativeHeapDump, NativeHeapEvidence } from "../src/model/native-evidence.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { adviceFor } from "./native-advice.ts";
import { holderName, liveBytes, type NativeHolder, nativeHolders, sumOf } from "./native-holders.ts";
import { dumpAxis, isWorthSaying, trendOf } from "./native-trend.ts";
import { nativeThresholds } from "./thresholds-native.ts";

const limits = nativeThresholds.holder;

/** Places outside of the JVM that hold much of the native memory. */
export const nativeBigHolders: Analyzer<"nativeHeap"> = {
  name: "native-big-holders",
  description: "functions that hold a big share of the native memory, with the Java methods that made them allocate it",
  needs: ["nativeHeap"],
  analyze: ({ nativeHeap }) => ({ findings: findingsOf(nativeHeap), sections: [] }),
};

function findingsOf(evidence: NativeHeapEvidence): Finding[] {
  const last = evidence.dumps.at(-1);
  if (last === undefined) return [];
  const total = liveBytes(last);
  const axis = dumpAxis(evidence);
  // Of those that grow, their growth is said.
  return nativeHolders(evidence)
    .filter(({ isOfJvm, sites }) => !isOfJvm && !isWorthSaying(trendOf(evidence, axis, sites)))
    .flatMap((holder) => findingOfHolder(holder, last, total) ?? []);
}

function findingOfHolder(holder: NativeHolder, last: NativeHeapDump, total: number): Finding | undefined {
  const bytes = sumOf(holder, last.inuseBytes);
  if (bytes < limits.leastBytes) return undefined;
  const judged = judge(bytes / total, limits.share);
  if (judged === undefined) return undefined;
  const samples = sumOf(holder, last.samples);
  const isCertain = bytes >= limits.warningBytes && samples >= nativeThresholds.fewSamples;
  const blocks = sumOf(holder, last.inuseObjects);
  return findingOf({
    rule: "native/big-holder",
    key: `native/big-holder#${holderName(holder)}`,
    ...(isCertain ? judged : atMost("info", judged)),
    title: `\`${holder.allocator}\`${forMethod(holder)} holds ${formatBytes(bytes)}, ${formatPercent(bytes / total)} of the native memory that is live`,
    impact: { value: bytes, unit: "bytes" },
    evidence: [
      ...(holder.javaMethod === undefined ? [] : [fact("Java method", holder.javaMethod, "text", "stack")]),
      fact("blocks", Math.round(blocks), "count", "estimated from samples"),
      fact("stack", holder.frames.slice(0, 6).join(" ← "), "text", last.name),
      fact("samples", samples, "count", last.name),
      fact("sampling error", samples === 0 ? 1 : Math.min(1, 1 / Math.sqrt(samples)), "ratio", "1/√samples"),
    ],
    advice: adviceFor(holder),
  });
}

/** ` for Deflater.init` */
function forMethod({ javaMethod }: NativeHolder): string {
  return javaMethod === undefined ? "" : ` for \`${javaMethod.split(".").slice(-2).join(".")}\``;
}
