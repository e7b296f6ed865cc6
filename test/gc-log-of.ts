import { memorySource } from "../src/bytes/byte-source.ts";
import { readGcLog, readGcLogs } from "../src/formats/gc-log/read-gc-log.ts";
import type { GcLogEvidence } from "../src/model/gc-log-evidence.ts";

/** The evidence of a log that is written down in a test. */
export function gcLogOf(text: string): GcLogEvidence {
  return readGcLog(memorySource("gc.log", new TextEncoder().encode(text)));
}

/** The same of several files. */
export function gcLogsOf(...texts: readonly string[]): GcLogEvidence {
  return readGcLogs(texts.map((text, index) => memorySource(`gc.log.${index}`, new TextEncoder().encode(text))));
}

/** One young collection of G1 as `-Xlog:gc*,safepoint` of JDK 25 prints it. */
export interface DrawnYoung {
  readonly id: number;
  /** When it ended. */
  readonly at: number;
  readonly millis?: number;
  readonly kind?: string;
  readonly cause?: string;
  /** Mebibytes. */
  readonly before?: number;
  readonly after?: number;
  readonly max?: number;
}

export function youngOfG1({
  id,
  at,
  millis = 10,
  kind = "Young (Normal)",
  cause = "G1 Evacuation Pause",
  before = 200,
  after = 100,
  max = 400,
}: DrawnYoung): string {
  const line = (tags: string, message: string, seconds = at) =>
    `[${seconds.toFixed(3)}s][info][${tags.padEnd(9)}] ${message}`;
  const nanos = Math.round(millis * 1e6);
  return [
    line("gc,start", `GC(${id}) Pause ${kind} (${cause})`, at - millis / 1000),
    line("gc,phases", `GC(${id})   Evacuate Collection Set: ${(millis * 0.8).toFixed(1)}ms`),
    line("gc,heap", `GC(${id}) Old regions: 90->92`),
    line("gc,heap", `GC(${id}) Humongous regions: 1->0`),
    line("gc", `GC(${id}) Pause ${kind} (${cause}) ${before}M->${after}M(${max}M) ${millis.toFixed(3)}ms`),
    line("gc,cpu", `GC(${id}) User=${(millis / 500).toFixed(2)}s Sys=0.00s Real=${(millis / 1000).toFixed(2)}s`),
    line(
      "safepoint",
      `Safepoint "G1CollectForAllocation", Time since last: 1000 ns, Reaching safepoint: 50000 ns, At safepoint: ${nanos} ns, Leaving safepoint: 1000 ns, Total: ${nanos + 51_000} ns, Threads: 0 runnable, 12 total`,
    ),
    "",
  ].join("\n");
}

/** The head of a G1 log. */
export const headOfG1 = [
  "[0.010s][info][gc       ] Using G1",
  "[0.011s][info][gc,init  ] Version: 25.0.3+9-LTS (release)",
  "[0.011s][info][gc,init  ] CPUs: 4 total, 4 available",
  "[0.011s][info][gc,init  ] Memory: 16384M",
  "[0.011s][info][gc,init  ] Heap Region Size: 1M",
  "[0.011s][info][gc,init  ] Heap Max Capacity: 400M",
  "",
].join("\n");
