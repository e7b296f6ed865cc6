import { poolsOf } from "./chunk-contents.ts";
import type { ChunkCursor } from "./chunk-cursor.ts";
import type { ChunkHeader } from "./chunk-header.ts";
import { sourceClassName } from "./class-name.ts";
import { clockOf } from "./clock.ts";
import type { EventField } from "./events.ts";
import { lastingName } from "./frame-names.ts";
import type { Pool } from "./pool.ts";
import { StructReader } from "./struct-reader.ts";
import { Texts } from "./texts.ts";
import { type RecordedType, type TypeSet, typeNames } from "./type-set.ts";
import { WideAddresses } from "./wide-addresses.ts";

/** What names are made of; constants of other types are read over. */
const named: ReadonlySet<string> = new Set([
  typeNames.string,
  typeNames.thread,
  typeNames.class,
  typeNames.method,
  typeNames.symbol,
]);

/** Texts of one chunk beyond this are not kept: a chunk of the usual 12 MB has a tenth of it. */
const mostTexts = 500_000;

/** A thread as an open chunk describes it. */
export interface LiveThread {
  readonly name: string;
  readonly isVirtual: boolean;
}

/** What indexes of events mean, as far as the chunk has told by now. */
export interface LiveNames {
  /** Undefined for none, and for one that was not described. */
  thread(index: number): LiveThread | undefined;
  /** The method at the leaf of a stack: `a.b.C.d`. */
  leafMethod(stackIndex: number): string | undefined;
  /** A class in source form. */
  className(index: number): string | undefined;
}

/**
 * The constants of a chunk that is still being written, of which each flush adds those that are new. Of a stack it keeps its leaf alone, and
 * texts by themselves, so that no bytes of the chunk need to stay.
 */
export class LiveConstants implements LiveNames {
  readonly #types: TypeSet;
  readonly #pools: readonly Pool[];
  readonly #texts: Texts;
  readonly #cursor: ChunkCursor;
  readonly #header: ChunkHeader;
  readonly #events: StructReader[] = [];
  #reader: StructReader;
  #scratch = new Float64Array(64);
  #leafOfStack = new Int32Array(1024).fill(-1);
  readonly #methods: (string | undefined)[] = [];
  readonly #classes: (string | undefined)[] = [];
  readonly #threads: (LiveThread | undefined)[] = [];
  /** Bytes of constants that could not be read. */
  lostBytes = 0;

