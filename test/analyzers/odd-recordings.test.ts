import fc from "fast-check";
import { expect, test } from "vitest";
import type { DrawnEvent } from "../drawn-recording.ts";
import { resultOfDrawing } from "./recording-findings.ts";

/** Types and fields that rules look at; a recording may lack any of them, or have no value in them. */
const fields: Readonly<Record<string, readonly string[]>> = {
  "jdk.GarbageCollection": ["duration", "gcId", "name", "cause", "sumOfPauses", "longestPause"],
  "jdk.GCPhasePause": ["duration", "gcId", "name"],
  "jdk.GCHeapSummary": ["gcId", "when", "heapUsed", "heapSpace.committedSize", "heapSpace.reservedSize"],
  "jdk.GCCPUTime": ["gcId", "userTime", "systemTime", "realTime"],
  "jdk.GCConfiguration": ["youngCollector", "oldCollector", "parallelGCThreads", "pauseTarget"],
  "jdk.GCHeapConfiguration": ["maxSize", "initialSize", "usesCompressedOops"],
  "jdk.ZAllocationStall": ["duration", "eventThread", "stackTrace", "size"],
  "jdk.EvacuationFailed": ["evacuationFailed.totalSize"],
  "jdk.SafepointBegin": ["duration", "safepointId", "totalThreadCount"],
  "jdk.SafepointLatency": ["duration", "eventThread", "threadState", "stackTrace"],
  "jdk.ExecuteVMOperation": ["duration", "operation", "safepoint", "caller", "safepointId"],
  "jdk.CodeCacheFull": ["codeBlobType", "fullCount"],
  "jdk.CodeCacheStatistics": ["codeBlobType", "startAddress", "reservedTopAddress", "unallocatedCapacity", "fullCount"],
  "jdk.Deoptimization": ["method", "reason", "action", "instruction", "lineNumber"],
  "jdk.Compilation": ["duration", "method", "compiler", "compileLevel", "codeSize"],
  "jdk.CompilerStatistics": ["totalTimeSpent", "compileCount"],
  "jdk.ClassLoadingStatistics": ["loadedClassCount", "unloadedClassCount"],
  "jdk.ClassLoaderStatistics": ["classLoader", "classCount", "chunkSize"],
  "jdk.MetaspaceOOM": ["size", "stackTrace"],
  "jdk.MetaspaceSummary": ["when", "metaspace.used", "metaspace.committed", "classSpace.committed"],
  "jdk.CPULoad": ["jvmUser", "jvmSystem", "machineTotal"],
  "jdk.ContainerCPUThrottling": ["cpuElapsedSlices", "cpuThrottledSlices", "cpuThrottledTime"],
  "jdk.ContainerMemoryUsage": ["memoryUsage", "memoryFailCount"],
  "jdk.ContainerConfiguration": ["memoryLimit", "cpuQuota", "cpuSlicePeriod", "effectiveCpuCount"],
  "jdk.ThreadContextSwitchRate": ["switchRate"],
  "jdk.CPUInformation": ["hwThreads"],
  "jdk.ResidentSetSize": ["size"],
  "jdk.NativeMemoryUsageTotal": ["committed"],
  "jdk.DirectBufferStatistics": ["memoryUsed", "maxCapacity", "count"],
  "jdk.PhysicalMemory": ["totalSize", "usedSize"],
  "jdk.SwapSpace": ["totalSize", "freeSize"],
  "jdk.JavaThreadStatistics": ["activeCount", "accumulatedCount"],
  "jdk.OldObjectSample": ["object", "objectAge", "objectSize", "allocationTime", "stackTrace", "object.referenceChain"],
  "jdk.FinalizerStatistics": ["finalizableClass", "objects", "totalFinalizersRun"],
  "jdk.DataLoss": ["amount", "total"],
  "jdk.BooleanFlag": ["name", "value", "origin"],
};

const texts = [
  "G1New",
  "G1Full",
  "ZGC Major",
  "System.gc()",
  "Before GC",
  "After GC",
  "UseSerialGC",
  "HeapDumper",
  "a;b.C.d",
];
const isText =
  /name|cause|when|Thread$|caller|stackTrace|Collector|operation|reason|action|instruction|method|compiler$|Class|classLoader|origin|object$|Chain|codeBlobType|State/;
const numbers = fc.oneof(
  fc.constantFrom(0, 1, -1, null, 2 ** 53, Number.POSITIVE_INFINITY),
  fc.integer({ min: 0, max: 1e9 }).map((value) => value / 1000),
);

const drawnTable = (names: readonly string[]): fc.Arbitrary<DrawnEvent[]> =>
  fc.array(
    fc.record(
      {
        startTime: fc.double({ min: 0, max: 100, noNaN: true }),
        ...Object.fromEntries(
          names.map((name) => [name, isText.test(name) ? fc.constantFrom(...texts, null) : numbers]),
        ),
      },
      { requiredKeys: ["startTime"] },
    ) as fc.Arbitrary<DrawnEvent>,
    { minLength: 1, maxLength: 12 },
  );

const drawnTables = fc.record(
  Object.fromEntries(Object.entries(fields).map(([type, names]) => [type, drawnTable(names)])),
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, DrawnEvent[]>>;

test("no recording, however odd, makes a rule fail, say “NaN”, or give a finding without number and advice", () => {
  fc.assert(
    fc.property(drawnTables, fc.constantFrom(0.001, 5, 100), (tables, durationSeconds) => {
      for (const finding of resultOfDrawing({ tables, durationSeconds }).findings) {
        const { title, advice, impact, score, evidence, docs } = finding;
        expect(title).not.toMatch(/NaN|undefined|Infinity|null/);
        expect(evidence.filter(({ value }) => Number.isNaN(value) || /NaN|undefined/.test(String(value)))).toEqual([]);
        expect(Number.isFinite(impact.value), `${finding.key} ${impact.value}`).toBe(true);
        expect(score >= 0 && score <= 100 && advice.length > 20 && /^rules\/[a-z]+\.md$/.test(docs)).toBe(true);
      }
    }),
    { seed: 11, numRuns: 400 },
  );
});
