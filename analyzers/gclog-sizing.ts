import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatPercent } from "../src/model/format-number.ts";
import type { GcLogEvidence } from "../src/model/gc-log-evidence.ts";
import { type LogFacts, logFactsOf } from "./gclog-facts.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { gcLogThresholds } from "./thresholds-gclog.ts";

const limits = gcLogThresholds.sizing;
const gibibyte = 2 ** 30;
const source = "the log's head";

/** The heap's size against the machine's, and what the JVM chose by itself. */
export const gclogSizing: Analyzer<"gcLog"> = {
  name: "gclog-sizing",
  description:
    "maximum heap against the memory of the machine or container, compressed references, a collector by default",
  needs: ["gcLog"],
  analyze: ({ gcLog }) => {
    const facts = logFactsOf(gcLog);
    return { findings: [...ofMemory(facts), ...cliff(facts, gcLog), ...byErgonomics(facts, gcLog)], sections: [] };
  },
};

function ofMemory({ maxHeapBytes, memoryBytes }: LogFacts): Finding[] {
  if (maxHeapBytes === undefined || memoryBytes === undefined) return [];
  const share = maxHeapBytes / memoryBytes;
  const isDefault = Math.abs(share - limits.ergonomics) <= limits.ergonomicsTolerance;
  const judged = judge(share, limits.ofMemory);
  if (judged !== undefined) {
    return [
      findingOf({
        rule: "gc/heap-size",
        key: "gc/heap-size#memory",
        ...judged,
        title: `The heap may take ${formatBytes(maxHeapBytes)}, ${formatPercent(share)} of the ${formatBytes(memoryBytes)} that the JVM sees: what it needs besides may not fit`,
        impact: { value: maxHeapBytes, unit: "bytes" },
        evidence: [fact("memory", memoryBytes, "bytes", source), fact("maximum heap", maxHeapBytes, "bytes", source)],
        advice:
          "Leave room for metadata, code, threads, direct buffers and the file cache: -Xmx of at most three quarters of a container, measured with Native Memory Tracking.",
      }),
    ];
  }
  if (!isDefault) return [];
  return [
    findingOf({
      rule: "gc/heap-size",
      key: "gc/heap-size#default",
      severity: "info",
      score: 25,
      title: `The maximum heap of ${formatBytes(maxHeapBytes)} is a quarter of the memory: the JVM's default, which nobody chose`,
      impact: { value: maxHeapBytes, unit: "bytes" },
      evidence: [fact("memory", memoryBytes, "bytes", source)],
      advice: "Set -Xmx (or -XX:MaxRAMPercentage) to what the service needs; it changes with the machine otherwise.",
    }),
  ];
}

function cliff({ maxHeapBytes, compressedOops }: LogFacts, { collector }: GcLogEvidence): Finding[] {
  if (compressedOops !== false || collector === "ZGC" || maxHeapBytes === undefined) return [];
  if (!(maxHeapBytes >= 32 * gibibyte && maxHeapBytes < 47 * gibibyte)) return [];
  return [
    findingOf({
      rule: "jvm/flags",
      key: "jvm/flags#MaxHeapSize",
      severity: "warning",
      score: 55,
      title: `A heap of ${formatBytes(maxHeapBytes)} is just too big for compressed references, and holds less than one of 31 GiB`,
      impact: { value: 1, unit: "count" },
      evidence: [fact("compressed references", "disabled", "text", source)],
      advice: "Set -Xmx31g, or more than 47 GiB: above 32 GiB each reference takes eight bytes instead of four.",
    }),
  ];
}

function byErgonomics({ cpusAvailable, memoryBytes, maxHeapBytes }: LogFacts, { collector }: GcLogEvidence): Finding[] {
  if (collector !== "Serial" || cpusAvailable === undefined) return [];
  const isSmall = cpusAvailable < 2 || (memoryBytes ?? Number.POSITIVE_INFINITY) < 1792 * 2 ** 20;
  if (!isSmall) return [];
  return [
    findingOf({
      rule: "jvm/flags",
      key: "jvm/flags#UseSerialGC",
      severity: (maxHeapBytes ?? 0) >= gibibyte ? "warning" : "info",
      score: (maxHeapBytes ?? 0) >= gibibyte ? 55 : 20,
      title: `The serial collector runs where the JVM sees ${cpusAvailable} CPU: it takes it by default below two CPUs or 1,792 MiB`,
      impact: { value: 1, unit: "count" },
      evidence: [fact("CPUs", cpusAvailable, "count", source)],
      advice:
        "If this is a service, choose on purpose: -XX:+UseG1GC, and give the container at least two CPUs (or -XX:ActiveProcessorCount).",
    }),
  ];
}
