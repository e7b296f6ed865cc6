import type { Profile, ProfileSet } from "../../model/profile.ts";
import { frameStack } from "./frame-stack.ts";
import type { ProfileWriter } from "./profile-writer.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";
import { sampleGroups } from "./sample-groups.ts";
import { StringTable } from "./string-table.ts";
import { labelKeyOf, type ValueName, valueNames } from "./value-names.ts";
import { wholeWeight } from "./whole-weights.ts";

/** google/pprof's profile.proto: every profile has its own types of values, and zeros in the others'. */
export const pprofWriter: ProfileWriter = {
  name: "pprof",
  description: "pprof (profile.proto, gzip): go tool pprof, Pyroscope, Parca",
  extension: "pb.gz",
  holds: "many",
  compression: "gzip",
  write: (set, { tool }) => new PprofMessage(set, `${tool.name} ${tool.version}`).bytes(),
};

/** Fields of the message `Profile`. */
const fields = {
  sampleType: 1,
  sample: 2,
  mapping: 3,
  location: 4,
  function: 5,
  text: 6,
  timeNanos: 9,
  durationNanos: 10,
  periodType: 11,
  period: 12,
  comment: 13,
  defaultSampleType: 14,
} as const;

class PprofMessage {
  readonly #set: ProfileSet;
  readonly #message = new ProtobufWriter();
  readonly #part = new ProtobufWriter();
  readonly #inner = new ProtobufWriter();
  readonly #strings = new StringTable();
  readonly #functions = new Map<string, number>();
  readonly #comment: string;

  constructor(set: ProfileSet, comment: string) {
    this.#set = set;
    this.#comment = comment;
  }

  bytes(): Uint8Array {
    const { profiles, startMillis, durationSeconds } = this.#set;
    const names = profiles.map((profile) => valueNames(profile, profiles));
    for (const name of names.flat()) this.#message.part(fields.sampleType, this.#valueType(name));
    // One mapping that has its functions keeps readers from looking for the binary.
    this.#message.part(fields.mapping, this.#part.clear().number(1, 1).number(7, 1).bytes);
    let firstValue = 0;
    for (const [index, profile] of profiles.entries()) {
      this.#addSamples(profile, firstValue, names.flat().length);
      firstValue += names[index]!.length;
    }
    this.#message
      .number(fields.timeNanos, Math.round((startMillis ?? 0) * 1e6))
      .number(fields.durationNanos, Math.round((durationSeconds ?? 0) * 1e9));
    this.#addPeriod(profiles[0]);
    this.#message.numbers(fields.comment, [this.#strings.numberOf(this.#comment)]);
    const shown = names[0]?.at(-1);
    if (shown !== undefined) this.#message.number(fields.defaultSampleType, this.#strings.numberOf(shown.type));
    for (const text of this.#strings.texts) this.#message.text(fields.text, text);
    return this.#message.bytes;
  }

  #valueType({ type, unit }: ValueName): Uint8Array {
    return this.#part.clear().number(1, this.#strings.numberOf(type)).number(2, this.#strings.numberOf(unit)).bytes;
  }

  #addPeriod(profile: Profile | undefined): void {
    const seconds = profile?.confidence.intervalSeconds;
    if (seconds === undefined) return;
    const type = profile?.kind === "wall" ? "wall" : "cpu";
    this.#message
      .part(fields.periodType, this.#valueType({ type, unit: "nanoseconds" }))
      .number(fields.period, Math.round(seconds * 1e9));
  }

  #addSamples(profile: Profile, firstValue: number, valueCount: number): void {
    const locations = profile.stacks.frameNames.map(() => 0);
    const hasWeights = profile.unit !== "count";
    const values = new Float64Array(valueCount);
    for (const { stack, thread, label, weight, count } of sampleGroups(profile)) {
      const whole = wholeWeight(weight, profile.unit);
      values[firstValue] = hasWeights ? Math.round(count) : whole;
      if (hasWeights) values[firstValue + 1] = whole;
      const leafFirst = frameStack(profile.stacks, stack).map((frame) => {
        locations[frame] ||= this.#location(profile.stacks.frameNames[frame]!);
        return locations[frame]!;
      });
      const part = this.#part.clear().numbers(1, leafFirst).numbers(2, values);
      const threadSeen = this.#set.threads[thread];
      if (threadSeen !== undefined) part.part(3, this.#label("thread", threadSeen.name));
      const labelText = profile.labels?.[label];
      if (labelText !== undefined) part.part(3, this.#label(labelKeyOf(profile.kind), labelText));
      this.#message.part(fields.sample, part.bytes);
    }
  }

  #label(key: string, text: string): Uint8Array {
    return this.#inner.clear().number(1, this.#strings.numberOf(key)).number(2, this.#strings.numberOf(text)).bytes;
  }

  /** Locations and functions have the same ids: one of each per name of a frame. */
  #location(name: string): number {
    const known = this.#functions.get(name);
    if (known !== undefined) return known;
    const id = this.#functions.size + 1;
    this.#functions.set(name, id);
    const text = this.#strings.numberOf(name);
    const line = new ProtobufWriter().number(1, id).bytes;
    const location = new ProtobufWriter().number(1, id).number(2, 1).part(4, line).bytes;
    this.#message.part(fields.location, location);
    this.#message.part(fields.function, new ProtobufWriter().number(1, id).number(2, text).number(3, text).bytes);
    return id;
  }
}
