import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes } from "../src/model/format-number.ts";
import type { ProcessMemoryEvidence } from "../src/model/process-memory.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { nativeThresholds } from "./thresholds-native.ts";

const limits = nativeThresholds.untracked;

/** Memory from malloc that the JVM does not account for. */
export const memoryUntracked: Analyzer<"processMemory"> = {
  name: "memory-untracked",
  description: "memory from malloc that native memory tracking does not know: of JNI and the JDK's libraries",
  needs: ["processMemory"],
  analyze: ({ processMemory }) => ({ findings: findingsOf(processMemory), sections: [] }),
};

function findingsOf({ allocator, trackedMallocBytes, residentBytes, file }: ProcessMemoryEvidence): Finding[] {
  if (allocator === undefined || trackedMallocBytes === undefined) return [];
  const bytes = allocator.allocatedBytes - trackedMallocBytes;
  if (bytes < trackedMallocBytes * limits.shareOfTracked) return [];
  const judged = judge(bytes, limits.bytes);
  if (judged === undefined) return [];
  return [
    findingOf({
      rule: "native/untracked",
      ...judged,
      title: `${formatBytes(bytes)} from malloc are not the JVM's: native libraries hold them`,
      impact: { value: bytes, unit: "bytes" },
      evidence: [
        fact("given out by malloc", allocator.allocatedBytes, "bytes", file.format),
        fact("known to the JVM", trackedMallocBytes, "bytes", "native memory tracking"),
        ...(residentBytes === undefined ? [] : [fact("resident", residentBytes, "bytes", file.format)]),
      ],
      advice:
        "Find who allocates: asprof -e nativemem on the running JVM, or a run with libjemalloc and MALLOC_CONF=prof:true, whose dumps jprof analyze reads. zlib (Deflater, Inflater), TLS and RocksDB are the usual ones.",
    }),
  ];
}
