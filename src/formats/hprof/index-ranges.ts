import { AddressBitmap, type AddressPages } from "../../bytes/address-bitmap.ts";
import type { ByteSource } from "../../bytes/byte-source.ts";
import { ByteWindow } from "../../bytes/byte-window.ts";
import { Float64Column, Int32Column } from "../../bytes/growable.ts";
import { cacheId, createIdCache, type IdTable, idCacheMask, indexOfId } from "../../bytes/id-table.ts";
import type { ClassCatalog } from "./class-catalog.ts";
import { classDumpLength, heapTag, type RecordShapes, recordShapes } from "./records.ts";
import type { HeapRange } from "./walk.ts";

/** What every thread needs to know before it looks at heap records. */
export interface IndexPlan {
  readonly idBytes: 4 | 8;
  /** Ids are multiplied by 2^idShift so that they are multiples of 8: 0 for addresses, 3 for ids that are mere numbers. */
  readonly idShift: 0 | 3;
  readonly ranges: readonly HeapRange[];
  /** Class ids (unshifted) to indexes of the class table. */
  readonly classes: IdTable;
  readonly classCount: number;
  /** Class index of `boolean[]` … `long[]` by basic type number. */
  readonly primitiveArrayClass: Int32Array;
  /** Index of the next range that no thread has taken. */
  readonly nextRange: Int32Array<SharedArrayBuffer>;
  /** An unknown class id in an instance means damage, not a missing class. */
  readonly strict: boolean;
}

/** The plan for a pass over `ranges`, of which no thread has taken any. */
export function planIndex(
  { table, classes, primitiveArrayClass }: ClassCatalog,
  ids: Pick<IndexPlan, "idBytes" | "idShift">,
  ranges: readonly HeapRange[],
): IndexPlan {
  const nextRange = new Int32Array(new SharedArrayBuffer(4));
  return { ...ids, ranges, classes: table, classCount: classes.length, primitiveArrayClass, nextRange, strict: false };
}

/** Class ids that LOAD_CLASS does not name get indexes after the known ones; more than this many means damage. */
const unknownClassLimit = 1024;
/** Objects per class whose addresses are remembered, to learn sizes from. */
export const samplesPerClass = 12;
/** Array lengths are counted modulo this, so that their padded sizes can be summed once the layout is known. */
export const lengthClasses = 64;
const chunkBytes = 1 << 20;

/** One part of the heap records that starts and ends at a record, columns by chunk. */
export interface ChunkColumns {
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Lowest and highest 8 MiB page of its objects' addresses. */
  readonly minPage: Float64Array;
  readonly maxPage: Float64Array;
  /** At least the number of references that its objects hold, plus one per object. */
  readonly edgeBound: Float64Array;
}

/** Where reading a range had to stop, and why. */
export interface RangeFault {
  readonly offset: number;
  readonly rangeEnd: number;
  readonly reason: string;
}

/** Root records in columns: tag, address, thread serial, and frame (for thread objects the stack trace serial; −1: none). */
export interface RootColumns {
  readonly offset: Float64Array;
  readonly tag: Int32Array;
  readonly address: Float64Array;
  readonly serial: Int32Array;
  readonly frame: Int32Array;
}

/** What one thread found in the ranges that it took. */
export interface RangeIndex {
  readonly pages: AddressPages;
  readonly chunks: ChunkColumns;
  readonly faults: readonly RangeFault[];
  readonly roots: RootColumns;
  /** File offsets of the CLASS_DUMP records. */
  readonly classDumps: Float64Array;
  /** Ids of classes that are not in the plan's table: the one at position i has the index classCount + i. */
  readonly unknownClassIds: Float64Array;
  readonly counts: ClassCounts;
}

/** Per class index (known, then unknown). */
export interface ClassCounts {
  readonly instances: Int32Array<SharedArrayBuffer>;
  /** Sum of the lengths of its arrays. */
  readonly elements: Float64Array<SharedArrayBuffer>;
  /** `[classIndex * lengthClasses + length % lengthClasses]`: number of such arrays. */
  readonly lengths: Int32Array<SharedArrayBuffer>;
  /** `[classIndex * samplesPerClass + i]`: addresses of its first objects, 0 when none; the lengths of arrays; and where they are in the file. */
  readonly sampleAddress: Float64Array<SharedArrayBuffer>;
  readonly sampleLength: Float64Array<SharedArrayBuffer>;
  readonly sampleOffset: Float64Array<SharedArrayBuffer>;
}

