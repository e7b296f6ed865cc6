/** How the imaginary JVM of a written dump lays out objects. */
export interface HeapLayout {
  /** Bytes before the fields: 12 with compressed class pointers, 16 without, 8 with compact headers. */
  readonly headerBytes: number;
  /** A reference in the heap, whatever the id size of the file: 4 with compressed oops. */
  readonly referenceBytes: 4 | 8;
  readonly alignmentBytes: number;
  /** Address of the first object. */
  readonly base: number;
  /** Bytes before an array's elements; the header and the length, aligned to the element size, unless given. */
  readonly arrayBaseBytes?: number;
  /** Size of a java.lang.Class object. */
  readonly classBytes: number;
}

/** Compressed oops and class pointers: what a JVM of up to 32 GB does. */
export const compressedLayout: HeapLayout = {
  headerBytes: 12,
  referenceBytes: 4,
  alignmentBytes: 8,
  base: 0x7_0000_0000,
  classBytes: 112,
};

/** ZGC, or a heap above 32 GB. */
export const wideLayout: HeapLayout = { ...compressedLayout, referenceBytes: 8, arrayBaseBytes: 16, classBytes: 176 };

/** `-XX:+UseCompactObjectHeaders`. */
export const compactLayout: HeapLayout = { ...compressedLayout, headerBytes: 8, classBytes: 104 };

/** A 32-bit JVM: to be used with ids of 4 bytes. */
export const narrowLayout: HeapLayout = {
  headerBytes: 8,
  referenceBytes: 4,
  alignmentBytes: 8,
  base: 0x2000_0000,
  classBytes: 80,
};

/** Size of an object with fields of these sizes, packed as HotSpot packs them where there is one class only. */
export function instanceBytesOf(layout: HeapLayout, fieldBytes: readonly number[]): number {
  const sum = fieldBytes.reduce((total, bytes) => total + bytes, 0);
  return aligned(layout.headerBytes + sum, layout.alignmentBytes);
}

/** Size of an array. */
export function arrayBytesOf(layout: HeapLayout, length: number, elementBytes: number): number {
  const base = layout.arrayBaseBytes ?? aligned(layout.headerBytes + 4, elementBytes);
  return aligned(base + length * elementBytes, layout.alignmentBytes);
}

/** The next multiple. */
export function aligned(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
