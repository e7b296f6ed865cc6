import { FormatError } from "../../model/errors.ts";
import type { ChunkCursor } from "./chunk-cursor.ts";
import { readString, stringEncoding } from "./strings.ts";

const longestChain = 4;
const mostProbes = 64;

/**
 * The strings of a chunk by dense index, decoded when asked for. Strings of events are looked for among those already met, so that equal
 * ones nearly always have one index; strings of constants each have their own.
 */
export class Texts {
  readonly #cursor: ChunkCursor;
  /** Where each text's encoding lies; `~place` where a key of the string pool lies instead. */
  #place = new Int32Array(1024);
  #decoded: (string | undefined)[] = [];
  /** Index + 1 by hash of the bytes, 0 free. */
  #slots = new Int32Array(2048);
  #interned = 0;
  count = 0;
  /** Text of a key of the string pool; −1 or −2 when it has none. */
  constantAt: (low: number, high: number) => number = () => -1;

  constructor(cursor: ChunkCursor) {
    this.#cursor = cursor;
  }

  clear(): void {
    this.count = 0;
    this.#decoded = [];
    if (this.#interned > 0) this.#slots.fill(0);
    this.#interned = 0;
  }

  /** A text of its own at a place. */
  add(place: number): number {
    if (this.count === this.#place.length) {
      const larger = new Int32Array(this.count * 2);
      larger.set(this.#place);
      this.#place = larger;
    }
    this.#place[this.count] = place;
    return this.count++;
  }

  /** The text whose encoded bytes are those from `start` to `end`; a new one when there is none yet. */
  intern(start: number, end: number): number {
    if (this.#interned * 2 >= this.#slots.length) this.#enlarge();
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hashOf(this.#cursor.bytes, start, end) & mask;
    for (let probe = 0; slots[slot] !== 0; probe++) {
      const index = slots[slot]! - 1;
      if (this.#equals(this.#place[index]!, start, end)) return index;
      if (probe === mostProbes) return this.add(start);
      slot = (slot + 1) & mask;
    }
    this.#interned++;
    const index = this.add(start);
    slots[slot] = index + 1;
    return index;
  }

  /** The text of an index; undefined when there is none, or it is damaged. */
  text(index: number): string | undefined {
    if (index < 0 || index >= this.count) return undefined;
    const known = this.#decoded[index];
    if (known !== undefined) return known;
    const text = this.#decode(this.#place[index]!, 0);
    this.#decoded[index] = text;
    return text;
  }

  #decode(place: number, depth: number): string | undefined {
    const cursor = this.#cursor;
    const isKey = place < 0 || cursor.bytes[place] === stringEncoding.constant;
    if (!isKey) {
      cursor.position = place;
      try {
        return readString(cursor, cursor.bytes.length);
      } catch (error) {
        if (error instanceof FormatError) return undefined;
        throw error;
      }
    }
    cursor.position = place < 0 ? ~place : place + 1;
    cursor.key();
    const target = this.constantAt(cursor.keyLow, cursor.keyHigh);
    if (target < 0 || depth === longestChain) return undefined;
    return this.#decode(this.#place[target]!, depth + 1);
  }

  #equals(place: number, start: number, end: number): boolean {
    const { bytes } = this.#cursor;
    for (let at = start, other = place; at < end; at++, other++) if (bytes[at] !== bytes[other]) return false;
    return true;
  }

  #enlarge(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#interned = 0;
    const mask = this.#slots.length - 1;
    for (const entry of old) {
      if (entry === 0) continue;
      const place = this.#place[entry - 1]!;
      let slot = hashOf(this.#cursor.bytes, place, this.#endOf(place)) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = entry;
      this.#interned++;
    }
  }

  #endOf(place: number): number {
    return endOfString(this.#cursor, place);
  }
}

/** Where the string at a place ends; behind the bytes when it is damaged. */
export function endOfString(cursor: ChunkCursor, place: number): number {
  const encoding = cursor.bytes[place]!;
  if (encoding <= stringEncoding.empty) return place + 1;
  cursor.position = place + 1;
  if (encoding === stringEncoding.constant) {
    cursor.key();
    return cursor.position;
  }
  const length = cursor.int();
  const { position } = cursor;
  const room = cursor.bytes.length - position;
  if (length < 0 || length > room || encoding > stringEncoding.latin1) return Number.MAX_SAFE_INTEGER;
  if (encoding !== stringEncoding.chars) return position + length;
  for (let i = 0; i < length; i++) cursor.char();
  return cursor.position;
}

/** FNV-1a over at most 64 bytes of the start and 64 of the end. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 ^ (end - start);
  const firstEnd = Math.min(end, start + 64);
  for (let at = start; at < firstEnd; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  for (let at = Math.max(firstEnd, end - 64); at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash >>> 3;
}
