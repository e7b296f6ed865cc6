import type { ByteSource } from "../../bytes/byte-source.ts";
import { noStack, StackBuilder } from "../../bytes/stack-builder.ts";
import { FormatError } from "../../model/errors.ts";
import type { Profile, ProfileSet } from "../../model/profile.ts";
import { frameInterner, SampleRows } from "../frames/sample-rows.ts";
import { kindOfValue, type UnitScale, unitScaleOf } from "../frames/value-kind.ts";
import { readWhole } from "../frames/whole.ts";
import { parseCutJson } from "../jcmd/cut-json.ts";

/** Reads speedscope's JSON: profiles of samples, and of events that open and close frames. */
export function readSpeedscope(source: ByteSource): ProfileSet {
  const text = new TextDecoder().decode(readWhole(source));
  const { value, isCut } = parsedOrCut(text);
  const file = recordOf(value);
  const frames = listOf(recordOf(file.shared).frames);
  const profiles = listOf(file.profiles);
  if (frames.length === 0 || profiles.length === 0) {
    throw new FormatError(
      `expected speedscope JSON with shared.frames and profiles, got ${frames.length} frames and ${profiles.length} profiles`,
      text.length,
    );
  }
  const builder = new StackBuilder();
  const frameOf = frameInterner(builder);
  const reading = {
    builder,
    frames: frames.map((frame) => frameOf(textOr(recordOf(frame).name, "[unknown]"))),
  };
  const notes = isCut ? ["the file is cut off; what follows is not in these numbers"] : [];
  const readers = profiles.map((profile) => readProfile(recordOf(profile), reading));
  const table = builder.table();
  const read = readers.map(({ rows, ignored }) => rows.profile(table, { notes: [...notes, ...ignoredNotes(ignored)] }));
  return { profiles: read, threads: [], startMillis: undefined, durationSeconds: durationOf(profiles, read) };
}

interface Reading {
  readonly builder: StackBuilder;
  /** Frame of the builder by index in the file. */
  readonly frames: readonly number[];
}

interface RowsRead {
  readonly rows: SampleRows;
  /** Samples and events that make no sense. */
  readonly ignored: number;
}

function readProfile(profile: Record, reading: Reading): RowsRead {
  const name = textOr(profile.name, "profile");
  const scale = unitScaleOf(textOr(profile.unit, "none"));
  const kind = kindOfValue(name.split(":")[0]!, name);
  const rows = new SampleRows({ kind, event: name, unit: scale.unit });
  const ignored =
    profile.type === "evented" ? readEvents(profile, reading, rows, scale) : readSamples(profile, reading, rows, scale);
  return { rows, ignored };
}

function readSamples(profile: Record, { builder, frames }: Reading, rows: SampleRows, scale: UnitScale): number {
  const samples = listOf(profile.samples);
  const weights = listOf(profile.weights);
  const areTimes = scale.unit === "seconds";
  let ignored = 0;
  let seconds = 0;
  for (const [index, sample] of samples.entries()) {
    const weight = weights[index] ?? (weights.length === 0 ? 1 : undefined);
    const stack = stackOf(listOf(sample), builder, frames);
    if (typeof weight !== "number" || stack === undefined) {
      ignored++;
      continue;
    }
    const count = scale.unit === "count" && Number.isInteger(weight) ? Math.abs(weight) : 1;
    rows.push({ stack, weight: weight * scale.factor, count, ...(areTimes && { seconds }) });
    if (areTimes) seconds += weight * scale.factor;
  }
  return ignored;
}

function stackOf(indexes: readonly unknown[], builder: StackBuilder, frames: readonly number[]): number | undefined {
  let stack = noStack;
  for (const index of indexes) {
    const frame = typeof index === "number" ? frames[index] : undefined;
    if (frame === undefined) return undefined;
    stack = builder.call(stack, frame);
  }
  return stack;
}

/** What lies between two events belongs to the frames that are open then. */
function readEvents(profile: Record, { builder, frames }: Reading, rows: SampleRows, scale: UnitScale): number {
  const start = numberOr(profile.startValue, 0);
  const open: number[] = [];
  let last = start;
  let ignored = 0;
  for (const value of listOf(profile.events)) {
    const event = openOrClose(value, frames, open.at(-1));
    if (event === undefined || event.at < last) {
      ignored++;
      continue;
    }
    if (event.at > last && open.length > 0) {
      const seconds = scale.unit === "seconds" ? { seconds: (last - start) * scale.factor } : {};
      rows.push({ stack: builder.stack(open), weight: (event.at - last) * scale.factor, ...seconds });
    }
    last = event.at;
    if (event.isClose) open.pop();
    else open.push(event.frame);
  }
  return ignored;
}

/** An event that makes sense where `innermost` is the frame that was opened last. */
function openOrClose(value: unknown, frames: readonly number[], innermost: number | undefined) {
  const { type, at, frame: index } = recordOf(value);
  const frame = typeof index === "number" ? frames[index] : undefined;
  if (frame === undefined || typeof at !== "number") return undefined;
  const isClose = type === "C";
  const isPossible = isClose ? innermost === frame : type === "O";
  return isPossible ? { frame, at, isClose } : undefined;
}

function durationOf(files: readonly unknown[], profiles: readonly Profile[]): number | undefined {
  const spans = files.flatMap((value, index) => {
    const { startValue, endValue, unit } = recordOf(value);
    const isTime =
      profiles[index]?.unit === "seconds" && typeof startValue === "number" && typeof endValue === "number";
    return isTime ? [(endValue - startValue) * unitScaleOf(textOr(unit, "none")).factor] : [];
  });
  return spans.length === 0 ? undefined : Math.max(...spans);
}

function parsedOrCut(text: string): { readonly value: unknown; readonly isCut: boolean } {
  try {
    return { value: JSON.parse(text), isCut: false };
  } catch (error) {
    const value = parseCutJson(text);
    if (value !== undefined) return { value, isCut: true };
    throw new FormatError(`expected JSON, got ${error instanceof Error ? error.message : "something else"}`, 0, {
      cause: error,
    });
  }
}

function ignoredNotes(ignored: number): readonly string[] {
  return ignored === 0
    ? []
    : [`${ignored} samples or events name no frame or make no sense, and are not in these numbers`];
}

type Record = Readonly<{ [name: string]: unknown }>;

function recordOf(value: unknown): Record {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
