import type { ByteSource } from "../../bytes/byte-source.ts";
import { ByteWindow } from "../../bytes/byte-window.ts";
import { FormatError } from "../../model/errors.ts";
import type { Loss } from "../../model/heap-evidence.ts";
import { type HprofHeader, readHeader } from "./header.ts";
import { RecordCheck } from "./record-check.ts";
import { isRecordTag, recordShapes, recordTag } from "./records.ts";
import { Symbols } from "./symbols.ts";

/** Heap records from `start` up to `end`, all of one dump; a segment never splits a record. */
export interface HeapRange {
  readonly start: number;
  readonly end: number;
}

/** LOAD_CLASS: which class object has which name. */
export interface LoadedClass {
  readonly id: number;
  readonly nameId: number;
  readonly serial: number;
}

/** HPROF_FRAME with its names still as ids. */
export interface RawFrame {
  readonly methodId: number;
  readonly sourceId: number;
  readonly classSerial: number;
  readonly line: number;
}

/** Everything outside the heap records. */
export interface HprofOutline {
  readonly header: HprofHeader;
  readonly symbols: Symbols;
  readonly loadedClasses: readonly LoadedClass[];
  readonly frames: ReadonlyMap<number, RawFrame>;
  /** Frame ids by stack trace serial. */
  readonly traces: ReadonlyMap<number, readonly number[]>;
  /** One list of ranges per dump in the file. */
  readonly dumps: readonly (readonly HeapRange[])[];
  readonly losses: readonly Loss[];
}

const overflow = 2 ** 32;
/** A segment that claims to go on for longer than this behind the end of the file may have a damaged length: that is said, but not counted as lost. */
const believedMissingBytes = 64 << 20;

/** Walks the top-level records by their lengths; heap records are seeked over. Damage is stepped over and listed. */
export function walkRecords(source: ByteSource, onProgress: (offset: number) => void = () => undefined): HprofOutline {
  const records = new RecordCollector(source);
  const walk = new Walk(source, records);
  walk.run(records.header.endOffset, onProgress);
  const { header, symbols, loadedClasses, frames, traces } = records;
  return { header, symbols, loadedClasses, frames, traces, dumps: walk.dumps, losses: walk.losses };
}

class Walk {
  readonly dumps: HeapRange[][] = [];
  readonly losses: Loss[] = [];
  readonly #source: ByteSource;
  readonly #records: RecordCollector;
  readonly #window: ByteWindow;
  readonly #heads: Uint8Array;
  readonly #check: RecordCheck;
  #segments: HeapRange[] | undefined;

  constructor(source: ByteSource, records: RecordCollector) {
    this.#source = source;
    this.#records = records;
    this.#window = new ByteWindow(source, 1 << 14);
    this.#heads = recordShapes(records.header.idBytes).heads;
    this.#check = new RecordCheck(source, records.header.idBytes);
  }

  run(start: number, onProgress: (offset: number) => void): void {
    const { sizeBytes } = this.#source;
    let offset = start;
    while (offset < sizeBytes) {
      onProgress(offset);
      if (offset + 9 > sizeBytes) {
        this.#lose(offset, sizeBytes - offset, "the file ends inside a record's header");
        return;
      }
      offset = this.#record(offset);
    }
  }

