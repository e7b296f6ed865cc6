import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatPercent } from "../src/model/format-number.ts";
import type { AllocatorUse, ProcessMemoryEvidence } from "../src/model/process-memory.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { nativeThresholds } from "./thresholds-native.ts";

const limits = nativeThresholds.retention;

/** Memory that the program freed and the allocator keeps. */
export const memoryRetention: Analyzer<"processMemory"> = {
  name: "memory-retention",
  description: "memory that was freed and that the allocator has not given back",
  needs: ["processMemory"],
  analyze: ({ processMemory }) => ({ findings: findingsOf(processMemory), sections: [] }),
};

function findingsOf({ allocator, file, trimMillis }: ProcessMemoryEvidence): Finding[] {
  if (allocator === undefined || allocator.freeBytes < limits.leastBytes) return [];
  const share = allocator.freeBytes / (allocator.freeBytes + allocator.allocatedBytes);
  const judged = judge(share, limits.share);
  if (judged === undefined) return [];
  return [
    findingOf({
      rule: "native/retention",
      ...(allocator.freeBytes >= limits.warningBytes ? judged : atMost("info", judged)),
      title: `${formatBytes(allocator.freeBytes)} are freed and kept by ${allocator.name}, ${formatPercent(share)} of what it has`,
      impact: { value: allocator.freeBytes, unit: "bytes" },
      evidence: [
        fact("given out", allocator.allocatedBytes, "bytes", file.format),
        ...(allocator.arenas.length === 0 ? [] : [fact("arenas", allocator.arenas.length, "count", file.format)]),
        ...(trimMillis === undefined ? [] : [fact("trimmed every", trimMillis / 1000, "seconds", "VM.info")]),
      ],
      advice: adviceFor(allocator),
    }),
  ];
}

function adviceFor({ name, jemalloc }: AllocatorUse): string {
  if (jemalloc?.isBackgroundThread === false) {
    return "Set background_thread:true in MALLOC_CONF: without it jemalloc gives pages back only while the program allocates, and an idle one never does.";
  }
  if (name === "jemalloc") {
    return "Lower dirty_decay_ms in MALLOC_CONF, or narenas where pages are only partly used; it is no leak.";
  }
  return "Set -XX:TrimNativeHeapInterval=5000 (JDK 17.0.9 and later), or run jcmd PID System.trim_native_heap once and see what comes back: what does is retention, and no leak.";
}
