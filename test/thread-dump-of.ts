import { memorySource } from "../src/bytes/byte-source.ts";
import { readThreadDumps } from "../src/formats/thread-dump/read-thread-dumps.ts";
import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import type { ThreadDumpEvidence } from "../src/model/thread-dump.ts";

/** A thread as a test draws it. */
export interface DrawnThread {
  readonly name: string;
  /** `RUNNABLE` unless given. */
  readonly state?: string;
  /** Leaf first; lines that begin with `- ` are locks of the frame above. */
  readonly at?: readonly string[];
  readonly owns?: readonly string[];
  /** In milliseconds. */
  readonly cpu?: number;
}

/** Dumps of one JVM, five seconds apart, read from what `jstack -l` would print. */
export function threadDumpsOf(...dumps: readonly (readonly DrawnThread[])[]): ThreadDumpEvidence {
  const text = dumps.map((threads, index) => printed(threads, 5 * index)).join("");
  return readThreadDumps(memorySource("drawn.txt", new TextEncoder().encode(text)));
}

function printed(threads: readonly DrawnThread[], seconds: number): string {
  const clock = String(seconds).padStart(2, "0");
  return [
    `2026-01-02 03:04:${clock}`,
    "Full thread dump OpenJDK 64-Bit Server VM (25.0.3+9-LTS mixed mode, sharing):",
    "",
    ...threads.flatMap((thread, index) => linesOf(thread, index, seconds)),
    "JNI global refs: 1, weak refs: 0",
    "",
    "",
  ].join("\n");
}

/** A thread keeps its number as long as its place in the list is the same. */
function linesOf(
  { name, state = "RUNNABLE", at = [], owns = [], cpu = 1 }: DrawnThread,
  index: number,
  seconds: number,
): string[] {
  const address = `0x00007f000000${(index + 1).toString(16).padStart(4, "0")}`;
  return [
    `"${name}" #${index + 1} [${9000 + index}] prio=5 os_prio=0 cpu=${cpu.toFixed(2)}ms elapsed=${(60 + seconds).toFixed(2)}s tid=${address} nid=${9000 + index} x  [0x00007f0000000000]`,
    `   java.lang.Thread.State: ${state}`,
    ...at.map((line) => (line.startsWith("- ") ? `\t${line}` : `\tat ${line}`)),
    "",
    "   Locked ownable synchronizers:",
    ...(owns.length === 0 ? ["\t- None"] : owns.map((lock) => `\t- ${lock}`)),
    "",
  ];
}

/** So many of one kind, numbered. */
export function times(count: number, thread: DrawnThread): readonly DrawnThread[] {
  return Array.from({ length: count }, (_, index) => ({ ...thread, name: `${thread.name}-${index}` }));
}

const options: AnalysisOptions = { top: 10, showValues: false };

/** What an analyzer finds, as `severity title`. */
export function toldBy(analyzer: Analyzer<"threadDumps">, threadDumps: ThreadDumpEvidence): readonly string[] {
  return analyzer.analyze({ threadDumps }, options).findings.map(({ severity, title }) => `${severity} ${title}`);
}

/** The findings themselves, and the sections' data by name. */
export function analysisBy(analyzer: Analyzer<"threadDumps">, threadDumps: ThreadDumpEvidence) {
  const { findings, sections } = analyzer.analyze({ threadDumps }, options);
  const dataOf = (name: string) => sections.find((section) => section.name === name)?.data;
  return { findings, sections, dataOf } satisfies {
    readonly findings: readonly Finding[];
    readonly [key: string]: unknown;
  };
}
