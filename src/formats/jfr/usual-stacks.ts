import { missingIndex } from "./events.ts";
import { type Layout, operations } from "./layout.ts";
import type { Pool } from "./pool.ts";
import { type SkippedBytes, skipIntegers, skippedBytes } from "./skip-integers.ts";
import type { StackFrames } from "./stack-frames.ts";
import type { StackEncoding } from "./stack-reader.ts";
import type { ReadingPlace, StructReader } from "./struct-reader.ts";
import type { RecordedType, TypeSet } from "./type-set.ts";

/** Pools that frames refer to. */
interface FramePools {
  readonly methods: Pool;
  readonly frameTypes: Pool;
}

/** What frames refer to when both types are as every JVM so far declares them: a flag and frames; method, line, bytecode index and type. */
export function usualPools(place: ReadingPlace, stackType: RecordedType, types: TypeSet): FramePools | undefined {
  const [truncated, frames] = stackType.type.fields;
  const frame = frames && types.elementsOf.get(frames);
  if (frame === undefined || !place.cursor.hasCompressedIntegers) return undefined;
  const { layout, type } = frame;
  const isUsual =
    truncated?.path === "truncated" &&
    frames?.path === "frames" &&
    isLayout(stackType.layout, [operations.boolean, operations.array]) &&
    isLayout(layout, [operations.key, operations.int, operations.int, operations.key]) &&
    type.fields.map(({ path }) => path).join() === "method,lineNumber,bytecodeIndex,type";
  if (!isUsual) return undefined;
  return { methods: place.pools[layout.typeOrdinal[0]!]!, frameTypes: place.pools[layout.typeOrdinal[3]!]! };
}

/** Stacks as every JVM so far writes them, of compressed integers. */
export class UsualStacks implements StackEncoding {
  readonly #place: ReadingPlace;
  readonly #reader: StructReader;
  readonly #pools: FramePools;
  readonly #skipped: SkippedBytes;

  constructor(place: ReadingPlace, reader: StructReader, pools: FramePools) {
    this.#place = place;
    this.#reader = reader;
    this.#pools = pools;
    this.#skipped = skippedBytes(place.cursor.bytes);
  }

  skip(start: number, end: number): number {
    const { cursor } = this.#place;
    cursor.position = start + 1;
    const count = cursor.int();
    const first = cursor.position;
    if (count < 0 || count * 4 > end - first) return end + 1;
    return skipIntegers(this.#skipped, first, 4 * count, end);
  }

  // biome-ignore lint/complexity: one loop over frames with integers decoded in place; most bytes of a recording pass through here
  read(place: number, kept: Uint8Array | undefined, frames: StackFrames): void {
    const { methods, frameTypes } = this.#pools;
    const bytes = kept ?? this.#place.cursor.bytes;
    let at = place + 1;
    let count = 0;
    let shift = 0;
    let byte = 0;
    do {
      byte = bytes[at++]!;
      if (shift < 32) count |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte > 0x7f && shift <= 56);
    frames.begin(count, bytes[place] === 1);
    const { method, line, bytecodeIndex, type } = frames;
    let missing = 0;
    for (let depth = 0; depth < count; depth++) {
      byte = bytes[at++]!;
      let value = byte & 0x7f;
      if (byte > 0x7f) {
        byte = bytes[at++]!;
        value |= (byte & 0x7f) << 7;
        if (byte > 0x7f) {
          byte = bytes[at++]!;
          value |= (byte & 0x7f) << 14;
          if (byte > 0x7f) {
            byte = bytes[at++]!;
            value |= (byte & 0x7f) << 21;
          }
        }
      }
      let high = 0;
      if (byte > 0x7f) {
        byte = bytes[at++]!;
        value |= byte << 28;
        high = (byte & 0x7f) >>> 4;
        for (shift = 3; byte > 0x7f && shift <= 24; shift += 7) {
          byte = bytes[at++]!;
          high |= (shift === 24 ? byte : byte & 0x7f) << shift;
        }
      }
      let index = methods.lookup(value, high);
      if (index === missingIndex) missing++;
      method[depth] = index;

      byte = bytes[at++]!;
      value = byte & 0x7f;
      for (shift = 7; byte > 0x7f && shift <= 56; shift += 7) {
        byte = bytes[at++]!;
        if (shift < 32) value |= (byte & 0x7f) << shift;
      }
      line[depth] = value;

      byte = bytes[at++]!;
      value = byte & 0x7f;
      for (shift = 7; byte > 0x7f && shift <= 56; shift += 7) {
        byte = bytes[at++]!;
        if (shift < 32) value |= (byte & 0x7f) << shift;
      }
      bytecodeIndex[depth] = value;

      byte = bytes[at++]!;
      value = byte & 0x7f;
      high = 0;
      for (shift = 7; byte > 0x7f && shift <= 56; shift += 7) {
        byte = bytes[at++]!;
        const group = shift === 56 ? byte : byte & 0x7f;
        if (shift < 32) value |= group << shift;
        if (shift >= 28) high |= shift === 28 ? group >>> 4 : group << (shift - 32);
      }
      index = frameTypes.lookup(value, high);
      if (index === missingIndex) missing++;
      type[depth] = index;
    }
    this.#reader.unresolvedConstants += missing;
  }
}

function isLayout({ operation }: Layout, wanted: readonly number[]): boolean {
  return operation.length === wanted.length && wanted.every((one, slot) => one === operation[slot]);
}
