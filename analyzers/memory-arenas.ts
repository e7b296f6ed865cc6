import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { AllocatorArena, ProcessMemoryEvidence } from "../src/model/process-memory.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { nativeThresholds } from "./thresholds-native.ts";

const limits = nativeThresholds.arenas;

/** Many arenas of glibc, each with free memory of its own. */
export const memoryArenas: Analyzer<"processMemory"> = {
  name: "memory-arenas",
  description: "arenas of glibc's malloc that hold free memory, and whether fewer of them would help",
  needs: ["processMemory"],
  analyze: ({ processMemory }) => ({ findings: findingsOf(processMemory), sections: [] }),
};

function findingsOf({ allocator, file }: ProcessMemoryEvidence): Finding[] {
  if (allocator?.name !== "glibc" || allocator.arenas.length < limits.leastArenas) return [];
  const others = allocator.arenas.filter(({ name }) => name !== "main");
  const main = allocator.arenas.filter(({ name }) => name === "main");
  const free = sum(others, "freeBytes");
  const system = sum(others, "systemBytes");
  const judged = judge(free / Math.max(1, system), limits.freeShare);
  if (judged === undefined || free < limits.leastBytes) return [];
  const isMain = sum(main, "freeBytes") > free;
  return [
    findingOf({
      rule: "native/arenas",
      ...atMost(free >= limits.warningBytes ? "warning" : "info", judged),
      title: `${formatNumberOf(others.length, "arena")} of malloc hold ${formatBytes(free)} that nobody uses, ${formatPercent(free / system)} of theirs`,
      impact: { value: free, unit: "bytes" },
      evidence: [
        fact("in these arenas", system, "bytes", file.format),
        fact("free in the main arena", sum(main, "freeBytes"), "bytes", file.format),
      ],
      advice: isMain
        ? "Most of it is in the main arena, where MALLOC_ARENA_MAX changes nothing: try -XX:TrimNativeHeapInterval=5000."
        : "Try -XX:TrimNativeHeapInterval=5000 first; MALLOC_ARENA_MAX=4 makes fewer arenas, and threads wait for each other: measure both.",
    }),
  ];
}

function sum(arenas: readonly AllocatorArena[], field: "freeBytes" | "systemBytes"): number {
  return arenas.reduce((total, arena) => total + arena[field], 0);
}
