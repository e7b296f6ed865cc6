import { joinNativeHeaps } from "../formats/jemalloc/join-native-heaps.ts";
import { joinNativeTracking } from "../formats/nmt/read-native-tracking.ts";
import type { Bytes } from "../model/units.ts";
import { joinedBytes } from "./joined-bytes.ts";
import { jemallocSummaryOf, nmtSummaryOf } from "./native-summaries.ts";
import type { InputEvidence } from "./pipelines.ts";

/** An input that was read, or some that are one series. */
export interface NativeInput {
  readonly name: string;
  readonly format: string;
  readonly fileBytes: Bytes | undefined;
  readonly read: InputEvidence;
  /** That reading took. */
  readonly seconds: number;
}

/** Files of one process become one input in the order of time, which `jprof analyze je.*.heap` means; each stands where its first file did. */
export function joinNativeInputs(inputs: readonly NativeInput[]): readonly NativeInput[] {
  const series = [...joinedHeaps(inputs), ...joinedReports(inputs)];
  return series.sort((a, b) => a.position - b.position).map(({ input }) => input);
}

interface Series {
  readonly position: number;
  readonly input: NativeInput;
}

function joinedHeaps(inputs: readonly NativeInput[]): readonly Series[] {
  const indexes = [...inputs.keys()].filter((index) => inputs[index]!.read.evidence.nativeHeap !== undefined);
  return joinNativeHeaps(indexes.map((index) => inputs[index]!.read.evidence.nativeHeap!)).map(
    ({ members, evidence }) =>
      seriesOf(
        inputs,
        members.map((member) => indexes[member]!),
        (last, name) => ({
          ...last,
          evidence: { nativeHeap: evidence },
          summary: jemallocSummaryOf(name, evidence),
        }),
      ),
  );
}

function joinedReports(inputs: readonly NativeInput[]): readonly Series[] {
  const indexes = [...inputs.keys()].filter((index) => inputs[index]!.read.evidence.nativeMemory !== undefined);
  return joinNativeTracking(indexes.map((index) => inputs[index]!.read.evidence.nativeMemory!)).map(
    ({ members, evidence }) =>
      seriesOf(
        inputs,
        members.map((member) => indexes[member]!),
        (last, name) => ({
          ...last,
          evidence: { nativeMemory: evidence },
          summary: nmtSummaryOf(name, evidence),
        }),
      ),
  );
}

function seriesOf(
  inputs: readonly NativeInput[],
  members: readonly number[],
  read: (last: InputEvidence, name: string) => InputEvidence,
): Series {
  const joined = members.map((member) => inputs[member]!);
  const name = seriesName(joined.map((input) => input.name));
  return {
    position: Math.min(...members),
    input: {
      name,
      fileBytes: joinedBytes(joined),
      format: joined[0]!.format,
      read: read(joined.at(-1)!.read, name),
      seconds: joined.reduce((sum, { seconds }) => sum + seconds, 0),
    },
  };
}

/** A hundred names are no name. */
function seriesName(names: readonly string[]): string {
  if (names.length <= 3) return names.join(", ");
  return `${names[0]} … ${names.at(-1)} (${names.length} files)`;
}
