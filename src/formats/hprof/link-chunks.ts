import { type AddressIndex, popCounts } from "../../bytes/address-index.ts";
import type { ByteSource } from "../../bytes/byte-source.ts";
import { ByteWindow } from "../../bytes/byte-window.ts";
import { Float64Column, Int32Column } from "../../bytes/growable.ts";
import { cacheId, createIdCache, type IdTable, idCacheMask, indexOfId } from "../../bytes/id-table.ts";
import { lastEdgeBit } from "../../model/heap-graph.ts";
import { classDumpLength, heapTag, type RecordShapes, recordShapes } from "./records.ts";

/** What every thread needs to turn heap records into columns. */
export interface LinkPlan {
  readonly idBytes: 4 | 8;
  readonly idShift: 0 | 3;
  readonly chunkStart: Float64Array<SharedArrayBuffer>;
  readonly chunkEnd: Float64Array<SharedArrayBuffer>;
  /** Where each chunk's edges go in `edgeTo`. */
  readonly chunkFirstEdge: Float64Array<SharedArrayBuffer>;
  readonly nextChunk: Int32Array<SharedArrayBuffer>;
  readonly addresses: AddressIndex;
  readonly classes: IdTable;
  readonly primitiveArrayClass: Int32Array;
  readonly fields: ReferenceFields;
  /** Sizes by class index for instances; bases and alignment for arrays. */
  readonly instanceBytes: Float64Array;
  readonly referenceBytes: number;
  readonly arrayBaseBytes: number;
  readonly wideArrayBaseBytes: number;
  readonly alignmentBytes: number;
  readonly columns: LinkColumns;
}

/** Which bytes of an instance are references, by class index; superclasses' fields are included. */
export interface ReferenceFields {
  /** `offsets[first[c]…first[c + 1])` are the byte offsets of class c's references in its instances' data. */
  readonly first: Int32Array;
  readonly offsets: Int32Array;
  /** Offset of `Reference.referent` where it does not keep its referent alive, −1 otherwise. */
  readonly referent: Int32Array;
  /** Index in `strengths` of such a referent. */
  readonly strength: Uint8Array;
  /** Ordinal of the class object that instances keep alive; 0 where it is a root anyway. */
  readonly classEdge: Int32Array;
}

/** The graph's columns, written by all threads in disjoint places. */
export interface LinkColumns {
  readonly classOf: Uint16Array<SharedArrayBuffer> | Uint32Array<SharedArrayBuffer>;
  readonly shallowUnits: Uint16Array<SharedArrayBuffer>;
  readonly firstEdge: Int32Array<SharedArrayBuffer>;
  readonly edgeTo: Int32Array<SharedArrayBuffer>;
}

/** What one thread found besides the columns. */
export interface LinkResult {
  readonly edgeCount: number;
  /** References to addresses where the dump has no object. */
  readonly danglingCount: number;
  readonly large: { readonly ordinals: Int32Array; readonly bytes: Float64Array };
  readonly weak: { readonly from: Int32Array; readonly to: Int32Array; readonly strength: Int32Array };
}

/** Takes chunks until none is left and writes their objects' class, size and references. */
export function linkChunks(
  plan: LinkPlan,
  source: ByteSource,
  onProgress: (bytes: number) => void = () => undefined,
): LinkResult {
  const linker = new ChunkLinker(plan, source);
  for (;;) {
    const chunk = Atomics.add(plan.nextChunk, 0, 1);
    if (chunk >= plan.chunkStart.length) return linker.result();
    linker.link(plan.chunkStart[chunk]!, plan.chunkEnd[chunk]!, plan.chunkFirstEdge[chunk]!);
    onProgress(plan.chunkEnd[chunk]!);
  }
}

class ChunkLinker {
  readonly #plan: LinkPlan;
  readonly #window: ByteWindow;
  readonly #shapes: RecordShapes;
  readonly #classCache = createIdCache();
  readonly #largeOrdinals = new Int32Column();
  readonly #largeBytes = new Float64Column();
  readonly #weakFrom = new Int32Column();
  readonly #weakTo = new Int32Column();
  readonly #weakStrength = new Int32Column();
  #edgeCount = 0;
  #dangling = 0;
  #edge = 0;
  /** An object array whose elements go on behind the window: elements left, its ordinal, and the first of its edges. */
  #restElements = 0;
  #restOrdinal = 0;
  #restFirstEdge = 0;

  constructor(plan: LinkPlan, source: ByteSource) {
    this.#plan = plan;
    this.#window = new ByteWindow(source);
    this.#shapes = recordShapes(plan.idBytes);
  }

