import { statSync } from "node:fs";
import { nativeAnalyzers } from "../../analyzers/of-native.ts";
import { openContent, openStdin } from "../formats/compressed/open-content.ts";
import { joinNativeHeaps } from "../formats/jemalloc/join-native-heaps.ts";
import { readNativeHeap } from "../formats/jemalloc/read-native-heap.ts";
import type { NativeHeapEvidence } from "../model/native-evidence.ts";
import type { JemallocSummary } from "../model/report.ts";
import type { Bytes } from "../model/units.ts";
import type { Input } from "./input.ts";
import type { InputEvidence, ReadOptions } from "./pipelines.ts";

/** One dump of a sampling allocator's heap as evidence, and its profiles. */
export async function readNativeHeapEvidence(input: Input, { progress }: ReadOptions): Promise<InputEvidence> {
  const source = input.isStdin
    ? openStdin(input.rawHead, (bytes) => progress("reading stdin", bytes, 0))
    : openContent(input.name, (bytes) => progress("decompressing", bytes, 0));
  try {
    const { evidence, profiles } = readNativeHeap(source, { takenAtMillis: writtenMillis(input) });
    return {
      evidence: { nativeHeap: evidence },
      analyzers: nativeAnalyzers,
      profiles,
      summary: jemallocSummaryOf(input.name, evidence),
      close: () => undefined,
    };
  } finally {
    source.close();
  }
}

/** When a dump was written; its content does not tell. */
function writtenMillis({ name, isStdin }: Input): number | undefined {
  return isStdin ? undefined : statSync(name, { throwIfNoEntry: false })?.mtimeMs;
}

/** An input that was read, or some that are one series. */
export interface NativeInput {
  readonly name: string;
  readonly fileBytes: Bytes | undefined;
  readonly read: InputEvidence;
}

/** Dumps as series: files of one process become one input in the order of time, which `jprof analyze je.*.heap` means. */
export function joinNativeInputs(inputs: readonly NativeInput[]): readonly NativeInput[] {
  const files = inputs.flatMap(({ read }) => read.evidence.nativeHeap ?? []);
  if (files.length < inputs.length) throw new Error("expected inputs of native heap profiles only");
  return joinNativeHeaps(files).map(({ members, evidence }) => {
    const joined = members.map((member) => inputs[member]!);
    const last = joined.at(-1)!;
    if (joined.length === 1) return last;
    const name = seriesName(joined.map((input) => input.name));
    const sizes = joined.flatMap(({ fileBytes }) => fileBytes ?? []);
    return {
      name,
      fileBytes: sizes.length < joined.length ? undefined : sizes.reduce((sum, bytes) => sum + bytes, 0),
      read: { ...last.read, evidence: { nativeHeap: evidence }, summary: jemallocSummaryOf(name, evidence) },
    };
  });
}

/** A hundred names are no name. */
function seriesName(names: readonly string[]): string {
  if (names.length <= 3) return names.join(", ");
  return `${names[0]} … ${names.at(-1)} (${names.length} files)`;
}

/** The figures of one dump, or of the last of a series. */
export function jemallocSummaryOf(
  input: string,
  { file, allocator, periodBytes, dumps, siteStack }: NativeHeapEvidence,
): JemallocSummary {
  const last = dumps.at(-1);
  const total = (column: Float64Array | undefined) => column?.reduce((sum, value) => sum + value, 0) ?? 0;
  return {
    kind: "jemalloc",
    input,
    format: file.format,
    allocator,
    dumps: dumps.length,
    inuseBytes: total(last?.inuseBytes),
    inuseObjects: total(last?.inuseObjects),
    allocBytes: total(last?.allocBytes),
    allocObjects: total(last?.allocObjects),
    stacks: siteStack.length,
    periodBytes: periodBytes ?? null,
  };
}
