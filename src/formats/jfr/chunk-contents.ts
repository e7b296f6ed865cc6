import type { Loss } from "../../model/heap-evidence.ts";
import type { ChunkCursor } from "./chunk-cursor.ts";
import type { ChunkHeader } from "./chunk-header.ts";
import type { ChunkClock } from "./clock.ts";
import { ConstantTexts } from "./constant-texts.ts";
import { ConstantsReader } from "./constants.ts";
import { elementsAt } from "./elements.ts";
import {
  type Chunk,
  type ChunkThread,
  type ConstantPool,
  type ElementValue,
  type EventField,
  type EventType,
  missingIndex,
} from "./events.ts";
import { Pool } from "./pool.ts";
import type { ReadingPlace } from "./reading-place.ts";
import type { StackPlaces } from "./stack-places.ts";
import { StackReader } from "./stack-reader.ts";
import { StructReader } from "./struct-reader.ts";
import type { Texts } from "./texts.ts";
import { type TypeSet, typeNames } from "./type-set.ts";
import type { WideAddresses } from "./wide-addresses.ts";

/** What a chunk is opened with. */
export interface ChunkInput {
  readonly index: number;
  readonly offset: number;
  readonly header: ChunkHeader;
  readonly isOpen: boolean;
  readonly cursor: ChunkCursor;
  readonly clock: ChunkClock;
  readonly types: TypeSet;
  /** By ordinal of the type set; their contents are replaced. */
  readonly pools: readonly Pool[];
  readonly stacks: StackPlaces;
  readonly wideAddresses: WideAddresses;
  /** Empty for a chunk that is read as a whole. */
  readonly texts: Texts;
}

/** A chunk with its constants read. */
export class ChunkContents implements Chunk {
  readonly index: number;
  readonly offset: number;
  readonly bytes: number;
  readonly startMillis: number;
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly isOpen: boolean;
  readonly types: ReadonlyMap<string, EventType>;
  readonly stacks: StackReader;
  readonly reader: StructReader;
  readonly typeSet: TypeSet;
  readonly #place: ReadingPlace;
  readonly #places: StackPlaces;
  readonly #pools: ReadonlyMap<string, Pool>;
  readonly #names: ConstantTexts;
  readonly #threads: (ChunkThread | undefined)[] = [];

  constructor(input: ChunkInput) {
    const { header, cursor, clock, types, pools } = input;
    this.index = input.index;
    this.offset = input.offset;
    this.bytes = cursor.bytes.length;
    this.startMillis = Number(header.startNanos) / 1e6;
    this.startSeconds = clock.startSeconds;
    this.durationSeconds = header.durationNanos / 1e9;
    this.isOpen = input.isOpen;
    this.types = types.eventTypes;
    this.typeSet = types;
    const { texts } = input;
    this.#place = { cursor, clock, types: types.list, pools, texts, wideAddresses: input.wideAddresses };
    this.reader = new StructReader(this.#place);
    this.#places = input.stacks;
    this.stacks = new StackReader(this.#place, this.reader, input.stacks, types);
    this.#pools = new Map([...types.byName].map(([name, { ordinal }]) => [name, pools[ordinal]!]));
    this.#names = new ConstantTexts(this.#pools, texts);
    const strings = this.#pools.get(typeNames.string);
    texts.constantAt = (low, high) => {
      const index = strings?.lookup(low, high) ?? missingIndex;
      return index < 0 ? index : strings!.rows[index]!;
    };
  }

  /** Forgets the constants of the chunk before. */
  clearConstants(): void {
    for (const pool of this.#place.pools) pool.clear();
    this.#places.clear();
  }

  /** Adds the constants of all checkpoints, in the order of the chunk, so that the newest of equal keys counts. */
  readConstants(checkpoints: readonly number[]): Loss[] {
    const { reader, stacks, typeSet: types } = this;
    const constants = new ConstantsReader({ place: this.#place, reader, types, stacks });
    for (const start of checkpoints) constants.readCheckpoint(start);
    reader.unresolvedConstants += constants.seal();
    reader.isReadingPools = false;
    return constants.losses;
  }

  pool(typeName: string): ConstantPool | undefined {
    const pool = this.#pools.get(typeName);
    if (pool === undefined || pool.count === 0) return undefined;
    const { rows, slotCount, count } = pool;
    const { type } = pool.type;
    return {
      type,
      count,
      value: (index, slot) =>
        pool.isDefined(index) && slot < slotCount ? rows[index * slotCount + slot]! : Number.NaN,
    };
  }

  text(field: EventField, index: number): string | undefined {
    if (field.content === "text") return this.#place.texts.text(index);
    return field.poolType === undefined ? undefined : this.#names.constant(field.poolType, index);
  }

  constant(typeName: string, index: number): string | undefined {
    return this.#names.constant(typeName, index);
  }

  textCount(field: EventField): number {
    if (field.content === "text") return this.#place.texts.count;
    return field.poolType === undefined ? 0 : (this.#pools.get(field.poolType)?.count ?? 0);
  }

  thread(index: number): ChunkThread | undefined {
    const pool = this.#pools.get(typeNames.thread);
    if (pool === undefined || !pool.isDefined(index)) return undefined;
    this.#threads[index] ??= this.#threadOf(pool, index);
    return this.#threads[index];
  }

  elements(field: EventField, place: number): readonly ElementValue[] {
    return elementsAt(
      this.#place,
      { reader: this.reader, types: this.typeSet, text: (of, index) => this.text(of, index) },
      field,
      place,
    );
  }

  address(value: number): bigint {
    return this.#place.wideAddresses.address(value);
  }

  #threadOf(pool: Pool, index: number): ChunkThread {
    const { fields } = pool.type.type;
    const slotOf = (path: string): [EventField, number] | undefined => {
      const field = fields.find((one) => one.path === path);
      return field && [field, pool.rows[index * pool.slotCount + field.slot]!];
    };
    const textOf = (path: string) => {
      const found = slotOf(path);
      return found && this.text(...found);
    };
    const idOf = (path: string) => {
      const id = slotOf(path)?.[1];
      return id === undefined || !(id > 0) ? undefined : id;
    };
    return {
      osName: textOf("osName"),
      osThreadId: idOf("osThreadId"),
      javaName: textOf("javaName"),
      javaThreadId: idOf("javaThreadId"),
      group: textOf("group") ?? textOf("group.name"),
      isVirtual: slotOf("virtual")?.[1] === 1,
    };
  }
}

/** Empty pools for all types of a set. */
export function poolsOf(types: TypeSet): Pool[] {
  return types.list.map((type) => new Pool(type));
}