/** Takes ranges until none is left; records objects' addresses, counts by class, roots, class dumps, chunks and faults. */
export function indexRanges(
  plan: IndexPlan,
  source: ByteSource,
  onProgress: (bytes: number) => void = () => undefined,
): RangeIndex {
  const indexer = new RangeIndexer(plan, source);
  for (;;) {
    const next = Atomics.add(plan.nextRange, 0, 1);
    const range = plan.ranges[next];
    if (range === undefined) return indexer.result();
    indexer.index(range);
    onProgress(range.end);
  }
}

const needMore = -1;
const fault = -2;

/** Indexes ranges one by one; `onClassDumps` is given the file offsets of class dumps while the source can still go back to them. */
export class RangeIndexer {
  readonly #plan: IndexPlan;
  readonly #window: ByteWindow;
  readonly #shapes: RecordShapes;
  readonly #bitmap = new AddressBitmap();
  readonly #classCache = createIdCache();
  readonly #counts: ClassCounts;
  readonly #unknown = new Float64Column();
  readonly #classDumps = new Float64Column();
  readonly #faults: RangeFault[] = [];
  readonly #rootOffset = new Float64Column();
  readonly #rootTag = new Int32Column();
  readonly #rootAddress = new Float64Column();
  readonly #rootSerial = new Int32Column();
  readonly #rootFrame = new Int32Column();
  readonly #chunkStart = new Float64Column();
  readonly #chunkEnd = new Float64Column();
  readonly #chunkMinPage = new Float64Column();
  readonly #chunkMaxPage = new Float64Column();
  readonly #chunkEdgeBound = new Float64Column();
  readonly #onClassDumps: (offsets: Float64Array) => void;
  #reportedClassDumps = 0;
  #minPage = Number.POSITIVE_INFINITY;
  #maxPage = -1;
  #edgeBound = 0;
  #faultReason = "";
  #page = -1;
  #words: Int32Array = new Int32Array(0);

  constructor(plan: IndexPlan, source: ByteSource, onClassDumps: (offsets: Float64Array) => void = () => undefined) {
    this.#plan = plan;
    this.#onClassDumps = onClassDumps;
    this.#window = new ByteWindow(source, chunkBytes);
    this.#shapes = recordShapes(plan.idBytes);
    this.#counts = emptyCounts(plan.classCount + unknownClassLimit);
  }

  result(): RangeIndex {
    return {
      pages: this.#bitmap.pages(),
      chunks: {
        start: this.#chunkStart.values,
        end: this.#chunkEnd.values,
        minPage: this.#chunkMinPage.values,
        maxPage: this.#chunkMaxPage.values,
        edgeBound: this.#chunkEdgeBound.values,
      },
      faults: this.#faults,
      roots: {
        offset: this.#rootOffset.values,
        tag: this.#rootTag.values,
        address: this.#rootAddress.values,
        serial: this.#rootSerial.values,
        frame: this.#rootFrame.values,
      },
      classDumps: this.#classDumps.values,
      unknownClassIds: this.#unknown.values,
      counts: this.#counts,
    };
  }

  index(range: HeapRange): void {
    let position = range.start;
    let chunkStart = position;
    this.#openChunk();
    while (position < range.end) {
      const available = this.#window.load(position, range.end);
      const consumed = available === 0 ? 0 : this.#scan(available, position, range.end);
      position += consumed;
      if (this.#faultReason !== "") {
        this.#faults.push({ offset: position, rangeEnd: range.end, reason: this.#faultReason });
        this.#faultReason = "";
        break;
      }
      if (consumed === 0) {
        const isWhole = available < this.#window.bytes.byteLength;
        if (!isWhole && available < 1 << 26) {
          this.#window.grow();
          continue;
        }
        this.#faults.push({ offset: position, rangeEnd: range.end, reason: "a heap record is cut off" });
        break;
      }
      if (position - chunkStart >= chunkBytes) {
        this.#closeChunk(chunkStart, position);
        chunkStart = position;
      }
    }
    if (position > chunkStart) this.#closeChunk(chunkStart, position);
  }

