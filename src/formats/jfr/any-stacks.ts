import { ChunkCursor } from "./chunk-cursor.ts";
import type { ReadingPlace } from "./reading-place.ts";
import type { StackFrames } from "./stack-frames.ts";
import type { StackEncoding } from "./stack-reader.ts";
import { StructReader } from "./struct-reader.ts";
import { Texts } from "./texts.ts";
import type { RecordedType, TypeSet } from "./type-set.ts";

/** Where a frame's parts are among the slots of its type; −1 where it has none. */
interface FrameSlots {
  readonly type: RecordedType;
  readonly method: number;
  readonly line: number;
  readonly bytecodeIndex: number;
  readonly frameType: number;
}

/** Stacks whose types have other fields than those of every JVM so far, or in another order, or integers of fixed width. */
export class AnyStacks implements StackEncoding {
  readonly #place: ReadingPlace;
  readonly #reader: StructReader;
  readonly #type: RecordedType;
  readonly #truncatedSlot: number;
  readonly #framesSlot: number;
  readonly #frame: FrameSlots | undefined;
  readonly #stackSlots: Float64Array;
  readonly #frameSlots: Float64Array;

  constructor(place: ReadingPlace, reader: StructReader, type: RecordedType, types: TypeSet) {
    this.#place = place;
    this.#reader = reader;
    this.#type = type;
    const { fields } = type.type;
    this.#truncatedSlot = fields.findIndex(({ path }) => path === "truncated");
    this.#framesSlot = fields.findIndex(({ path, content }) => path === "frames" && content === "array");
    const frames = fields[this.#framesSlot];
    this.#frame = frames && frameSlotsOf(types.elementsOf.get(frames)!);
    this.#stackSlots = new Float64Array(fields.length);
    this.#frameSlots = new Float64Array(this.#frame?.type.type.slotCount ?? 0);
  }

  skip(start: number, end: number): number {
    return this.#reader.read(this.#type.layout, this.#stackSlots, 0, start, end);
  }

  read(place: number, kept: Uint8Array | undefined, frames: StackFrames): void {
    if (kept === undefined) {
      this.#readFrom(this.#reader, this.#place.cursor, place, frames);
      return;
    }
    const cursor = new ChunkCursor(kept, this.#place.cursor.hasCompressedIntegers);
    const reader = new StructReader({ ...this.#place, cursor, texts: new Texts(cursor) });
    reader.isReadingPools = false;
    this.#readFrom(reader, cursor, place, frames);
    this.#reader.unresolvedConstants += reader.unresolvedConstants;
  }

  #readFrom(reader: StructReader, cursor: ChunkCursor, place: number, frames: StackFrames): void {
    const { unresolvedConstants, roundedNumbers } = reader;
    const end = cursor.bytes.length;
    reader.read(this.#type.layout, this.#stackSlots, 0, place, end);
    const isTruncated = this.#truncatedSlot >= 0 && this.#stackSlots[this.#truncatedSlot] === 1;
    // That went through the frames as well.
    reader.unresolvedConstants = unresolvedConstants;
    if (this.#frame === undefined) frames.begin(0, isTruncated);
    else {
      cursor.position = this.#stackSlots[this.#framesSlot]!;
      frames.begin(cursor.int(), isTruncated);
      this.#readFrames(reader, this.#frame, cursor.position, frames);
    }
    reader.roundedNumbers = roundedNumbers;
  }

  #readFrames(reader: StructReader, frame: FrameSlots, start: number, frames: StackFrames): void {
    const slots = this.#frameSlots;
    let at = start;
    for (let depth = 0; depth < frames.count; depth++) {
      at = reader.read(frame.type.layout, slots, 0, at, Number.MAX_SAFE_INTEGER);
      frames.method[depth] = frame.method < 0 ? -1 : slots[frame.method]!;
      frames.line[depth] = frame.line < 0 ? 0 : slots[frame.line]!;
      frames.bytecodeIndex[depth] = frame.bytecodeIndex < 0 ? -1 : slots[frame.bytecodeIndex]!;
      frames.type[depth] = frame.frameType < 0 ? -1 : slots[frame.frameType]!;
    }
  }
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
