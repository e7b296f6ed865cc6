import type { ByteSource } from "../../bytes/byte-source.ts";
import { noStack, StackBuilder } from "../../bytes/stack-builder.ts";
import { FormatError } from "../../model/errors.ts";
import type { Profile, ProfileSet } from "../../model/profile.ts";
import { parseFrameName } from "../frames/frame-name.ts";
import { ThreadNames } from "../frames/thread-names.ts";
import { kindOfValue, unitScaleOf } from "../frames/value-kind.ts";
import { readWhole } from "../frames/whole.ts";
import { type Location, type PprofFile, parsePprof, type Sample } from "./messages.ts";

/** Reads a pprof file without its gzip: every type of value is a profile, over the same stacks. */
export function readPprof(source: ByteSource): ProfileSet {
  const file = parsePprof(readWhole(source));
  if (file.sampleTypes.length === 0 || file.samples.length === 0) {
    throw new FormatError(
      `expected a pprof profile with types of values and samples, got ${file.sampleTypes.length} types and ${file.samples.length} samples`,
      Math.max(file.brokenAt, 0),
    );
  }
  const stacks = new StackBuilder();
  const frames = new LocationFrames(file, stacks);
  const sampleStack = Int32Array.from(file.samples, ({ locations }) => frames.stackOf(locations));
  const sampleLine = Int32Array.from(file.samples, ({ locations }) => frames.lineOf(locations[0]));
  const threads = new ThreadNames();
  const sampleThread = Int32Array.from(file.samples, (sample) => threadOf(sample, file, threads));
  const base = {
    stacks: stacks.table(),
    sampleStack,
    ...(sampleLine.some((line) => line > 0) && { sampleLine }),
    ...(threads.threads.length > 0 && { sampleThread }),
  };
  return {
    profiles: file.sampleTypes.map((_, index) => ({ ...base, ...valuesOf(file, index, sampleStack) })),
    threads: threads.threads,
    startMillis: file.timeNanos > 0 ? file.timeNanos / 1e6 : undefined,
    durationSeconds: file.durationNanos > 0 ? file.durationNanos / 1e9 : undefined,
  };
}

type Values = Pick<Profile, "kind" | "event" | "unit" | "sampleWeight" | "sampleCount" | "confidence">;

function valuesOf(file: PprofFile, index: number, sampleStack: Int32Array): Values {
  const names = file.sampleTypes.map(({ type }) => textAt(file, type));
  const event = names[index]!;
  const { unit, factor } = unitScaleOf(textAt(file, file.sampleTypes[index]!.unit));
  const counts = unit === "count" ? index : countsBeside(file, names, index);
  const sampleWeight = Float64Array.from(file.samples, ({ values }) => (values[index] ?? 0) * factor);
  const sampleCount =
    counts === undefined
      ? sampleWeight.map((weight) => (weight === 0 ? 0 : 1))
      : Float64Array.from(file.samples, ({ values }) => Math.abs(values[counts] ?? 0));
  const periodType = file.periodType && textAt(file, file.periodType.type);
  const isPeriodOf = periodType !== undefined && (event === periodType || event === "samples");
  const period = file.periodType && unitScaleOf(textAt(file, file.periodType.unit));
  return {
    kind: kindOfValue(
      event,
      [...names, periodType ?? ""].find((name) => kindOfValue(name) !== "unknown"),
    ),
    event,
    unit,
    sampleWeight,
    sampleCount,
    confidence: {
      ...(isPeriodOf &&
        period?.unit === "seconds" &&
        file.period > 0 && { intervalSeconds: file.period * period.factor }),
      samplesWithoutStack: sampleStack.reduce((sum, stack) => sum + (stack < 0 ? 1 : 0), 0),
      truncatedStacks: 0,
      notes: notesOf(file, unit !== "count" && counts === undefined),
    },
  };
}

