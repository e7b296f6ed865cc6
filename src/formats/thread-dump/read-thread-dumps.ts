import type { ByteSource } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";
import type { Loss } from "../../model/heap-evidence.ts";
import type { ThreadDumpEvidence, ThreadDumpSnapshot } from "../../model/thread-dump.ts";
import { jsonFormOf, readJsonDump } from "./json-dump.ts";
import { visitLines } from "./lines.ts";
import { TextDumps } from "./text-dumps.ts";

/** Every thread dump of a file, in the order of the file. Throws FormatError where there is none. */
export function readThreadDumps(source: ByteSource): ThreadDumpEvidence {
  const head = new Uint8Array(4096);
  const form = jsonFormOf(new TextDecoder("latin1").decode(head.subarray(0, source.read(0, head))));
  if (!form) return textDumps(source);
  const { dump, losses } = readJsonDump(source, form);
  return { file: { name: source.name, format: form.name, losses }, dumps: withThreads([dump]) };
}

function textDumps(source: ByteSource): ThreadDumpEvidence {
  const reader = new TextDumps();
  visitLines(source, (line) => reader.add(line));
  const { dumps, droppedDumps } = reader.end();
  const isFiled = dumps[0]?.processId !== undefined;
  return {
    file: {
      name: source.name,
      format: isFiled ? "Thread.dump_to_file (text)" : "thread dump (text)",
      losses: [...dumps.flatMap(missingOf), ...droppedOf(droppedDumps)],
    },
    dumps: withThreads(dumps),
  };
}

function withThreads(dumps: readonly ThreadDumpSnapshot[]): readonly ThreadDumpSnapshot[] {
  const full = dumps.filter(({ threads, folded }) => threads.length + folded.length > 0);
  if (full.length === 0) throw new FormatError("expected a thread dump, got none with a thread in it", 0);
  return full;
}

/** Threads that the JVM counted, and that are not in the text. */
function missingOf({ expectedThreads, threads, folded }: ThreadDumpSnapshot, index: number): readonly Loss[] {
  const java = threads.filter(({ isInternal, isVirtual }) => !isInternal && !isVirtual).length;
  const counted = folded.reduce((count, each) => count + (each.isVirtual ? 0 : each.count), java);
  const missing = (expectedThreads ?? 0) - counted;
  if (missing <= 0) return [];
  return [
    { offset: 0, bytes: 0, reason: `dump ${index + 1} was cut: ${missing} of ${expectedThreads} threads are missing` },
  ];
}

function droppedOf(count: number): readonly Loss[] {
  return count === 0 ? [] : [{ offset: 0, bytes: 0, reason: `${count} dumps beyond the first 10,000 were left out` }];
}
