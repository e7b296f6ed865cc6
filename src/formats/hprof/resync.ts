import type { ByteSource } from "../../bytes/byte-source.ts";
import { ByteWindow } from "../../bytes/byte-window.ts";
import { type IdTable, indexOfId } from "../../bytes/id-table.ts";
import { heapRecordLength, heapTag, type RecordShapes, recordShapes } from "./records.ts";

/** What plausible records agree with. */
export interface KnownHeap {
  readonly idBytes: 4 | 8;
  readonly idShift: 0 | 3;
  readonly classes: IdTable;
  /** Bytes of field data of an instance by class index; −1 where the class dump is missing. */
  readonly dataBytes: Int32Array;
  /** 8 MiB pages of address space in which objects have been seen. */
  readonly pages: ReadonlySet<number>;
}

/** Reading goes on only where this many records in a row agree with what is known, or the rest of the range does. */
const agreeingRecords = 8;

/**
 * The first offset from `from` on where heap records go on after damage, or `end`. A record agrees if its object lies where
 * objects have been seen and its class is known with just this much field data; eight such in a row are no accident.
 */
export function findNextRecord(source: ByteSource, known: KnownHeap, from: number, end: number): number {
  const window = new ByteWindow(source, 1 << 20);
  const records = new ByteWindow(source, 1 << 16);
  const check = new RecordCheck(known, records);
  for (let offset = from; offset < end; ) {
    const length = window.load(offset, end);
    if (length === 0) break;
    for (let p = 0; p < length; p++) {
      if (check.mayStart(window.bytes[p]!) && check.isChain(offset + p, end)) return offset + p;
    }
    offset += length;
  }
  return end;
}

class RecordCheck {
  readonly #known: KnownHeap;
  readonly #window: ByteWindow;
  readonly #shapes: RecordShapes;

  constructor(known: KnownHeap, window: ByteWindow) {
    this.#known = known;
    this.#window = window;
    this.#shapes = recordShapes(known.idBytes);
  }

  mayStart(tag: number): boolean {
    return this.#shapes.heads[tag] !== 0;
  }

  isChain(start: number, end: number): boolean {
    let offset = start;
    for (let i = 0; i < agreeingRecords; i++) {
      if (offset === end && i > 0) return true;
      const length = this.#agreeingLength(offset, end);
      if (length <= 0 || offset + length > end) return false;
      offset += length;
    }
    return true;
  }

  /** Length of the record at `offset` if it agrees with what is known, 0 otherwise. Class dumps are never taken for one. */
  #agreeingLength(offset: number, end: number): number {
    const at = this.#window.at(offset, Math.min(64, end - offset));
    const { view } = this.#window;
    const available = Math.min(this.#window.length - at, end - offset);
    const tag = available > 0 ? view.getUint8(at) : 0;
    const head = this.#shapes.heads[tag]!;
    if (head === 0 || head > available || tag === heapTag.classDump) return 0;
    if (!this.#isObjectId(at + 1) || !this.#hasKnownType(tag, at, head)) return 0;
    return heapRecordLength(view, at, this.#window.length, this.#shapes);
  }

  /** Whether the record's class is known, with just this much field data, or its basic type is one. */
  #hasKnownType(tag: number, at: number, head: number): boolean {
    const { idBytes, classes, dataBytes } = this.#known;
    const { view } = this.#window;
    if (tag === heapTag.primitiveArray) return view.getUint8(at + head - 1) >= 4 && view.getUint8(at + head - 1) <= 11;
    if (tag !== heapTag.instance && tag !== heapTag.objectArray) return true;
    const classAt = tag === heapTag.instance ? at + 1 + idBytes + 4 : at + 1 + idBytes + 8;
    const high = idBytes === 8 ? view.getInt32(classAt) : 0;
    const index = indexOfId(classes, high, view.getInt32(classAt + idBytes - 4));
    return index >= 0 && (tag === heapTag.objectArray || dataBytes[index] === view.getUint32(at + head - 4));
  }

  #isObjectId(at: number): boolean {
    const { idBytes, idShift, pages } = this.#known;
    const { view } = this.#window;
    const id = (idBytes === 8 ? view.getUint32(at) * 2 ** 32 : 0) + view.getUint32(at + idBytes - 4);
    const address = id * 2 ** idShift;
    return address % 8 === 0 && pages.has(Math.floor(address / 2 ** 23));
  }
}
