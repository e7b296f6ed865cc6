import { ChunkCursor } from "./chunk-cursor.ts";
import { missingIndex } from "./events.ts";
import { type Layout, operations } from "./layout.ts";
import type { Pool } from "./pool.ts";
import type { ReadingPlace } from "./reading-place.ts";
import { type SkippedBytes, skipIntegers, skippedBytes } from "./skip-integers.ts";
import type { StackFrames } from "./stack-frames.ts";
import type { StackEncoding } from "./stack-reader.ts";
import type { StructReader } from "./struct-reader.ts";
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

  read(place: number, kept: Uint8Array | undefined, frames: StackFrames): void {
    const { cursor } = this.#place;
    const source = kept === undefined ? cursor : new ChunkCursor(kept, true);
    source.position = place + 1;
    frames.begin(source.int(), source.bytes[place] === 1);
    this.#readFrames(source, frames);
  }

  /** Four bytes at a time, with no branch for the length of most integers: most bytes of a recording pass through here. */
  #readFrames(cursor: ChunkCursor, frames: StackFrames): void {
    const { methods, frameTypes } = this.#pools;
    const { bytes, view } = cursor;
    const { count, method, line, bytecodeIndex, type } = frames;
    const lastRoom = bytes.length - longestShortFrame;
    let missing = 0;
    let at = cursor.position;
    for (let depth = 0; depth < count; depth++) {
      const start = at;
      const key = at <= lastRoom ? view.getInt32(at, true) : allContinue;
      const keyEnds = ~key & lastBits;
      const keyEnd = keyEnds & -keyEnds;
      at += (32 - Math.clz32(keyEnd)) >> 3;
      let fifth = 0;
      if (keyEnd === 0) {
        fifth = bytes[start + 4]!;
        at = start + 5;
      }
      const pair = fifth > 0x7f || start > lastRoom ? allContinue : view.getInt32(at, true);
      const lineEnds = ~pair & lastBits;
      const lineEnd = lineEnds & -lineEnds;
      const indexEnds = lineEnds ^ lineEnd;
      const indexEnd = indexEnds & -indexEnds;
      at += (32 - Math.clz32(indexEnd)) >> 3;
      const typeKey = bytes[at++]!;
      if (indexEnd === 0 || typeKey > 0x7f) {
        cursor.position = start;
        missing += this.#readLongFrame(cursor, depth, frames);
        at = cursor.position;
        continue;
      }
      const methodIndex = methods.lookup(groupsOfSeven(key & ((keyEnd << 1) - 1)) | (fifth << 28), fifth >>> 4);
      const typeIndex = frameTypes.lookup(typeKey, 0);
      if (methodIndex === missingIndex) missing++;
      if (typeIndex === missingIndex) missing++;
      method[depth] = methodIndex;
      line[depth] = groupsOfSeven(pair & ((lineEnd << 1) - 1));
      bytecodeIndex[depth] = groupsOfSeven((pair & ((indexEnd << 1) - 1)) >>> (32 - Math.clz32(lineEnd)));
      type[depth] = typeIndex;
    }
    this.#reader.unresolvedConstants += missing;
  }

  /** Of integers of any length, or at the end of the bytes; returns how many of its constants are not in the file. */
  #readLongFrame(cursor: ChunkCursor, depth: number, frames: StackFrames): number {
    const { methods, frameTypes } = this.#pools;
    cursor.key();
    const method = methods.lookup(cursor.keyLow, cursor.keyHigh);
    frames.line[depth] = cursor.long();
    frames.bytecodeIndex[depth] = cursor.long();
    cursor.key();
    const type = frameTypes.lookup(cursor.keyLow, cursor.keyHigh);
    frames.method[depth] = method;
    frames.type[depth] = type;
    return Number(method === missingIndex) + Number(type === missingIndex);
  }
}

/** A key of five bytes (of a class beyond the first 4,096), line and index of four together, and a byte. */
const longestShortFrame = 10;
/** Of four bytes, the bits that say that another follows. */
const lastBits = 0x80808080 | 0;
const allContinue = -1;

/** The integer that four bytes are, the first one lowest. */
function groupsOfSeven(bytes: number): number {
  return (bytes & 0x7f) | ((bytes >>> 1) & 0x3f80) | ((bytes >>> 2) & 0x1fc000) | ((bytes >>> 3) & 0xfe00000);
}

function isLayout({ operation }: Layout, wanted: readonly number[]): boolean {
  return operation.length === wanted.length && wanted.every((one, slot) => one === operation[slot]);
}
