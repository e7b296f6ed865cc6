import type { NativeHeapEvidence } from "../model/native-evidence.ts";
import type { NativeMemoryEvidence } from "../model/native-memory.ts";
import type { ProcessMemoryEvidence } from "../model/process-memory.ts";
import type { JemallocSummary, NmtSummary, ProcessMemorySummary } from "../model/report.ts";

/** The figures of one dump, or of the last of a series. */
export function jemallocSummaryOf(input: string, evidence: NativeHeapEvidence): JemallocSummary {
  const { file, allocator, periodBytes, dumps, siteStack } = evidence;
  const last = dumps.at(-1);
  const total = (column: Float64Array | undefined) => Math.round(column?.reduce((sum, value) => sum + value, 0) ?? 0);
  return {
    kind: "jemalloc",
    input,
    format: file.format,
    allocator,
    dumps: dumps.length,
    inuseBytes: total(last?.inuseBytes),
    inuseObjects: total(last?.inuseObjects),
    allocBytes: total(last?.allocBytes),
    allocObjects: total(last?.allocObjects),
    stacks: siteStack.length,
    periodBytes: periodBytes ?? null,
  };
}

/** The figures of the last report. */
export function nmtSummaryOf(input: string, { file, reports }: NativeMemoryEvidence): NmtSummary {
  const last = reports.at(-1);
  return {
    kind: "nmt",
    input,
    format: file.format,
    reports: reports.length,
    reservedBytes: last?.reservedBytes ?? 0,
    committedBytes: last?.committedBytes ?? 0,
  };
}

/** The figures that most such files have. */
export function processMemorySummaryOf(
  input: string,
  { file, residentBytes, allocator }: ProcessMemoryEvidence,
): ProcessMemorySummary {
  return {
    kind: "process-memory",
    input,
    format: file.format,
    residentBytes: residentBytes ?? null,
    allocatedBytes: allocator?.allocatedBytes ?? null,
  };
}
