import { type Layout, operations } from "./layout.ts";
import type { Pool } from "./pool.ts";
import type { StackColumns } from "./stack-columns.ts";
import type { ReadingPlace, StructReader } from "./struct-reader.ts";
import { type RecordedType, type TypeSet, typeNames } from "./type-set.ts";

/** Where a frame's parts are among the slots of its type; −1 where it has none. */
interface FrameSlots {
  readonly type: RecordedType;
  readonly method: number;
  readonly line: number;
  readonly bytecodeIndex: number;
  readonly frameType: number;
}

/** Reads constants of type `jdk.types.StackTrace` into columns. */
export class StackReader {
  readonly #place: ReadingPlace;
  readonly #reader: StructReader;
  readonly #columns: StackColumns;
  readonly #stackType: RecordedType;
  readonly #truncatedSlot: number;
  readonly #framesSlot: number;
  readonly #frame: FrameSlots | undefined;
  /** Pools of methods and frame types when both types are as every JVM so far declares them. */
  readonly #fast: { readonly methods: Pool; readonly frameTypes: Pool } | undefined;
  readonly #stackSlots: Float64Array;
  readonly #frameSlots: Float64Array;

  constructor(place: ReadingPlace, reader: StructReader, columns: StackColumns, types: TypeSet) {
    this.#place = place;
    this.#reader = reader;
    this.#columns = columns;
    this.#stackType = types.byName.get(typeNames.stackTrace)!;
    const { fields } = this.#stackType.type;
    this.#truncatedSlot = fields.findIndex(({ path }) => path === "truncated");
    this.#framesSlot = fields.findIndex(({ path, content }) => path === "frames" && content === "array");
    const frames = fields[this.#framesSlot];
    this.#frame = frames && frameSlotsOf(types.elementsOf.get(frames)!);
    this.#fast = this.#fastPools();
    this.#stackSlots = new Float64Array(fields.length);
    this.#frameSlots = new Float64Array(this.#frame?.type.type.slotCount ?? 0);
  }

  /** Pools that the columns' methods and frame types are of. */
  get framePools(): { readonly methods: Pool | undefined; readonly frameTypes: Pool | undefined } {
    const { pools } = this.#place;
    const { type, method = -1, frameType = -1 } = this.#frame ?? {};
    const poolAt = (slot: number) => (slot < 0 ? undefined : pools[type?.layout.typeOrdinal[slot] ?? -1]);
    return { methods: poolAt(method), frameTypes: poolAt(frameType) };
  }

  /** Reads the stack at `start` as number `index`; returns where it ends, or something behind `end`. */
  read(index: number, start: number, end: number): number {
    const { bytes } = this.#place.cursor;
    if (this.#fast !== undefined) {
      this.#columns.reserve(index, 0);
      this.#columns.truncated[index] = bytes[start]!;
      return this.#readFrames(index, start + 1, end);
    }
    const next = this.#reader.read(this.#stackType.layout, this.#stackSlots, 0, start, end);
    if (next > end) return next;
    this.#columns.reserve(index, 0);
    this.#columns.truncated[index] = this.#truncatedSlot < 0 ? 0 : this.#stackSlots[this.#truncatedSlot]!;
    if (this.#frame !== undefined) this.#readAnyFrames(index, this.#frame, this.#stackSlots[this.#framesSlot]!);
    return next;
  }

  #fastPools(): { methods: Pool; frameTypes: Pool } | undefined {
    const { pools, cursor } = this.#place;
    const frame = this.#frame;
    if (frame === undefined || !cursor.hasCompressedIntegers) return undefined;
    const { layout } = frame.type;
    const isUsual =
      isLayout(this.#stackType.layout, [operations.boolean, operations.array]) &&
      isLayout(layout, [operations.key, operations.int, operations.int, operations.key]) &&
      frame.method === 0 &&
      frame.line === 1 &&
      frame.bytecodeIndex === 2 &&
      frame.frameType === 3;
    if (!isUsual) return undefined;
    return { methods: pools[layout.typeOrdinal[0]!]!, frameTypes: pools[layout.typeOrdinal[3]!]! };
  }

  // biome-ignore lint/complexity: one loop over frames with integers decoded in place; most bytes of a recording pass through here
  #readFrames(index: number, start: number, end: number): number {
    const { cursor } = this.#place;
    const { methods, frameTypes } = this.#fast!;
    const columns = this.#columns;
    const { bytes } = cursor;
    cursor.position = start;
    const count = cursor.int();
    let at = cursor.position;
    if (count < 0 || count * 4 > end - at) return end + 1;
    columns.reserve(index, count);
    const first = columns.totalFrames;
    columns.count = Math.max(columns.count, index + 1);
    columns.firstFrame[index] = first;
    columns.frameCount[index] = count;
    columns.totalFrames += count;
    const { frameMethod, frameLine, frameBytecodeIndex, frameType } = columns;
    for (let frame = first; frame < first + count && at < end; frame++) {
      let byte = bytes[at++]!;
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
        for (let shift = 3; byte > 0x7f && shift <= 24; shift += 7) {
          byte = bytes[at++]!;
          high |= (shift === 24 ? byte : byte & 0x7f) << shift;
        }
      }
      frameMethod[frame] = methods.reference(value, high);

      byte = bytes[at++]!;
      value = byte & 0x7f;
      for (let shift = 7; byte > 0x7f && shift <= 56; shift += 7) {
        byte = bytes[at++]!;
        if (shift < 32) value |= (byte & 0x7f) << shift;
      }
      frameLine[frame] = value;

      byte = bytes[at++]!;
      value = byte & 0x7f;
      for (let shift = 7; byte > 0x7f && shift <= 56; shift += 7) {
        byte = bytes[at++]!;
        if (shift < 32) value |= (byte & 0x7f) << shift;
      }
      frameBytecodeIndex[frame] = value;

      byte = bytes[at]!;
      if (byte <= 0x7f) {
        at++;
        frameType[frame] = narrow(frameTypes.reference(byte, 0));
        continue;
      }
      cursor.position = at;
      cursor.key();
      at = cursor.position;
      frameType[frame] = narrow(frameTypes.reference(cursor.keyLow, cursor.keyHigh));
    }
    return at;
  }