function notesOf(file: PprofFile, hasNoCounts: boolean): readonly string[] {
  return [
    ...(file.brokenAt < 0
      ? []
      : [`the file is cut off or damaged at byte ${file.brokenAt}; what follows is not in these numbers`]),
    ...(hasNoCounts ? ["the file does not say how many events its values stand for: each row counts as one"] : []),
  ];
}

/** `alloc_objects` counts what `alloc_space` weighs, and stands before it, as `samples` does before `cpu`. */
function countsBeside(file: PprofFile, names: readonly string[], index: number): number | undefined {
  const isCount = (type: number) => {
    const unit = file.sampleTypes[type]?.unit;
    return unit !== undefined && unitScaleOf(textAt(file, unit)).unit === "count";
  };
  const stem = names[index]!.replace(/_?(space|bytes|size)$/, "");
  const alike = names.findIndex((name, type) => isCount(type) && name.replace(/_?(objects|count)$/, "") === stem);
  if (alike >= 0) return alike;
  if (isCount(index - 1)) return index - 1;
  return names.length === 2 && isCount(1 - index) ? 1 - index : undefined;
}

function textAt({ strings }: PprofFile, index: number): string {
  return strings[index] ?? `string ${index}`;
}

const threadNameKeys = ["thread name", "thread_name", "thread"];
const threadIdKeys = ["thread id", "thread_id", "tid"];

function threadOf({ labels }: Sample, file: PprofFile, threads: ThreadNames): number {
  let name: string | undefined;
  let osId: number | undefined;
  for (const { key, text, number } of labels) {
    const keyText = textAt(file, key);
    if (threadNameKeys.includes(keyText) && text > 0) name = textAt(file, text);
    else if (threadIdKeys.includes(keyText)) osId = text > 0 ? Number(textAt(file, text)) || undefined : number;
  }
  if (name === undefined && osId === undefined) return -1;
  return threads.numberOf({ name: name ?? `thread ${osId}`, osId });
}

/** Frames of locations: inlined calls are several frames of one location, the innermost first. */
class LocationFrames {
  readonly #file: PprofFile;
  readonly #stacks: StackBuilder;
  readonly #framesOf = new Map<number, readonly number[]>();

  constructor(file: PprofFile, stacks: StackBuilder) {
    this.#file = file;
    this.#stacks = stacks;
  }

  stackOf(leafFirst: readonly number[]): number {
    let stack = noStack;
    for (let index = leafFirst.length - 1; index >= 0; index--) {
      for (const frame of this.#frames(leafFirst[index]!)) stack = this.#stacks.call(stack, frame);
    }
    return stack;
  }

  lineOf(location: number | undefined): number {
    const line = location === undefined ? 0 : (this.#file.locations.get(location)?.lines[0]?.line ?? 0);
    return line > 0 && line < 0x7fffffff ? line : 0;
  }

  /** Outermost first. */
  #frames(id: number): readonly number[] {
    const known = this.#framesOf.get(id);
    if (known) return known;
    const location = this.#file.locations.get(id);
    const frames =
      location === undefined ? [this.#stacks.frame("[unknown]", "other")] : this.#framesOfLocation(location);
    this.#framesOf.set(id, frames);
    return frames;
  }

  #framesOfLocation({ lines, address, mapping }: Location): readonly number[] {
    if (lines.length === 0) {
      const binary = textAt(this.#file, this.#file.mappingNames.get(mapping) ?? 0).replace(/^.*\//, "");
      const name = `0x${address.toString(16)}${binary === "" ? "" : ` (${binary})`}`;
      return [this.#stacks.frame(name, "native")];
    }
    return lines.toReversed().map(({ functionId }) => {
      const name = this.#file.functionNames.get(functionId);
      const frame = parseFrameName(name === undefined ? "[unknown]" : textAt(this.#file, name));
      return this.#stacks.frame(frame.name, frame.kind);
    });
  }
}
