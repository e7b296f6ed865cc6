import type { ByteSource } from "../../bytes/byte-source.ts";
import { ByteWindow } from "../../bytes/byte-window.ts";
import { heapRecordLength, heapTag, isRecordTag, type RecordShapes, recordShapes, recordTag } from "./records.ts";

/** Reading goes on behind damage where this many top-level records, or the rest of the file, follow one another and agree with their kind. */
const agreeingRecords = 5;
/** A heap segment agrees when this many of its records, or all that it has, do. */
const agreeingHeapRecords = 8;
const longestNameBytes = 1 << 20;

/** Tells records from bytes that look like one: by lengths that are right for their kind, and by what follows them. */
export class RecordCheck {
  readonly #source: ByteSource;
  readonly #window: ByteWindow;
  readonly #shapes: RecordShapes;

  constructor(source: ByteSource, idBytes: number) {
    this.#source = source;
    this.#window = new ByteWindow(source, 1 << 14);
    this.#shapes = recordShapes(idBytes);
  }

  /** The first offset from `from` on where records go on, or the end of the file. */
  nextRecord(from: number): number {
    const { sizeBytes } = this.#source;
    const window = new ByteWindow(this.#source, 1 << 16);
    for (let offset = from; offset < sizeBytes; ) {
      const length = window.load(offset, sizeBytes);
      if (length === 0) break;
      for (let p = 0; p < length; p++) {
        if (isRecordTag(window.bytes[p]!) && this.#isChainAt(offset + p)) return offset + p;
      }
      offset += length;
    }
    return sizeBytes;
  }

  #isChainAt(start: number): boolean {
    const { sizeBytes } = this.#source;
    let offset = start;
    for (let i = 0; i < agreeingRecords; i++) {
      if (offset >= sizeBytes) return i > 0;
      const length = this.#agreeingLength(offset);
      if (length === 0) return false;
      offset += length;
    }
    return true;
  }

  /** Length of the record at `offset` with its header when it can be one, 0 otherwise. Only a heap segment may be cut off by the end of the file. */
  #agreeingLength(offset: number): number {
    const { sizeBytes } = this.#source;
    if (offset + 9 > sizeBytes) return 0;
    const at = this.#window.at(offset, Math.min(32, sizeBytes - offset));
    const tag = this.#window.bytes[at]!;
    const length = this.#window.view.getUint32(at + 5);
    if (tag === recordTag.heapDump || tag === recordTag.heapDumpSegment) {
      return this.#isHeapAt(offset + 9, offset + 9 + length) ? 9 + length : 0;
    }
    if (offset + 9 + length > sizeBytes) return 0;
    const count = tag === recordTag.trace && length >= 12 ? this.#window.view.getUint32(at + 9 + 8) : 0;
    return this.#isLengthOf(tag, length, count) ? 9 + length : 0;
  }

  #isLengthOf(tag: number, length: number, count: number): boolean {
    const { idBytes } = this.#shapes;
    switch (tag) {
      case recordTag.utf8:
        return length >= idBytes && length <= longestNameBytes;
      case recordTag.loadClass:
        return length === 8 + idBytes * 2;
      case recordTag.frame:
      case recordTag.startThread:
        return length === 8 + idBytes * 4;
      case recordTag.trace:
        return length === 12 + count * idBytes;
      case recordTag.unloadClass:
      case recordTag.endThread:
        return length === 4;
      case recordTag.heapSummary:
        return length === 24;
      case recordTag.controlSettings:
        return length === 6;
      case recordTag.cpuSamples:
        return length >= 8 && length % 8 === 0;
      case recordTag.allocSites:
        return length >= 34;
      default:
        return tag === recordTag.heapDumpEnd && length === 0;
    }
  }

  /** Whether heap records go from `start` on, as far as the file and `end` go. */
  #isHeapAt(start: number, end: number): boolean {
    const { sizeBytes } = this.#source;
    let offset = start;
    for (let i = 0; i < agreeingHeapRecords && offset < end; i++) {
      if (offset >= sizeBytes) return i > 0;
      const length = this.#heapLength(offset);
      if (length <= 0) return false;
      offset += length;
    }
    return offset <= end && offset > start;
  }

  #heapLength(offset: number): number {
    const left = this.#source.sizeBytes - offset;
    const at = this.#window.at(offset, Math.min(left, 64));
    const { view } = this.#window;
    const head = this.#shapes.heads[view.getUint8(at)]!;
    if (head === 0 || head > left) return 0;
    const tag = view.getUint8(at);
    const isUsableId = this.#shapes.idBytes === 4 || view.getUint16(at + 1) === 0;
    if (tag !== heapTag.heapDumpInfo && !isUsableId) return 0;
    if (tag === heapTag.primitiveArray && (view.getUint8(at + head - 1) < 4 || view.getUint8(at + head - 1) > 11))
      return 0;
    if (tag !== heapTag.classDump) return heapRecordLength(view, at, this.#window.length, this.#shapes);
    const whole = this.#window.at(offset, Math.min(left, longestNameBytes));
    return heapRecordLength(this.#window.view, whole, this.#window.length, this.#shapes);
  }
}
