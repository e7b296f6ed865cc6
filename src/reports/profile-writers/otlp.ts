import type { FrameKind, Profile, ProfileSet } from "../../model/profile.ts";
import { frameKinds } from "../../model/profile.ts";
import { frameStack } from "./frame-stack.ts";
import type { ProfileWriter, WriteOptions } from "./profile-writer.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";
import { sampleGroups } from "./sample-groups.ts";
import { StringTable } from "./string-table.ts";
import { labelKeyOf, type ValueName, valueNames } from "./value-names.ts";
import { wholeWeight } from "./whole-weights.ts";

/**
 * `ProfilesData` of opentelemetry.proto.profiles.v1development as of proto 1.10. The package is still in development: 1.9 and
 * earlier have other numbers of fields, so a receiver must be of that version.
 */
export const otlpWriter: ProfileWriter = {
  name: "otlp",
  description: "OpenTelemetry profiles (v1development as of proto 1.10, protobuf)",
  extension: "otlp.pb",
  holds: "many",
  write: (set, options) => new OtlpMessage(set, options).bytes(),
};

/** What OpenTelemetry's conventions call a frame's kind. */
const frameTypes: Readonly<Record<FrameKind, string>> = {
  java: "jvm",
  native: "native",
  kernel: "kernel",
  cpp: "native",
  other: "native",
};

/** Index 0 of every table is its zero value. */
class OtlpMessage {
  readonly #set: ProfileSet;
  readonly #options: WriteOptions;
  readonly #strings = new StringTable();
  readonly #locations = new Table();
  readonly #functions = new Table();
  readonly #stacks = new Table();
  readonly #attributes = new Table();

  constructor(set: ProfileSet, options: WriteOptions) {
    this.#set = set;
    this.#options = options;
  }

  bytes(): Uint8Array {
    const { name, tool } = this.#options;
    const scope = new ProtobufWriter().text(1, tool.name).text(2, tool.version).bytes;
    const scopeProfiles = new ProtobufWriter().part(1, scope);
    for (const profile of this.#set.profiles) {
      for (const [column, valueName] of valueNames(profile, this.#set.profiles).entries()) {
        scopeProfiles.part(2, this.#profile(profile, valueName, column));
      }
    }
    const service = new ProtobufWriter()
      .text(1, "service.name")
      .part(2, new ProtobufWriter().text(1, name).bytes).bytes;
    const resource = new ProtobufWriter().part(1, service).bytes;
    const resourceProfiles = new ProtobufWriter().part(1, resource).part(2, scopeProfiles.bytes).bytes;
    return new ProtobufWriter().part(1, resourceProfiles).part(2, this.#dictionary()).bytes;
  }

  #dictionary(): Uint8Array {
    const dictionary = new ProtobufWriter().part(1, new Uint8Array(0));
    for (const entry of this.#locations.entries) dictionary.part(2, entry);
    for (const entry of this.#functions.entries) dictionary.part(3, entry);
    dictionary.part(4, new Uint8Array(0));
    for (const text of this.#strings.texts) dictionary.text(5, text);
    for (const entry of this.#attributes.entries) dictionary.part(6, entry);
    for (const entry of this.#stacks.entries) dictionary.part(7, entry);
    return dictionary.bytes;
  }

  /** A profile has one type of value: counts and weights are two. */
  #profile(profile: Profile, { type, unit }: ValueName, column: number): Uint8Array {
    const isWeight = column === 1 || profile.unit === "count";
    const { startMillis, durationSeconds } = this.#set;
    const message = new ProtobufWriter().part(1, this.#valueType(type, unit));
    const frames = profile.stacks.frameNames.map(() => 0);
    const sample = new ProtobufWriter();
    for (const { stack, thread, label, weight, count } of sampleGroups(profile)) {
      const value = isWeight ? wholeWeight(weight, profile.unit) : Math.round(count);
      const stackIndex = stack < 0 ? 0 : this.#stack(profile, stack, frames);
      const attributes = this.#sampleAttributes(profile, thread, label);
      message.part(2, sample.clear().number(1, stackIndex).numbers(2, attributes).numbers(4, [value]).bytes);
    }
    message.fixed64(3, Math.round((startMillis ?? 0) * 1e6)).number(4, Math.round((durationSeconds ?? 0) * 1e9));
    const seconds = profile.confidence.intervalSeconds;
    if (seconds !== undefined) {
      message.part(5, this.#valueType(profile.kind === "wall" ? "wall" : "cpu", "nanoseconds"));
      message.number(6, Math.round(seconds * 1e9));
    }
    return message.bytes;
  }

  #valueType(type: string, unit: string): Uint8Array {
    return new ProtobufWriter().number(1, this.#strings.numberOf(type)).number(2, this.#strings.numberOf(unit)).bytes;
  }

  #sampleAttributes(profile: Profile, thread: number, label: number): readonly number[] {
    const seen = this.#set.threads[thread];
    const labelText = profile.labels?.[label];
    return [
      ...(seen === undefined ? [] : [this.#attribute("thread.name", seen.name)]),
      ...(labelText === undefined ? [] : [this.#attribute(`jprof.${labelKeyOf(profile.kind)}`, labelText)]),
    ];
  }

  #attribute(key: string, value: string): number {
    return this.#attributes.numberOf(`${key}\n${value}`, () =>
      new ProtobufWriter().number(1, this.#strings.numberOf(key)).part(2, new ProtobufWriter().text(1, value).bytes),
    );
  }

  #stack(profile: Profile, stack: number, locations: number[]): number {
    const { stacks } = profile;
    const leafFirst = frameStack(stacks, stack).map((frame) => {
      locations[frame] ||= this.#location(stacks.frameNames[frame]!, frameKinds[stacks.frameKindOf[frame]!]!);
      return locations[frame]!;
    });
    return this.#stacks.numberOf(leafFirst.join(), () => new ProtobufWriter().numbers(1, leafFirst));
  }

  #location(name: string, kind: FrameKind): number {
    return this.#locations.numberOf(`${kind} ${name}`, () => {
      const functionIndex = this.#functions.numberOf(name, () =>
        new ProtobufWriter().number(1, this.#strings.numberOf(name)),
      );
      const line = new ProtobufWriter().number(1, functionIndex).bytes;
      return new ProtobufWriter().part(3, line).numbers(4, [this.#attribute("profile.frame.type", frameTypes[kind])]);
    });
  }
}

/** Entries by what they are made of, each once. */
class Table {
  readonly #numbers = new Map<string, number>();
  readonly entries: Uint8Array[] = [new Uint8Array(0)];

  numberOf(key: string, build: () => ProtobufWriter): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const bytes = build().bytes;
    const number = this.entries.length;
    this.entries.push(bytes);
    this.#numbers.set(key, number);
    return number;
  }
}
