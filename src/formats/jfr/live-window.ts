import type { ByteSource } from "../../bytes/byte-source.ts";
import { ChunkCursor } from "./chunk-cursor.ts";
import type { ChunkHeader } from "./chunk-header.ts";

const usualBytes = 256 * 1024;
/** Larger events are not what a JVM writes in a flush. */
const mostBytes = 64 * 1024 * 1024;
/** A size and a type, at most. */
const framingBytes = 18;

/** Is told of each event in the window's cursor: its type, where it begins and ends, and where its fields begin. */
export type EventVisit = (typeId: number, start: number, end: number, body: number) => void;

/** A part of a file in memory, which moves over its events and is as large as the largest of them at least. */
export class LiveWindow {
  #buffer = new Uint8Array(0);
  #cursor = new ChunkCursor(this.#buffer, true);
  /** Another one when the cursor has other bytes, or is another. */
  generation = 0;

  /** The cursor that events are told in, for a chunk's integers. */
  cursorFor({ hasCompressedIntegers }: ChunkHeader): ChunkCursor {
    if (this.#cursor.hasCompressedIntegers !== hasCompressedIntegers) {
      this.#cursor = new ChunkCursor(this.#buffer, hasCompressedIntegers);
      this.generation++;
    }
    return this.#cursor;
  }

  /** The whole event at a place of the file; undefined where there is none. */
  load(source: ByteSource, at: number, end: number): { readonly start: number; readonly end: number } | undefined {
    this.#reserve(usualBytes);
    const length = source.read(at, this.#buffer.subarray(0, Math.min(this.#buffer.length, end - at)));
    this.#cursor.position = 0;
    const size = this.#cursor.int();
    if (size < this.#cursor.position || size > end - at || !this.#reserve(size)) return undefined;
    const isWhole = size <= length || source.read(at, this.#buffer.subarray(0, size)) === size;
    return isWhole ? { start: 0, end: size } : undefined;
  }

  /** Walks over the events of a part of the file; returns the bytes behind the first that is damaged. */
  walk(source: ByteSource, { from, to }: { readonly from: number; readonly to: number }, visit: EventVisit): number {
    this.#reserve(usualBytes);
    let at = from;
    while (at < to) {
      const length = source.read(at, this.#buffer.subarray(0, Math.min(this.#buffer.length, to - at)));
      const done = this.#visitWhole(length, to - at, visit);
      if (done === undefined) return to - at;
      // Nothing fitted: the next event is larger than the window.
      if (done === 0 && !this.#growFor(source, at, to)) return to - at;
      at += done;
    }
    return 0;
  }

  /** Visits the events that are whole in the window; returns where the next one begins, undefined at one that is damaged. */
  #visitWhole(length: number, left: number, visit: EventVisit): number | undefined {
    const cursor = this.#cursor;
    let start = 0;
    while (start < length && (length - start >= framingBytes || length === left)) {
      cursor.position = start;
      const size = cursor.int();
      const typeId = cursor.long();
      if (size < cursor.position - start || size > left - start) return undefined;
      if (size > length - start) break;
      visit(typeId, start, start + size, cursor.position);
      start += size;
    }
    return start;
  }

  #growFor(source: ByteSource, at: number, to: number): boolean {
    const length = source.read(at, this.#buffer.subarray(0, framingBytes));
    this.#cursor.position = 0;
    const size = length === 0 ? 0 : this.#cursor.int();
    return size > this.#buffer.length && size <= to - at && this.#reserve(size);
  }

  /** False where it would be more than is allowed. */
  #reserve(bytes: number): boolean {
    if (bytes <= this.#buffer.length) return true;
    if (bytes > mostBytes) return false;
    this.#buffer = new Uint8Array(Math.ceil(bytes / usualBytes) * usualBytes);
    this.#cursor.bytes = this.#buffer;
    this.#cursor.view = new DataView(this.#buffer.buffer);
    this.generation++;
    return true;
  }
}
