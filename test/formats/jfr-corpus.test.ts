import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../src/bytes/byte-source.ts";
import { lastingName } from "../../src/formats/jfr/frame-names.ts";
import { type RecordingReadOptions, readRecording } from "../../src/formats/jfr/read-recording.ts";
import type { Profile, ProfileKind } from "../../src/model/profile.ts";
import { corpusFile, hasCorpus, noCorpus } from "../corpus.ts";

/** What another reader made of a recording, as collapsed stacks: `file_0_mutex_…_expected_collapsed.txt.gz`. */
interface Oracle {
  readonly part: RegExp;
  readonly kinds: readonly ProfileKind[];
  readonly event: string;
  /** What its one value, or its first, is of one sample. */
  readonly perSample: number;
}

const oracles: readonly Oracle[] = [
  { part: /process_cpu/, kinds: ["cpu"], event: "jdk.ExecutionSample", perSample: 1e7 },
  { part: /wall_wall/, kinds: ["wall"], event: "", perSample: 1e7 },
  { part: /alloc_in_new_tlab/, kinds: ["alloc"], event: "jdk.ObjectAllocationInNewTLAB", perSample: 1 },
  { part: /alloc_outside_tlab/, kinds: ["alloc"], event: "jdk.ObjectAllocationOutsideTLAB", perSample: 1 },
  { part: /alloc_sample/, kinds: ["alloc"], event: "jdk.ObjectAllocationSample", perSample: 1 },
  { part: /block_contentions/, kinds: ["lock"], event: "jdk.ThreadPark", perSample: 1 },
];

/** Where the other reader means something else by it. */
const otherMeanings: readonly {
  readonly file: RegExp;
  readonly oracle: Partial<Oracle>;
  readonly options?: RecordingReadOptions;
}[] = [
  // It takes a wall-clock sample of a running thread for one of the CPU, beside those of the CPU.
  {
    file: /^grafana_async-profiler_2_process_cpu/,
    oracle: { kinds: ["cpu", "wall"] },
    options: { filter: { isState: (state) => state !== "STATE_SLEEPING" } },
  },
  { file: /^grafana_wall_0_process_cpu/, oracle: { event: "profiler.WallClockSample" } },
];

const folder = hasCorpus ? readdirSync(corpusFile("jfr")) : [];
const expectations = folder.filter((name) => name.endsWith("_expected_collapsed.txt.gz"));

describe(`recordings of the corpus${noCorpus}`, () => {
  test.each(expectations)("stacks and values are those of %s", (name) => {
    const { oracle, options } = oracleOf(name);
    const recording = folder
      .filter((file) => file.endsWith(".jfr.gz") && name.startsWith(file.slice(0, -7)))
      .sort()
      .at(-1)!;
    const { profiles } = readRecording(memorySource(recording, corpusBytes(recording)), options);
    const ours = profiles.profiles.filter(
      ({ kind, event }) => oracle.kinds.includes(kind) && (oracle.event === "" || oracle.event === event),
    );
    const theirs = parseCollapsed(corpusBytes(name).toString());
    const counts = new Map<string, number>();
    const weights = new Map<string, number>();
    for (const profile of ours) addStacks(profile, counts, weights);
    expect(sorted(counts, (samples) => samples * oracle.perSample)).toEqual(sorted(theirs.first));
    const isSeconds = ours[0]!.unit === "seconds";
    if (theirs.second.size > 0) {
      // Its durations are ticks of the JVM's clock.
      const ticksPerSecond = isSeconds ? sumOf(theirs.second) / sumOf(weights) : 1;
      expect(sorted(weights, (weight) => weight * ticksPerSecond)).toEqual(sorted(theirs.second));
    }
  });
});

function oracleOf(name: string): { oracle: Oracle; options: RecordingReadOptions } {
  const oracle = oracles.find(({ part }) => part.test(name))!;
  const other = otherMeanings.find(({ file }) => file.test(name));
  return { oracle: { ...oracle, ...other?.oracle }, options: other?.options ?? {} };
}

function corpusBytes(name: string): Buffer {
  return gunzipSync(readFileSync(corpusFile("jfr", name)));
}

/** By stack, of samples that have one: the other reader leaves out those without. */
function addStacks(profile: Profile, counts: Map<string, number>, weights: Map<string, number>): void {
  const paths = new Map<number, string>();
  profile.sampleStack.forEach((stack, row) => {
    if (stack < 0) return;
    const path = paths.get(stack) ?? pathOf(profile, stack);
    paths.set(stack, path);
    counts.set(path, (counts.get(path) ?? 0) + profile.sampleCount[row]!);
    weights.set(path, (weights.get(path) ?? 0) + profile.sampleWeight[row]!);
  });
}

function pathOf({ stacks }: Profile, leaf: number): string {
  const names: string[] = [];
  for (let stack = leaf; stack >= 0; stack = stacks.stackCaller[stack]!) {
    names.unshift(stacks.frameNames[stacks.stackFrame[stack]!]!.replaceAll(";", ":"));
  }
  return names.join(";");
}

/** A library that was replaced while it was in use: its name has the separator in it. */
const deletedLibrary = /\.so;([0-9a-f]+ \(deleted\))/g;

/** Lines such as `a/b/C.d:12;libjvm.so.write:0 [3 4096]`. */
function parseCollapsed(text: string): { readonly first: Map<string, number>; readonly second: Map<string, number> } {
  const first = new Map<string, number>();
  const second = new Map<string, number>();
  for (const line of text.trim().split("\n")) {
    const [, frames = "", values = ""] = /^(.*) \[([\d ]+)\]$/.exec(line)!;
    const path = frames.replaceAll(deletedLibrary, ".so:$1").split(";").map(ourName).join(";");
    const [count = 0, weight] = values.split(" ").map(Number);
    first.set(path, (first.get(path) ?? 0) + count);
    if (weight !== undefined) second.set(path, (second.get(path) ?? 0) + weight);
  }
  return { first, second };
}

/** A frame without its line, symbols without their library, classes in source form and without numbers of this run. */
function ourName(frame: string): string {
  const name = frame.replace(/:\d+$/, "");
  if (name.startsWith(".")) return name.slice(1);
  const symbol = /^(?:\S*\.so(?:\.\d+)*(?::[0-9a-f]+)?(?: \(deleted\))?|\[?vdso\]?|java(?=\.\w+$))\.(.+)$/.exec(
    name,
  )?.[1];
  if (symbol !== undefined) return symbol;
  return lastingName(name.replaceAll("/", ".")).replace(/(\$\$Lambda)\$?_|(Accessor)_/, "$1$2");
}

function sorted(values: ReadonlyMap<string, number>, scaled = (value: number) => value): readonly string[] {
  return [...values].map(([path, value]) => `${path} ${scaled(value).toPrecision(9)}`).sort();
}

function sumOf(values: ReadonlyMap<string, number>): number {
  return [...values.values()].reduce((sum, value) => sum + value, 0);
}
