import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatPercent } from "../src/model/format-number.ts";
import type { NativeHeapEvidence } from "../src/model/native-evidence.ts";
import { fact, findingOf } from "./judgement.ts";
import { compiledCode, liveBytes } from "./native-holders.ts";
import { nativeThresholds } from "./thresholds-native.ts";

/** Stacks that go through compiled code which nothing names. */
export const nativeUnnamed: Analyzer<"nativeHeap"> = {
  name: "native-unnamed",
  description: "live native memory whose stacks lead to compiled code without a map that names it",
  needs: ["nativeHeap"],
  analyze: ({ nativeHeap }) => ({ findings: findingsOf(nativeHeap), sections: [] }),
};

function findingsOf(evidence: NativeHeapEvidence): Finding[] {
  const last = evidence.dumps.at(-1);
  if (last === undefined || evidence.addresses.unnamedCode === 0) return [];
  const { stacks, siteStack } = evidence;
  const unnamed = stacks.frameNames.indexOf(compiledCode);
  const leadsThere = new Uint8Array(stacks.stackFrame.length);
  for (let stack = 0; stack < leadsThere.length; stack++) {
    const caller = stacks.stackCaller[stack]!;
    leadsThere[stack] = stacks.stackFrame[stack] === unnamed || (caller >= 0 && leadsThere[caller] === 1) ? 1 : 0;
  }
  const bytes = siteStack.reduce(
    (sum, stack, site) => sum + (stack >= 0 && leadsThere[stack] === 1 ? last.inuseBytes[site]! : 0),
    0,
  );
  const share = bytes / Math.max(1, liveBytes(last));
  if (share < nativeThresholds.unnamedShare) return [];
  const pid = evidence.processId ?? "PID";
  return [
    findingOf({
      rule: "native/unnamed-code",
      severity: "info",
      score: 30,
      title: `Java callers of ${formatBytes(bytes)}, ${formatPercent(share)} of the live native memory, have no names`,
      impact: { value: bytes, unit: "bytes" },
      evidence: [fact("addresses in compiled code", evidence.addresses.unnamedCode, "count", evidence.file.name)],
      advice: `Run jcmd ${pid} Compiler.perfmap (JDK 17 and later) while the process runs and keep /tmp/perf-${pid}.map beside the dumps; it is found there.`,
    }),
  ];
}
