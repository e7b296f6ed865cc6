import type { Bytes } from "./units.ts";

/**
 * The strong references of a heap as integer-indexed columns.
 *
 * Objects have dense ordinals 1…objectCount in address order; ordinal 0 is the super-root, whose edges are `roots`.
 * The edges of `ordinal` start at `firstEdge[ordinal]` (0: it has none) and end with the first negative entry:
 * `edgeTo[edge] & 0x7fffffff` is the target ordinal, the sign bit marks an object's last edge.
 * Edges of different objects lie in no particular order and unused entries may lie between them.
 * Parallel edges and self-loops may occur. An edge never leads to ordinal 0.
 * Columns of `objectCount + 1` entries lie on SharedArrayBuffers.
 */
export interface HeapGraph {
  readonly objectCount: number;
  readonly firstEdge: Int32Array<SharedArrayBuffer>;
  readonly edgeTo: Int32Array<SharedArrayBuffer>;
  /** Number of edges in use. */
  readonly edgeCount: number;
  /** Index into the class table. */
  readonly classOf: Uint16Array<SharedArrayBuffer> | Uint32Array<SharedArrayBuffer>;
  /** Shallow size in units of 8 bytes; 0xffff means: look in `largeObjects`. */
  readonly shallowUnits: Uint16Array<SharedArrayBuffer>;
  readonly largeObjects: LargeObjects;
  /** Ordinals that garbage collection starts from, ascending, without duplicates. */
  readonly roots: Int32Array;
  /** References that do not keep their referent alive, by what kind of `java.lang.ref.Reference` holds them. */
  readonly weakEdges: WeakEdges;
}

/** Objects of 512 KiB and more, ordinals ascending. */
export interface LargeObjects {
  readonly ordinals: Int32Array;
  readonly bytes: Float64Array;
}

/** Reachability strengths from the strongest, as `java.lang.ref` defines them. */
export const strengths = ["strong", "soft", "weak", "finalizer", "phantom"] as const;
export type Strength = (typeof strengths)[number];

/** `strength[i]` is the index in `strengths` of the reference from `from[i]` (a Reference object) to `to[i]`. */
export interface WeakEdges {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly strength: Uint8Array;
}

/** Set in `edgeTo` on the last edge of an object. */
export const lastEdgeBit = 0x80000000 | 0;
export const edgeTargetMask = 0x7fffffff;

/** Shallow size of one object in bytes. */
export function shallowBytesOf(graph: HeapGraph, ordinal: number): Bytes {
  const units = graph.shallowUnits[ordinal]!;
  return units === 0xffff ? largeBytesOf(graph.largeObjects, ordinal) : units * 8;
}

/** Size of an object that is listed as large. */
export function largeBytesOf(large: LargeObjects, ordinal: number): Bytes {
  let low = 0;
  let high = large.ordinals.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = large.ordinals[middle]!;
    if (found === ordinal) return large.bytes[middle]!;
    if (found < ordinal) low = middle + 1;
    else high = middle - 1;
  }
  throw new RangeError(`object ${ordinal} is not among the large objects`);
}
