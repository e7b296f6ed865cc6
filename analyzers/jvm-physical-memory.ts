import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf } from "./event-rows.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { majorOf } from "./recorded-jvm.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.memory;

/** Memory of the machine and of the container. */
export const jvmPhysicalMemory: Analyzer<"recording"> = {
  name: "jvm-physical-memory",
  description: "memory of the machine and the container against their limits, and swapping",
  needs: ["recording"],
  analyze: ({ recording }) => ({
    findings: [...machine(recording), ...container(recording), ...swap(recording)],
    sections: [],
  }),
};

function machine(recording: RecordingEvidence): Finding[] {
  const events = eventsOf(recording, "jdk.PhysicalMemory");
  const last = events.rows - 1;
  const total = events.number("totalSize", last);
  const used = events.number("usedSize", last);
  const judged = judge(used / total, limits.machine);
  if (judged === undefined) return [];
  // Until JDK 21, memory that the kernel uses to cache files counts as used.
  const countsCache = (majorOf(recording) ?? 0) < 21;
  const finding = findingOf({
    rule: "jvm/physical-memory",
    key: "jvm/physical-memory#machine",
    ...judged,
    title: `The machine's memory is ${formatPercent(used / total)} used: ${formatBytes(total - used)} of ${formatBytes(total)} are left`,
    impact: { value: used, unit: "bytes" },
    evidence: [
      fact("used", used, "bytes", "jdk.PhysicalMemory"),
      ...(countsCache
        ? [
            fact(
              "note",
              "this JVM counts the kernel's cache of files as used: look at MemAvailable of /proc/meminfo",
              "text",
              "JDK before 21",
            ),
          ]
        : []),
    ],
    advice:
      "Make sure that heaps, native memory and file cache of all processes have room together: a machine that swaps makes every collection slow.",
  });
  return [countsCache ? atMost("info", finding) : finding];
}

function container(recording: RecordingEvidence): Finding[] {
  const usage = eventsOf(recording, "jdk.ContainerMemoryUsage");
  const last = usage.rows - 1;
  const limit = eventsOf(recording, "jdk.ContainerConfiguration").number("memoryLimit", 0);
  const used = usage.number("memoryUsage", last);
  const judged = limit > 0 && limit < 2 ** 60 ? judge(used / limit, limits.container) : undefined;
  if (judged === undefined) return [];
  const failures = usage.number("memoryFailCount", last);
  return [
    findingOf({
      rule: "jvm/physical-memory",
      key: "jvm/physical-memory#container",
      ...judged,
      title: `The container uses ${formatBytes(used)}, ${formatPercent(used / limit)} of its memory limit: beyond it the kernel kills the JVM`,
      impact: { value: used, unit: "bytes" },
      evidence: [
        fact("limit", limit, "bytes", "jdk.ContainerConfiguration"),
        ...(failures > 0 ? [fact("times at the limit", failures, "count", "jdk.ContainerMemoryUsage")] : []),
        fact(
          "note",
          "the container's file cache is in this number, and is given back first",
          "text",
          "jdk.ContainerMemoryUsage",
        ),
      ],
      advice:
        "Set -Xmx (or -XX:MaxRAMPercentage) so that heap and native memory fit: jvm/native-memory-growth and sections.gc say how much both need.",
    }),
  ];
}

function swap(recording: RecordingEvidence): Finding[] {
  const events = eventsOf(recording, "jdk.SwapSpace");
  const last = events.rows - 1;
  const total = events.number("totalSize", last);
  const used = total - events.number("freeSize", last);
  const judged = total > 0 ? judge(used / total, limits.swapped) : undefined;
  if (judged === undefined) return [];
  return [
    findingOf({
      rule: "jvm/physical-memory",
      key: "jvm/physical-memory#swap",
      ...judged,
      title: `${formatBytes(used)} of the machine's memory are swapped out, ${formatPercent(used / total)} of its swap space`,
      impact: { value: used, unit: "bytes" },
      evidence: [fact("swap space", total, "bytes", "jdk.SwapSpace")],
      advice:
        "A collection touches the whole heap: if a part of it is swapped out, pauses take seconds. Look at VmSwap of /proc/<pid>/status, and keep heaps out of swap.",
    }),
  ];
}
