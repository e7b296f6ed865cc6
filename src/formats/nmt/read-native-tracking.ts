import type { ByteSource } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";
import type { NativeMemoryEvidence, TrackingReport } from "../../model/native-memory.ts";
import { readWhole } from "../frames/whole.ts";
import { parseNativeMemory } from "../jcmd/native-memory.ts";
import { trackingReport } from "./tracking-report.ts";

/** Where one report ends and the next begins, in a file to which several were appended. */
const reportStart = /^Native Memory Tracking(?: Statistics)?:/gm;

/** Reads one report of native memory tracking, or several that follow each other. */
export function readNativeTracking(
  source: ByteSource,
  options: { readonly takenAtMillis?: number | undefined } = {},
): NativeMemoryEvidence {
  const text = new TextDecoder().decode(readWhole(source));
  const starts = [...text.matchAll(reportStart)].map(({ index }) => index);
  const parts = starts.map((start, index) => text.slice(start, starts[index + 1]));
  const reports: TrackingReport[] = [];
  const notes: string[] = [];
  for (const part of parts) {
    const read = readReport(part, source.name, options.takenAtMillis);
    if (typeof read === "string") notes.push(read);
    else reports.push(read);
  }
  if (reports.length === 0) {
    throw new FormatError(notes[0] ?? "expected a report of native memory tracking", 0);
  }
  const pid = /^(\d{1,10}):\r?\n/.exec(text)?.[1];
  return {
    file: { name: source.name, format: formatOf(reports) },
    processId: pid === undefined ? undefined : Number(pid),
    reports,
    notes: [...new Set(notes)],
  };
}

/** The report, or a sentence that says why there is none. */
function readReport(part: string, name: string, takenAtMillis: number | undefined): TrackingReport | string {
  if (part.startsWith("Native Memory Tracking Statistics:")) {
    return "the statistics of native memory tracking are of the tracking itself, and tell nothing of the memory";
  }
  const memory = parseNativeMemory(part);
  return memory.isTracked ? trackingReport(memory, { name, takenAtMillis }) : memory.reason;
}

function formatOf(reports: readonly TrackingReport[]): string {
  const last = reports.at(-1)!;
  return `native memory tracking, ${last.isDetailed ? "detail" : "summary"}${last.isDiff ? ".diff" : ""}`;
}

/** Reports of one JVM in several files, in the order of time; files of different processes stay apart. */
export function joinNativeTracking(
  files: readonly NativeMemoryEvidence[],
): readonly { readonly members: readonly number[]; readonly evidence: NativeMemoryEvidence }[] {
  const groups: number[][] = [];
  for (const [index, { processId }] of files.entries()) {
    const group = groups.find(([first]) => processId !== undefined && files[first!]!.processId === processId);
    if (group) group.push(index);
    else groups.push([index]);
  }
  return groups.map((group) => {
    const members = [...group].sort((a, b) => takenAt(files[a]!) - takenAt(files[b]!) || a - b);
    const parts = members.map((member) => files[member]!);
    const last = parts.at(-1)!;
    const evidence = {
      ...last,
      reports: parts.flatMap(({ reports }) => reports),
      notes: parts.flatMap(({ notes }) => notes),
    };
    return { members, evidence };
  });
}

function takenAt({ reports }: NativeMemoryEvidence): number {
  return reports[0]?.takenAtMillis ?? 0;
}
