import { threadDumpAnalyzers } from "../../analyzers/of-thread-dumps.ts";
import { deadlocksOf } from "../../analyzers/thread-deadlocks.ts";
import { openContent, openStdin } from "../formats/compressed/open-content.ts";
import { joinThreadDumps } from "../formats/thread-dump/join-dumps.ts";
import { readThreadDumps } from "../formats/thread-dump/read-thread-dumps.ts";
import type { ThreadDumpSummary } from "../model/report.ts";
import type { ThreadDumpEvidence, ThreadDumpSnapshot } from "../model/thread-dump.ts";
import type { Bytes } from "../model/units.ts";
import type { Input } from "./input.ts";
import { joinedBytes } from "./joined-bytes.ts";
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

/** An input that was read, or some that are one series. */
export interface DumpInput {
  readonly name: string;
  readonly fileBytes: Bytes | undefined;
  readonly read: InputEvidence;
}

/** Inputs of dumps as series: files of one JVM become one input in the order of time, which `jprof analyze d1.txt d2.txt d3.txt` means. */
export function joinDumpInputs(inputs: readonly DumpInput[]): readonly DumpInput[] {
  const files = inputs.flatMap(({ read }) => read.evidence.threadDumps ?? []);
  if (files.length < inputs.length) throw new Error("expected inputs of thread dumps only");
  return joinThreadDumps(files).map(({ members, evidence }) => {
    const joined = members.map((member) => inputs[member]!);
    const [first] = joined;
    if (joined.length === 1 && first) return first;
    const name = joined.map((input) => input.name).join(", ");
    return {
      name,
      fileBytes: joinedBytes(joined),
      read: {
        evidence: { threadDumps: evidence },
        analyzers: threadDumpAnalyzers,
        summary: threadDumpSummaryOf(name, evidence),
        close: () => undefined,
      },
    };
  });
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