  result(): LinkResult {
    return {
      edgeCount: this.#edgeCount,
      danglingCount: this.#dangling,
      large: { ordinals: this.#largeOrdinals.values, bytes: this.#largeBytes.values },
      weak: { from: this.#weakFrom.values, to: this.#weakTo.values, strength: this.#weakStrength.values },
    };
  }

  link(start: number, end: number, firstEdge: number): void {
    this.#edge = firstEdge;
    let position = start;
    while (position < end) {
      const available = this.#window.load(position, end);
      const consumed = this.#restElements > 0 ? this.#elements(0, available) : this.#scan(available);
      if (consumed === 0) {
        // The first pass has read these records, so only a file that changes meanwhile stops here for good.
        if (available < this.#window.bytes.byteLength) return;
        this.#window.grow();
        continue;
      }
      position += consumed;
    }
  }

  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one pass over the records, measured faster than any division of it
  // biome-ignore lint/complexity/noExcessiveLinesPerFunction: the same
  #scan(length: number): number {
    const { idBytes, idShift, classes, primitiveArrayClass, fields, instanceBytes, addresses } = this.#plan;
    const { referenceBytes, arrayBaseBytes, wideArrayBaseBytes, alignmentBytes } = this.#plan;
    const { classOf, shallowUnits, firstEdge, edgeTo } = this.#plan.columns;
    const { first, offsets, referent, classEdge } = fields;
    const { ranks, pageStart, firstPage } = addresses;
    const pageCount = pageStart.length;
    const { view, bytes } = this.#window;
    const shapes = this.#shapes;
    const { heads, sizes } = shapes;
    const cache = this.#classCache;
    const counts = popCounts;
    const lowAt = idBytes - 4;
    const padding = alignmentBytes - 1;
    const idIsWide = idBytes === 8;
    let edge = this.#edge;
    let dangling = 0;
    let p = 0;
    while (p < length) {
      const tag = bytes[p]!;
      const head = heads[tag]!;
      if (head === 0 || p + head > length) break;
      if (
        tag !== heapTag.instance &&
        tag !== heapTag.primitiveArray &&
        tag !== heapTag.objectArray &&
        tag !== heapTag.primitiveArrayNoData
      ) {
        if (tag === heapTag.classDump) {
          const size = classDumpLength(view, p, length, shapes);
          if (size < 0) break;
          p += size;
        } else p += head;
        continue;
      }
      let high = idIsWide ? view.getInt32(p + 1) : 0;
      let low = view.getInt32(p + 1 + lowAt);
      if (idShift !== 0) {
        high = (high << 3) | (low >>> 29);
        low <<= 3;
      }
      let at = pageStart[((high << 9) | (low >>> 23)) - firstPage]! + ((low >>> 7) & 0xfffe);
      let bit = 1 << (low >>> 3);
      let below = ranks[at]! & (bit - 1);
      const ordinal = ranks[at + 1]! + counts[below & 0xffff]! + counts[below >>> 16]! + 1;
      let size: number;
      if (tag === heapTag.primitiveArray || tag === heapTag.primitiveArrayNoData) {
        const type = bytes[p + head - 1]!;
        const elementBytes = sizes[type]!;
        const contents = view.getUint32(p + 1 + idBytes + 4) * elementBytes;
        size = contents + (elementBytes === 8 ? wideArrayBaseBytes : arrayBaseBytes) + padding;
        size -= size % alignmentBytes;
        classOf[ordinal] = primitiveArrayClass[type]!;
        p += tag === heapTag.primitiveArray ? head + contents : head;
      } else {
        const isInstance = tag === heapTag.instance;
        const classIdAt = isInstance ? p + 1 + idBytes + 4 : p + 1 + idBytes + 8;
        const classHigh = idIsWide ? view.getInt32(classIdAt) : 0;
        const classLow = view.getInt32(classIdAt + lowAt);
        const cached = (classLow >>> 1) & idCacheMask;
        const classIndex =
          cache[cached] === classLow && cache[cached + 1] === classHigh
            ? cache[cached + 2]! - 1
            : cacheId(cache, classHigh, classLow, indexOfId(classes, classHigh, classLow));
        const start = edge;
        if (isInstance) {
          const dataBytes = view.getUint32(classIdAt + idBytes);
          const data = p + head;
          if (data + dataBytes > length) break;
          size = instanceBytes[classIndex]!;
          const weakAt = referent[classIndex]!;
          for (let k = first[classIndex]!, lastField = first[classIndex + 1]!; k < lastField; k++) {
            const offset = offsets[k]!;
            if (offset + idBytes > dataBytes) break;
            low = view.getInt32(data + offset + lowAt);
            high = idIsWide ? view.getInt32(data + offset) : 0;
            if ((low | high) === 0) continue;
            if (idShift !== 0) {
              high = (high << 3) | (low >>> 29);
              low <<= 3;
            }
            const page = ((high << 9) | (low >>> 23)) - firstPage;
            at = (page >>> 0 < pageCount ? pageStart[page]! : 0) + ((low >>> 7) & 0xfffe);
            bit = 1 << (low >>> 3);
            if ((ranks[at]! & bit) === 0 || (low & 7) !== 0) {
              dangling++;
              continue;
            }
            below = ranks[at]! & (bit - 1);
            const target = ranks[at + 1]! + counts[below & 0xffff]! + counts[below >>> 16]! + 1;
            if (offset === weakAt) this.#weak(ordinal, target, classIndex);
            else edgeTo[edge++] = target;
          }
          p = data + dataBytes;
        } else {
          const count = view.getUint32(p + 1 + idBytes + 4);
          size = arrayBaseBytes + count * referenceBytes;
          if (referenceBytes === 8) size += wideArrayBaseBytes - arrayBaseBytes;
          size += padding;
          size -= size % alignmentBytes;
          classOf[ordinal] = classIndex;
          this.#edge = edge;
          this.#restElements = count;
          this.#restOrdinal = ordinal;
          this.#restFirstEdge = edge;
          p += head;
          const taken = this.#elements(p, length);
          edge = this.#edge;
          p += taken;
        }
        classOf[ordinal] = classIndex;
        if (isInstance) {
          const classOrdinal = classEdge[classIndex]!;
          if (classOrdinal !== 0) edgeTo[edge++] = classOrdinal;
          if (edge > start) {
            edgeTo[edge - 1]! |= lastEdgeBit;
            firstEdge[ordinal] = start;
            this.#edgeCount += edge - start;
          }
        }
      }
      if (size >= 0xffff * 8) {
        shallowUnits[ordinal] = 0xffff;
        this.#largeOrdinals.push(ordinal);
        this.#largeBytes.push(size);
      } else shallowUnits[ordinal] = size >>> 3;
      if (this.#restElements > 0) break;
    }
    this.#edge = edge;
    this.#dangling += dangling;
    return p;
  }

  /** Writes the edges of the array at hand from the elements between `start` and `length`; returns the bytes taken. */
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the same for arrays of millions
  #elements(start: number, length: number): number {
    const { idBytes, idShift, addresses, fields } = this.#plan;
    const { edgeTo, firstEdge, classOf } = this.#plan.columns;
    const { ranks, pageStart, firstPage } = addresses;
    const pageCount = pageStart.length;
    const { view } = this.#window;
    const counts = popCounts;
    const idIsWide = idBytes === 8;
    const taken = Math.min(this.#restElements, Math.floor((length - start) / idBytes));
    const end = start + taken * idBytes;
    let edge = this.#edge;
    for (let p = start; p < end; p += idBytes) {
      let high = idIsWide ? view.getInt32(p) : 0;
      let low = view.getInt32(p + idBytes - 4);
      if ((low | high) === 0) continue;
      if (idShift !== 0) {
        high = (high << 3) | (low >>> 29);
        low <<= 3;
      }
      const page = ((high << 9) | (low >>> 23)) - firstPage;
      const at = (page >>> 0 < pageCount ? pageStart[page]! : 0) + ((low >>> 7) & 0xfffe);
      const bit = 1 << (low >>> 3);
      if ((ranks[at]! & bit) === 0 || (low & 7) !== 0) {
        this.#dangling++;
        continue;
      }
      const below = ranks[at]! & (bit - 1);
      edgeTo[edge++] = ranks[at + 1]! + counts[below & 0xffff]! + counts[below >>> 16]! + 1;
    }
    this.#restElements -= taken;
    if (this.#restElements === 0) {
      const classOrdinal = fields.classEdge[classOf[this.#restOrdinal]!]!;
      if (classOrdinal !== 0) edgeTo[edge++] = classOrdinal;
      if (edge > this.#restFirstEdge) {
        edgeTo[edge - 1]! |= lastEdgeBit;
        firstEdge[this.#restOrdinal] = this.#restFirstEdge;
        this.#edgeCount += edge - this.#restFirstEdge;
      }
    }
    this.#edge = edge;
    return taken * idBytes;
  }

  #weak(from: number, to: number, classIndex: number): void {
    this.#weakFrom.push(from);
    this.#weakTo.push(to);
    this.#weakStrength.push(this.#plan.fields.strength[classIndex]!);
  }
}
