import type { ByteSource } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";
import type { GcLogEvidence, GcLogFile } from "../../model/gc-log-evidence.ts";
import type { Loss } from "../../model/heap-evidence.ts";
import { readLines } from "../lines/read-lines.ts";
import { formOf } from "./format.ts";
import { GcLogBuilder } from "./gc-log-builder.ts";
import { LegacyLines } from "./legacy-lines.ts";
import { UnifiedLines } from "./unified-lines.ts";

const headBytes = 64 * 1024;

/** A log of garbage collections. Throws FormatError where it has no line of a collector. */
export function readGcLog(source: ByteSource): GcLogEvidence {
  return readGcLogs([source]);
}

/** The same of the files of one log, in their order. */
export function readGcLogs(sources: readonly ByteSource[]): GcLogEvidence {
  const builder = new GcLogBuilder();
  const [unified, legacy] = [new UnifiedLines(builder), new LegacyLines(builder)];
  const counts = { lines: 0, skippedLines: 0 };
  for (const source of sources) {
    const reader = isLegacy(source) ? legacy : unified;
    const read = readLines(source, (line) => reader.add(line));
    reader.end();
    counts.lines += read.lines;
    counts.skippedLines += read.skippedLines;
  }
  const gcLines = unified.gcLines + legacy.gcLines;
  const name = sources.map((source) => source.name).join(", ");
  if (gcLines === 0) throw new FormatError("expected a log of garbage collections, got no line of a collector");
  const main = legacy.gcLines > unified.gcLines ? legacy : unified;
  const losses = lossesOf(builder, counts.skippedLines);
  const file: GcLogFile = {
    name,
    format: main === legacy ? "JDK 8 and earlier" : "unified logging",
    lines: counts.lines,
    gcLines,
    detailLines: main.detailLines,
    unparsedLines: unified.unparsed.lines + legacy.unparsed.lines,
    unparsedShapes: main.unparsed.shapes(),
    losses,
    lostBytes: losses.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  return builder.evidence(file, main.tags);
}

function isLegacy(source: ByteSource): boolean {
  const head = new Uint8Array(Math.min(headBytes, source.sizeBytes));
  return formOf(head.subarray(0, source.read(0, head))) === "legacy";
}

function lossesOf({ clock }: GcLogBuilder, skippedLines: number): Loss[] {
  const losses: Loss[] = [];
  if (skippedLines > 0) {
    losses.push({ offset: 0, bytes: 0, reason: `${skippedLines} lines of more than 8 MiB were not read` });
  }
  if (clock.isMixed) {
    losses.push({
      offset: 0,
      bytes: 0,
      reason: "time jumps back again and again: lines of several JVMs are mixed, give each JVM a file of its own",
    });
  }
  return losses;
}