  /** Frames of a type that has other fields, or those in another order. */
  #readAnyFrames(index: number, frame: FrameSlots, place: number): void {
    const { cursor } = this.#place;
    const columns = this.#columns;
    const slots = this.#frameSlots;
    cursor.position = place;
    const count = cursor.int();
    let at = cursor.position;
    columns.reserve(index, count);
    columns.count = Math.max(columns.count, index + 1);
    columns.firstFrame[index] = columns.totalFrames;
    columns.frameCount[index] = count;
    for (let i = 0; i < count; i++) {
      at = this.#reader.read(frame.type.layout, slots, 0, at, cursor.bytes.length);
      const target = columns.totalFrames++;
      columns.frameMethod[target] = frame.method < 0 ? -1 : slots[frame.method]!;
      columns.frameLine[target] = frame.line < 0 ? 0 : slots[frame.line]!;
      columns.frameBytecodeIndex[target] = frame.bytecodeIndex < 0 ? -1 : slots[frame.bytecodeIndex]!;
      columns.frameType[target] = frame.frameType < 0 ? -1 : narrow(slots[frame.frameType]!);
    }
  }
}

/** There are seven types of frames; an index that has no room is that of a damaged file. */
function narrow(frameType: number): number {
  return frameType > 127 ? -2 : frameType;
}

function frameSlotsOf(type: RecordedType): FrameSlots {
  const slotOf = (wanted: string) => type.type.fields.findIndex(({ path }) => path === wanted);
  return {
    type,
    method: slotOf("method"),
    line: slotOf("lineNumber"),
    bytecodeIndex: slotOf("bytecodeIndex"),
    frameType: slotOf("type"),
  };
}

function isLayout({ operation }: Layout, wanted: readonly number[]): boolean {
  return operation.length === wanted.length && wanted.every((one, slot) => one === operation[slot]);
}