  constructor(types: TypeSet, cursor: ChunkCursor, header: ChunkHeader) {
    this.#types = types;
    this.#cursor = cursor;
    this.#header = header;
    this.#pools = poolsOf(types);
    this.#texts = new Texts(cursor);
    const strings = this.#poolNamed(typeNames.string);
    this.#texts.constantAt = (low, high) => {
      const index = strings?.lookup(low, high) ?? -2;
      return strings?.isDefined(index) ? strings.rows[index]! : -2;
    };
    this.#reader = this.#readerWith(this.#texts);
  }

  /** A reader of events, whose keys are looked up among what is known now. Made anew when the cursor has other bytes. */
  eventReader(): StructReader {
    const [known] = this.#events;
    if (known !== undefined) return known;
    const reader = this.#readerWith(new Texts(this.#cursor));
    reader.isReadingPools = false;
    this.#events.push(reader);
    return reader;
  }

  /** The cursor has other bytes now. */
  rebind(): void {
    this.#reader = this.#readerWith(this.#texts);
    this.#events.length = 0;
  }

  /** Reads a checkpoint of the cursor's bytes: `size, 1, start, duration, delta, mask, count of pools`, then the pools. */
  readCheckpoint(start: number, end: number): void {
    const cursor = this.#cursor;
    cursor.position = start;
    cursor.int();
    for (let skipped = 0; skipped < 4; skipped++) cursor.long();
    cursor.byte();
    const before = this.#texts.count;
    for (let left = cursor.int(); left > 0; left--) {
      const at = cursor.position;
      if (this.#readPool(end)) continue;
      this.lostBytes += Math.max(0, end - at);
      break;
    }
    // Decoded now: the bytes are of this flush alone.
    for (let index = before; index < this.#texts.count; index++) this.#texts.text(index);
  }

  thread(index: number): LiveThread | undefined {
    if (!(index >= 0)) return undefined;
    this.#threads[index] ??= this.#threadOf(index);
    return this.#threads[index];
  }

  leafMethod(stackIndex: number): string | undefined {
    const method = stackIndex >= 0 ? (this.#leafOfStack[stackIndex] ?? -1) : -1;
    if (method < 0) return undefined;
    this.#methods[method] ??= this.#methodOf(method);
    return this.#methods[method];
  }

  className(index: number): string | undefined {
    if (!(index >= 0)) return undefined;
    this.#classes[index] ??= this.#classOf(index);
    return this.#classes[index];
  }

  #readPool(end: number): boolean {
    const cursor = this.#cursor;
    let typeId = cursor.long();
    while (typeId === 0 && cursor.position < end) typeId = cursor.long();
    const type = this.#types.byId.get(typeId);
    const count = cursor.int();
    if (type === undefined || type.defect !== undefined) return false;
    if (cursor.position > end || count < 0 || count > end - cursor.position) return false;
    if (type.type.name === typeNames.stackTrace) return this.#readStacks(type, count, end);
    const isKept = named.has(type.type.name) && this.#texts.count < mostTexts;
    return isKept ? this.#readKept(type, count, end) : this.#readOver(type, count, end);
  }

  #readKept({ ordinal, layout }: RecordedType, count: number, end: number): boolean {
    const cursor = this.#cursor;
    const pool = this.#pools[ordinal]!;
    for (let left = count; left > 0; left--) {
      cursor.key();
      const index = pool.define(cursor.keyLow, cursor.keyHigh);
      const next = this.#reader.read(layout, pool.rows, index * pool.slotCount, cursor.position, end);
      if (next > end) {
        pool.undefine(index);
        return false;
      }
      cursor.position = next;
    }
    return true;
  }

  #readOver({ layout }: RecordedType, count: number, end: number): boolean {
    const cursor = this.#cursor;
    const scratch = this.#scratchFor(layout.operation.length);
    for (let left = count; left > 0; left--) {
      cursor.key();
      const next = this.#reader.read(layout, scratch, 0, cursor.position, end);
      if (next > end) return false;
      cursor.position = next;
    }
    return true;
  }

  #readStacks(type: RecordedType, count: number, end: number): boolean {
    const cursor = this.#cursor;
    const pool = this.#pools[type.ordinal]!;
    const frames = type.type.fields.find(({ path, content }) => path === "frames" && content === "array");
    const frame = frames && this.#types.elementsOf.get(frames);
    const method = frame?.type.fields.find(({ path }) => path === "method");
    if (frames === undefined || frame === undefined || method === undefined) return this.#readOver(type, count, end);
    const scratch = this.#scratchFor(type.layout.operation.length + frame.layout.operation.length);
    const frameBase = type.layout.operation.length;
    for (let left = count; left > 0; left--) {
      cursor.key();
      const index = pool.define(cursor.keyLow, cursor.keyHigh);
      const next = this.#reader.read(type.layout, scratch, 0, cursor.position, end);
      if (next > end) return false;
      cursor.position = scratch[frames.slot]!;
      const frameCount = cursor.int();
      if (frameCount > 0) this.#reader.read(frame.layout, scratch, frameBase, cursor.position, end);
      this.#setLeaf(index, frameCount > 0 ? scratch[frameBase + method.slot]! : -1);
      cursor.position = next;
    }
    return true;
  }

  #setLeaf(stack: number, method: number): void {
    if (stack >= this.#leafOfStack.length) {
      const larger = new Int32Array(2 * stack).fill(-1);
      larger.set(this.#leafOfStack);
      this.#leafOfStack = larger;
    }
    this.#leafOfStack[stack] = method;
  }

  #scratchFor(slots: number): Float64Array {
    if (this.#scratch.length < slots) this.#scratch = new Float64Array(2 * slots);
    return this.#scratch;
  }

  #readerWith(texts: Texts): StructReader {
    return new StructReader({
      cursor: this.#cursor,
      clock: clockOf(this.#header, this.#header.startNanos),
      types: this.#types.list,
      pools: this.#pools,
      texts,
      wideAddresses: new WideAddresses(),
    });
  }

  #poolNamed(name: string): Pool | undefined {
    const type = this.#types.byName.get(name);
    return type && this.#pools[type.ordinal];
  }

  #threadOf(index: number): LiveThread | undefined {
    const pool = this.#poolNamed(typeNames.thread);
    if (pool === undefined || !pool.isDefined(index)) return undefined;
    const isVirtual = this.#value(pool, index, "virtual") === 1;
    const name = this.#text(pool, index, "javaName") || (isVirtual ? "" : this.#text(pool, index, "osName"));
    return { name: name ?? "", isVirtual };
  }

  #methodOf(index: number): string | undefined {
    const pool = this.#poolNamed(typeNames.method);
    if (pool === undefined || !pool.isDefined(index)) return undefined;
    const type = this.className(this.#value(pool, index, "type"));
    const name = this.#text(pool, index, "name") ?? "?";
    return lastingName(type === undefined ? name : `${type}.${name}`);
  }

  #classOf(index: number): string | undefined {
    const pool = this.#poolNamed(typeNames.class);
    if (pool === undefined || !pool.isDefined(index)) return undefined;
    const name = this.#text(pool, index, "name");
    return name === undefined ? undefined : lastingName(sourceClassName(name));
  }

  #value(pool: Pool, index: number, path: string): number {
    const field = fieldOf(pool, path);
    return field === undefined ? -1 : pool.rows[index * pool.slotCount + field.slot]!;
  }

  /** A field that is a text, or a symbol, which has one. */
  #text(pool: Pool, index: number, path: string): string | undefined {
    const field = fieldOf(pool, path);
    if (field === undefined) return undefined;
    const value = pool.rows[index * pool.slotCount + field.slot]!;
    if (field.content === "text") return this.#texts.text(value);
    const symbols = field.poolType === undefined ? undefined : this.#poolNamed(field.poolType);
    if (symbols === undefined || !symbols.isDefined(value)) return undefined;
    const [text] = symbols.type.type.fields;
    return text?.content === "text" ? this.#texts.text(symbols.rows[value * symbols.slotCount]!) : undefined;
  }
}

function fieldOf({ type }: Pool, path: string): EventField | undefined {
  return type.type.fields.find((field) => field.path === path);
}