  /** Reads one record; returns where the next one starts. */
  #record(offset: number): number {
    const at = this.#window.at(offset, 9);
    const tag = this.#window.bytes[at]!;
    const length = this.#window.view.getUint32(at + 5);
    const body = offset + 9;
    if (!isRecordTag(tag)) return this.#skipDamage(offset, `expected a record, got tag 0x${tag.toString(16)}`);
    if (tag === recordTag.heapDump || tag === recordTag.heapDumpSegment) return this.#heapRange(tag, body, length);
    if (tag === recordTag.heapDumpEnd) {
      this.#segments = undefined;
      return body + length;
    }
    if (body + length > this.#source.sizeBytes) {
      return this.#skipDamage(offset, `a record of ${length} bytes runs past the end of the file`);
    }
    this.#records.record(tag, body, length);
    return body + length;
  }

  #heapRange(tag: number, start: number, length: number): number {
    const end = this.#heapEnd(start, length);
    const range = { start, end: Math.min(end, this.#source.sizeBytes) };
    if (tag === recordTag.heapDump) {
      this.dumps.push([range]);
      this.#segments = undefined;
    } else {
      if (this.#segments === undefined) {
        this.#segments = [];
        this.dumps.push(this.#segments);
      }
      this.#segments.push(range);
    }
    const missing = end - this.#source.sizeBytes;
    if (missing > 0) {
      const believed = missing <= believedMissingBytes ? missing : 0;
      this.#lose(
        this.#source.sizeBytes,
        believed,
        `the file ends ${missing} bytes before its last heap segment: it was cut off`,
      );
    }
    return end;
  }

  /**
   * Where heap records end. A length that overflowed its 32 bits is short by a multiple of 4 GiB; a JVM that died while
   * writing leaves 0; a damaged length leads to something that is no record.
   */
  #heapEnd(start: number, length: number): number {
    const { sizeBytes } = this.#source;
    const declared = start + length;
    if (length === 0 && !this.#isRecordAt(start, 2)) return sizeBytes;
    if (declared > sizeBytes || this.#isRecordAt(declared, 1) || this.#isCutRecordAt(declared)) return declared;
    for (let end = declared + overflow; end <= sizeBytes; end += overflow) if (this.#isRecordAt(end, 2)) return end;
    const next = this.#check.nextRecord(start);
    this.#lose(start - 4, 0, `a heap segment says that it has ${length} bytes, and what follows them is no record`);
    return next;
  }

  /** Whether a chain of `depth` plausible records, or the end of the file, is at `offset`. */
  #isRecordAt(offset: number, depth: number): boolean {
    const { sizeBytes } = this.#source;
    if (offset === sizeBytes || depth === 0) return true;
    if (offset + 9 > sizeBytes)
      return offset < sizeBytes && isRecordTag(this.#window.bytes[this.#window.at(offset, 1)]!);
    const at = this.#window.at(offset, 9);
    const tag = this.#window.bytes[at]!;
    if (!isRecordTag(tag)) return false;
    const length = this.#window.view.getUint32(at + 5);
    if (tag === recordTag.heapDumpEnd && length !== 0) return false;
    const isHeap = tag === recordTag.heapDump || tag === recordTag.heapDumpSegment;
    if (isHeap && !this.#isHeapRecordAt(offset + 9)) return false;
    if (tag === recordTag.heapDump || (isHeap && offset + 9 + length > sizeBytes)) return true;
    return offset + 9 + length <= sizeBytes && this.#isRecordAt(offset + 9 + length, depth - 1);
  }

  /** Whether a record of a known kind starts at `offset` or soon after that the end of the file cuts off. */
  #isCutRecordAt(start: number): boolean {
    const { sizeBytes } = this.#source;
    let offset = start;
    for (let depth = 0; depth < 3; depth++) {
      const at = this.#window.at(offset, Math.min(9, sizeBytes - offset));
      if (!isRecordTag(this.#window.bytes[at]!)) return false;
      if (offset + 9 > sizeBytes) return true;
      offset += 9 + this.#window.view.getUint32(at + 5);
      if (offset >= sizeBytes) return true;
    }
    return false;
  }

  /** Whether a heap record may start at `offset`; nothing is expected at the end of the file. */
  #isHeapRecordAt(offset: number): boolean {
    if (offset >= this.#source.sizeBytes) return true;
    return this.#heads[this.#window.bytes[this.#window.at(offset, 1)]!] !== 0;
  }

  #skipDamage(offset: number, reason: string): number {
    const next = this.#check.nextRecord(offset + 1);
    this.#lose(offset, next - offset, reason);
    return next;
  }

  #lose(offset: number, bytes: number, reason: string): void {
    this.losses.push({ offset, bytes, reason });
  }
}

/** Collects the records that lie outside the heap dumps: names, classes, frames and stack traces. */
export class RecordCollector {
  readonly header: HprofHeader;
  readonly symbols = new Symbols();
  readonly loadedClasses: LoadedClass[] = [];
  readonly frames = new Map<number, RawFrame>();
  readonly traces = new Map<number, readonly number[]>();
  readonly #window: ByteWindow;

  /** Reads the header. Throws FormatError when the source is no heap dump. */
  constructor(source: ByteSource) {
    this.header = readHeader(source);
    this.#window = new ByteWindow(source, 1 << 14);
  }

  /** Takes the record with this tag whose contents are the `length` bytes at `body`; those of no interest are passed over. */
  record(tag: number, body: number, length: number): void {
    if (!isCollected(tag)) return;
    const { idBytes } = this.header;
    const at = this.#window.at(body, length);
    const { view } = this.#window;
    const id = (from: number) => readId(view, from, idBytes);
    if (tag === recordTag.utf8 && length >= idBytes) {
      this.symbols.add(id(at), this.#window.bytes.subarray(at + idBytes, at + length));
    } else if (tag === recordTag.loadClass && length >= 8 + idBytes * 2) {
      this.loadedClasses.push({ serial: view.getUint32(at), id: id(at + 4), nameId: id(at + 8 + idBytes) });
    } else if (tag === recordTag.frame && length >= 8 + idBytes * 4) {
      this.frames.set(id(at), {
        methodId: id(at + idBytes),
        sourceId: id(at + idBytes * 3),
        classSerial: view.getUint32(at + idBytes * 4),
        line: view.getInt32(at + idBytes * 4 + 4),
      });
    } else if (tag === recordTag.trace && length >= 12) {
      const count = Math.min(view.getUint32(at + 8), Math.floor((length - 12) / idBytes));
      this.traces.set(
        view.getUint32(at),
        Array.from({ length: count }, (_, i) => id(at + 12 + i * idBytes)),
      );
    }
  }
}

/** An id as a number. Throws FormatError for ids of 2^53 and more, which no JVM gives. */
export function readId(view: DataView, at: number, idBytes: number): number {
  return idBytes === 4 ? view.getUint32(at) : view.getUint32(at) * overflow + view.getUint32(at + 4);
}

function isCollected(tag: number): boolean {
  return tag === recordTag.utf8 || tag === recordTag.loadClass || tag === recordTag.frame || tag === recordTag.trace;
}

/** Throws FormatError when the file has no dump with the given number; without a number it is the last one. */
export function rangesOfDump(
  outline: HprofOutline,
  dump: number | undefined,
): { dump: number; ranges: readonly HeapRange[] } {
  const number = dump ?? outline.dumps.length;
  const ranges = outline.dumps[number - 1];
  if (ranges !== undefined) return { dump: number, ranges };
  if (outline.dumps.length === 0)
    throw new FormatError("the file holds no heap dump: it ends before the first heap segment");
  throw new FormatError(`the file holds ${dumpsInWords(outline.dumps.length)}, so there is no dump ${number}`);
}

/** `1 heap dump`, `2 heap dumps`. */
export function dumpsInWords(count: number): string {
  return count === 1 ? "1 heap dump" : `${count} heap dumps`;
}
