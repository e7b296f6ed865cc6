import { threadDumpAnalyzers } from "../../analyzers/of-thread-dumps.ts";
import { deadlocksOf } from "../../analyzers/thread-deadlocks.ts";
import { openContent, openStdin } from "../formats/compressed/open-content.ts";
import { readThreadDumps } from "../formats/thread-dump/read-thread-dumps.ts";
import type { ThreadDumpSummary } from "../model/report.ts";
import type { ThreadDumpEvidence, ThreadDumpSnapshot } from "../model/thread-dump.ts";
import type { Input } from "./input.ts";
import type { InputEvidence, ReadOptions } from "./pipelines.ts";

/** Thread dumps of one file as evidence. */
export async function readThreadDumpEvidence(input: Input, { progress }: ReadOptions): Promise<InputEvidence> {
  const source = input.isStdin
    ? openStdin(input.rawHead, (bytes) => progress("reading stdin", bytes, 0))
    : openContent(input.name, (bytes) => progress("decompressing", bytes, 0));
  try {
    const threadDumps = readThreadDumps(source);
    return {
      evidence: { threadDumps },
      analyzers: threadDumpAnalyzers,
      summary: threadDumpSummaryOf(input.name, threadDumps),
      close: () => undefined,
    };
  } finally {
    source.close();
  }
}

/** The figures of one file of dumps, or of several that were joined. */
export function threadDumpSummaryOf(input: string, evidence: ThreadDumpEvidence): ThreadDumpSummary {
  const { dumps, file } = evidence;
  const last = dumps.at(-1);
  const virtualThreads = last ? countOf(last, true) : 0;
  const platformThreads = last ? countOf(last, false) : 0;
  return {
    kind: "threads",
    input,
    format: file.format,
    dumps: dumps.length,
    threads: platformThreads + virtualThreads,
    virtualThreads,
    deadlocks: deadlocksOf(evidence).length,
    unknownLines: dumps.reduce((sum, { unknownLines }) => sum + unknownLines, 0),
  };
}

/** Threads of Java: the JVM's own are not counted. */
function countOf({ threads, folded }: ThreadDumpSnapshot, isVirtual: boolean): number {
  const kept = threads.filter((thread) => thread.isVirtual === isVirtual && !thread.isInternal).length;
  return folded.reduce((sum, each) => sum + (each.isVirtual === isVirtual ? each.count : 0), kept);
}
