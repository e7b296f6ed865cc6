import { logFactsOf } from "../../analyzers/gclog-facts.ts";
import { gcLogAnalyzers } from "../../analyzers/of-gc-logs.ts";
import type { ByteSource } from "../bytes/byte-source.ts";
import { openContent, openStdin } from "../formats/compressed/open-content.ts";
import { orderOfLogs } from "../formats/gc-log/log-order.ts";
import { readGcLog, readGcLogs } from "../formats/gc-log/read-gc-log.ts";
import type { GcLogEvidence } from "../model/gc-log-evidence.ts";
import type { GcLogSummary } from "../model/report.ts";
import type { Bytes } from "../model/units.ts";
import type { Input } from "./input.ts";
import { joinedBytes } from "./joined-bytes.ts";
import type { InputEvidence, ReadOptions } from "./pipelines.ts";

/** A log of garbage collections as evidence. */
export async function readGcLogEvidence(input: Input, { progress }: ReadOptions): Promise<InputEvidence> {
  const source = input.isStdin
    ? openStdin(input.rawHead, (bytes) => progress("reading stdin", bytes, 0))
    : openContent(input.name, (bytes) => progress("decompressing", bytes, 0));
  try {
    return evidenceOf(input.name, readGcLog(source));
  } finally {
    source.close();
  }
}

/** An input that was read, or some that are one log. */
export interface GcLogInput {
  readonly name: string;
  readonly fileBytes: Bytes | undefined;
  readonly read: InputEvidence;
}

/**
 * Inputs of logs as logs: the files of one log that was rotated become one input in the order of time, whatever the order on the command
 * line. They are read again for that, so that a collection that began in one file and ended in the next is whole.
 */
export function joinGcLogInputs(inputs: readonly GcLogInput[]): readonly GcLogInput[] {
  const logs = inputs.flatMap(({ read }) => read.evidence.gcLog ?? []);
  if (logs.length < inputs.length) throw new Error("expected inputs of garbage collection logs only");
  return orderOfLogs(logs).map((members) => {
    const joined = members.map((member) => inputs[member]!);
    const [first] = joined;
    if (joined.length === 1 && first) return first;
    const name = joined.map((input) => input.name).join(", ");
    return {
      name,
      fileBytes: joinedBytes(joined),
      read: evidenceOf(name, readTogether(joined)),
    };
  });
}

function readTogether(inputs: readonly GcLogInput[]): GcLogEvidence {
  const sources: ByteSource[] = [];
  try {
    for (const { name } of inputs) sources.push(openContent(name));
    return readGcLogs(sources);
  } finally {
    for (const source of sources) source.close();
  }
}

function evidenceOf(input: string, gcLog: GcLogEvidence): InputEvidence {
  return {
    evidence: { gcLog },
    analyzers: gcLogAnalyzers,
    summary: gcLogSummaryOf(input, gcLog),
    close: () => undefined,
  };
}

function gcLogSummaryOf(input: string, log: GcLogEvidence): GcLogSummary {
  const { total, max, p50, p99, count } = log.pauseFigures;
  const startMillis = log.runs.find((run) => run.startMillis !== undefined)?.startMillis;
  return {
    kind: "gc",
    input,
    format: log.file.format,
    collector: log.collector ?? null,
    jvmVersion: logFactsOf(log).version ?? null,
    jvms: log.runs.length,
    startTime: startMillis === undefined ? null : new Date(startMillis).toISOString(),
    runtimeSeconds: log.durationSeconds,
    pauses: count,
    pauseSeconds: { total, max, p50, p99 },
    fullPauses: log.fullPauses,
    lines: log.file.lines,
    unparsedLines: log.file.unparsedLines,
    lostBytes: log.file.lostBytes,
  };
}