  #openChunk(): void {
    this.#minPage = Number.POSITIVE_INFINITY;
    this.#maxPage = -1;
    this.#edgeBound = 0;
    this.#page = -1;
  }

  #closeChunk(start: number, end: number): void {
    this.#chunkStart.push(start);
    this.#chunkEnd.push(end);
    this.#chunkMinPage.push(this.#minPage);
    this.#chunkMaxPage.push(this.#maxPage);
    this.#chunkEdgeBound.push(this.#edgeBound);
    if (this.#classDumps.length > this.#reportedClassDumps) {
      this.#onClassDumps(this.#classDumps.values.subarray(this.#reportedClassDumps));
      this.#reportedClassDumps = this.#classDumps.length;
    }
    this.#openChunk();
  }

  /**
   * Scans the window's records; returns the bytes of those that it took, which may reach past the window.
   * One loop with everything in locals: 20 ns an object is the budget.
   */
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one pass over the records, measured faster than any division of it
  // biome-ignore lint/complexity/noExcessiveLinesPerFunction: the same
  #scan(length: number, fileOffset: number, rangeEnd: number): number {
    const { idBytes, idShift, primitiveArrayClass } = this.#plan;
    const { view, bytes } = this.#window;
    const shapes = this.#shapes;
    const { heads, sizes } = shapes;
    const cache = this.#classCache;
    const { instances, elements, lengths, sampleAddress, sampleLength, sampleOffset } = this.#counts;
    const idIsWide = idBytes === 8;
    const lowAt = idBytes - 4;
    // Instances have their class id there, arrays their length.
    const lengthAt = 1 + idBytes + 4;
    const room = rangeEnd - fileOffset;
    let page = this.#page;
    let words = this.#words;
    let references = 0;
    let objects = 0;
    let p = 0;
    while (p < length) {
      const tag = bytes[p]!;
      const head = heads[tag]!;
      if (head === 0) {
        this.#faultReason = `expected a heap record, got tag 0x${tag.toString(16)}`;
        break;
      }
      if (p + head > length) break;
      let end = p + head;
      let classIndex = -1;
      let arrayLength = -1;
      let referenceBytes = 0;
      if (tag === heapTag.instance || tag === heapTag.objectArray) {
        const isInstance = tag === heapTag.instance;
        const at = isInstance ? p + lengthAt : p + lengthAt + 4;
        const high = idIsWide ? view.getInt32(at) : 0;
        const low = view.getInt32(at + lowAt);
        const cached = (low >>> 1) & idCacheMask;
        if (cache[cached] === low && cache[cached + 1] === high) classIndex = cache[cached + 2]! - 1;
        else classIndex = cacheId(cache, high, low, this.#classIndex(high, low));
        if (classIndex < 0) {
          this.#faultReason = "expected an object of a known class, got an unknown class id";
          break;
        }
        if (isInstance) {
          const dataBytes = view.getInt32(at + idBytes);
          referenceBytes = dataBytes;
          end += dataBytes;
        } else {
          arrayLength = view.getInt32(p + lengthAt);
          referenceBytes = arrayLength * idBytes;
          end += referenceBytes;
        }
      } else if (tag === heapTag.primitiveArray || tag === heapTag.primitiveArrayNoData) {
        const type = bytes[p + head - 1]!;
        if (type < 4 || type > 11) {
          this.#faultReason = `expected an array of a primitive type (4–11), got type ${type}`;
          break;
        }
        arrayLength = view.getInt32(p + lengthAt);
        classIndex = primitiveArrayClass[type]!;
        if (tag === heapTag.primitiveArray) end += arrayLength * sizes[type]!;
      } else if (tag === heapTag.classDump) {
        const size = classDumpLength(view, p, length, shapes);
        if (size === needMore && fileOffset + length < rangeEnd) break;
        if (size === fault || size === needMore) {
          this.#faultReason =
            size === fault ? "a class dump holds a field of an unknown type" : "a class dump is cut off";
          break;
        }
        end = p + size;
        // Its statics, superclass, loader and the like.
        referenceBytes = size;
      }
      if (end > room || end < p + head) {
        this.#faultReason = "a heap record is cut off";
        break;
      }
      if (classIndex >= 0 || tag === heapTag.classDump) {
        let high = idIsWide ? view.getInt32(p + 1) : 0;
        let low = view.getInt32(p + 1 + lowAt);
        if (idShift !== 0) {
          high = (high << 3) | (low >>> 29);
          low <<= 3;
        }
        if ((low & 7) !== 0 || (high & 0xffff0000) !== 0 || (high | low) === 0) {
          this.#faultReason = "expected an object's address, got an id that cannot be one";
          break;
        }
        const pageNumber = (high << 9) | (low >>> 23);
        if (pageNumber !== page) {
          page = pageNumber;
          words = this.#bitmap.page(pageNumber);
          if (pageNumber < this.#minPage) this.#minPage = pageNumber;
          if (pageNumber > this.#maxPage) this.#maxPage = pageNumber;
        }
        const word = (low >>> 8) & 0x7fff;
        words[word] = words[word]! | (1 << (low >>> 3));
        objects++;
        references += referenceBytes;
        if (classIndex >= 0) {
          const count = instances[classIndex]!;
          instances[classIndex] = count + 1;
          if (count < samplesPerClass) {
            const sample = classIndex * samplesPerClass + count;
            sampleAddress[sample] = high * 0x100000000 + (low >>> 0);
            sampleLength[sample] = Math.max(arrayLength, 0);
            sampleOffset[sample] = fileOffset + p;
          }
          if (arrayLength >= 0) {
            elements[classIndex] = elements[classIndex]! + arrayLength;
            const lengthClass = classIndex * lengthClasses + (arrayLength & (lengthClasses - 1));
            lengths[lengthClass] = lengths[lengthClass]! + 1;
          }
        } else this.#classDumps.push(fileOffset + p);
      } else if (tag !== heapTag.heapDumpInfo && tag !== heapTag.unreachable) {
        this.#root(view, p, tag, fileOffset);
      }
      p = end;
    }
    this.#page = page;
    this.#words = words;
    this.#edgeBound += references / idBytes + objects;
    return p;
  }

  /** Index of a class id; classes that no LOAD_CLASS names get one behind the others. −1: no class, as far as can be told. */
  #classIndex(high: number, low: number): number {
    const named = indexOfId(this.#plan.classes, high, low);
    if (named >= 0 || this.#plan.strict) return named;
    const id = (high >>> 0) * 0x100000000 + (low >>> 0);
    const known = this.#unknown.values.indexOf(id);
    if (known >= 0) return this.#plan.classCount + known;
    if (id === 0 || high >>> 16 !== 0 || this.#unknown.length === unknownClassLimit) return -1;
    this.#unknown.push(id);
    return this.#plan.classCount + this.#unknown.length - 1;
  }

  #root(view: DataView, at: number, tag: number, fileOffset: number): void {
    const { idBytes, idShift } = this.#plan;
    const address = (idBytes === 8 ? view.getUint32(at + 1) * 0x100000000 : 0) + view.getUint32(at + 1 + idBytes - 4);
    const after = at + 1 + idBytes;
    const hasSerial = this.#shapes.heads[tag]! >= 1 + idBytes + 4 && tag !== heapTag.rootJniGlobal;
    const hasFrame = tag === heapTag.rootJniLocal || tag === heapTag.rootJavaFrame || tag === heapTag.rootThreadObject;
    this.#rootOffset.push(fileOffset + at);
    this.#rootTag.push(tag);
    this.#rootAddress.push(address * (1 << idShift));
    this.#rootSerial.push(hasSerial ? view.getInt32(after) : 0);
    this.#rootFrame.push(hasFrame ? view.getInt32(after + 4) : -1);
  }
}

/** Columns for `classCount` classes; shared memory is only committed where it is written. */
function emptyCounts(classCount: number): ClassCounts {
  const shared = (bytes: number) => new SharedArrayBuffer(bytes);
  return {
    instances: new Int32Array(shared(classCount * 4)),
    elements: new Float64Array(shared(classCount * 8)),
    lengths: new Int32Array(shared(classCount * lengthClasses * 4)),
    sampleAddress: new Float64Array(shared(classCount * samplesPerClass * 8)),
    sampleLength: new Float64Array(shared(classCount * samplesPerClass * 8)),
    sampleOffset: new Float64Array(shared(classCount * samplesPerClass * 8)),
  };
}
