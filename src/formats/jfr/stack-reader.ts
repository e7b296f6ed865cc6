import { AnyStacks } from "./any-stacks.ts";
import type { ChunkStacks } from "./events.ts";
import type { ReadingPlace } from "./reading-place.ts";
import { StackFrames } from "./stack-frames.ts";
import type { StackPlaces } from "./stack-places.ts";
import type { StructReader } from "./struct-reader.ts";
import { type RecordedType, type TypeSet, typeNames } from "./type-set.ts";
import { UsualStacks, usualPools } from "./usual-stacks.ts";

/** How stack traces of a chunk are encoded. */
export interface StackEncoding {
  /** Where the stack at `start` ends, or something behind `end`. */
  skip(start: number, end: number): number;
  /** Reads the stack at a place of the chunk's bytes, or of kept ones. */
  read(place: number, kept: Uint8Array | undefined, frames: StackFrames): void;
}

/** Constants of type `jdk.types.StackTrace`: passed over when checkpoints are read, since many are never asked for, then read one by one. */
export class StackReader implements ChunkStacks {
  readonly #reader: StructReader;
  readonly #places: StackPlaces;
  readonly #bytes: Uint8Array;
  readonly #encoding: StackEncoding | undefined;
  #wasRead = new Uint8Array(0);
  readonly frames: StackFrames = new StackFrames();
  /** Undefined when the recording declares none that can be read. */
  readonly type: RecordedType | undefined;

  constructor(place: ReadingPlace, reader: StructReader, places: StackPlaces, types: TypeSet) {
    this.#reader = reader;
    this.#places = places;
    this.#bytes = place.cursor.bytes;
    const type = types.byName.get(typeNames.stackTrace);
    if (type === undefined || type.defect !== undefined) return;
    this.type = type;
    const pools = usualPools(place, type, types);
    this.#encoding =
      pools === undefined ? new AnyStacks(place, reader, type, types) : new UsualStacks(place, reader, pools);
  }

  get count(): number {
    return this.#places.count;
  }

  /** Remembers where a stack is; returns where it ends, or something behind `end`. */
  define(index: number, start: number, end: number): number {
    const next = this.#encoding!.skip(start, end);
    if (next <= end) this.#places.set(index, start);
    return next;
  }

  read(index: number): StackFrames {
    const { frames } = this;
    const place = this.#places.at(index);
    if (place === 0) {
      frames.begin(0, false);
      return frames;
    }
    const reader = this.#reader;
    const unresolved = reader.unresolvedConstants;
    const kept = place < 0 ? this.#places.kept : undefined;
    this.#encoding!.read(place < 0 ? ~place : place, kept, frames);
    if (!this.#isFirst(index)) reader.unresolvedConstants = unresolved;
    return frames;
  }

  /** Copies all stacks, for the chunk's bytes are about to go. */
  keep(): void {
    const bytes = this.#bytes;
    this.#places.keep(bytes, (place) => this.#encoding!.skip(place, bytes.length));
  }

  #isFirst(index: number): boolean {
    if (index >= this.#wasRead.length) {
      const larger = new Uint8Array(this.count);
      larger.set(this.#wasRead);
      this.#wasRead = larger;
    }
    if (this.#wasRead[index] === 1) return false;
    this.#wasRead[index] = 1;
    return true;
  }
}
