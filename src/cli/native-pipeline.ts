import { statSync } from "node:fs";
import { nativeAnalyzers } from "../../analyzers/of-native.ts";
import type { ByteSource } from "../bytes/byte-source.ts";
import { openContent, openStdin } from "../formats/compressed/open-content.ts";
import { type NativeHeapOptions, readNativeHeap } from "../formats/jemalloc/read-native-heap.ts";
import { readNativeTracking } from "../formats/nmt/read-native-tracking.ts";
import { readProcessMemory } from "../formats/process-memory/read-process-memory.ts";
import type { Input } from "./input.ts";
import { jemallocSummaryOf, nmtSummaryOf, processMemorySummaryOf } from "./native-summaries.ts";
import type { InputEvidence, ReadOptions } from "./pipelines.ts";

/** Where names of native frames are found, beside the mapped files. */
type NativeReadOptions = ReadOptions & Pick<NativeHeapOptions, "perfMaps" | "debuginfodCaches">;

/** One dump of a sampling allocator's heap as evidence, and its profiles. */
export async function readNativeHeapEvidence(input: Input, options: NativeReadOptions): Promise<InputEvidence> {
  const { perfMaps = [], debuginfodCaches = [] } = options;
  return withSource(input, options, (source) => {
    const takenAtMillis = writtenMillis(input);
    const { evidence, profiles } = readNativeHeap(source, { takenAtMillis, perfMaps, debuginfodCaches });
    return {
      evidence: { nativeHeap: evidence },
      analyzers: nativeAnalyzers,
      profiles,
      summary: jemallocSummaryOf(input.name, evidence),
      close: () => undefined,
    };
  });
}

/** Reports of native memory tracking as evidence. */
export async function readNativeTrackingEvidence(input: Input, options: ReadOptions): Promise<InputEvidence> {
  return withSource(input, options, (source) => {
    const evidence = readNativeTracking(source, { takenAtMillis: writtenMillis(input) });
    return {
      evidence: { nativeMemory: evidence },
      analyzers: nativeAnalyzers,
      summary: nmtSummaryOf(input.name, evidence),
      close: () => undefined,
    };
  });
}

/** What the kernel, the JVM or its allocator says of a process's memory, as evidence. */
export async function readProcessMemoryEvidence(input: Input, options: ReadOptions): Promise<InputEvidence> {
  return withSource(input, options, (source) => {
    const evidence = readProcessMemory(source);
    return {
      evidence: { processMemory: evidence },
      analyzers: nativeAnalyzers,
      summary: processMemorySummaryOf(input.name, evidence),
      close: () => undefined,
    };
  });
}

function withSource(
  input: Input,
  { progress }: ReadOptions,
  read: (source: ByteSource) => InputEvidence,
): InputEvidence {
  const source = input.isStdin
    ? openStdin(input.rawHead, (bytes) => progress("reading stdin", bytes, 0))
    : openContent(input.name, (bytes) => progress("decompressing", bytes, 0));
  try {
    return read(source);
  } finally {
    source.close();
  }
}

/** When a file was written; its content does not tell. */
function writtenMillis({ name, isStdin }: Input): number | undefined {
  return isStdin ? undefined : statSync(name, { throwIfNoEntry: false })?.mtimeMs;
}
