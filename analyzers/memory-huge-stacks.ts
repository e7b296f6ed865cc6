import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatNumberOf } from "../src/model/format-number.ts";
import type { ProcessMemoryEvidence } from "../src/model/process-memory.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { nativeThresholds } from "./thresholds-native.ts";

const limits = nativeThresholds.stacks;

/** Stacks of threads that are resident as a whole, because the kernel gives them huge pages. */
export const memoryHugeStacks: Analyzer<"processMemory"> = {
  name: "memory-huge-stacks",
  description: "stacks of threads in transparent huge pages, resident as a whole",
  needs: ["processMemory"],
  analyze: ({ processMemory }) => ({ findings: findingsOf(processMemory), sections: [] }),
};

function findingsOf({ uses, file }: ProcessMemoryEvidence): Finding[] {
  const stacks = uses.find(({ use }) => use === "thread stacks");
  const judged = judge(stacks?.hugeBytes ?? 0, limits.hugeBytes);
  if (stacks === undefined || judged === undefined) return [];
  return [
    findingOf({
      rule: "native/huge-stacks",
      ...judged,
      title: `${formatBytes(stacks.hugeBytes ?? 0)} of thread stacks are huge pages, and so resident as a whole`,
      impact: { value: stacks.hugeBytes ?? 0, unit: "bytes" },
      evidence: [
        fact("stacks", formatNumberOf(stacks.mappings, "mapping"), "text", file.format),
        fact("resident", stacks.residentBytes, "bytes", file.format),
      ],
      advice:
        "Set /sys/kernel/mm/transparent_hugepage/enabled to madvise, or upgrade: JDK 17.0.9, 21 and later keep stacks off huge pages (JDK-8303215, JDK-8312182).",
    }),
  ];
}
