import type { FieldDeclaration } from "./heap-classes.ts";

/** The value of a field or element: an ordinal for references (0 for null or not in the dump). */
export type HeapValue = number | bigint | boolean;

/** A field with its value; `declaredBy` is the index of the class that declares it. */
export interface FieldValue extends FieldDeclaration {
  readonly declaredBy: number;
  readonly value: HeapValue;
}

/** One object's contents. */
export interface HeapObject {
  readonly ordinal: number;
  readonly classIndex: number;
  /** Instance fields, own class first, then superclasses. Static fields for java.lang.Class objects. Empty for arrays. */
  readonly fields: readonly FieldValue[];
  /** Elements of an object array, as ordinals. */
  readonly references?: Int32Array;
  /** Elements of a primitive array, big-endian as in the file. */
  readonly bytes?: Uint8Array;
  /** Element count of an array. */
  readonly length?: number;
}

/** Why one object holds another: a field, an element, a static field, a local variable, or what every object has. */
export interface EdgeLabel {
  readonly kind: "field" | "static" | "element" | "local" | "class" | "loader" | "superclass" | "other";
  /** Field name, `[17]`, the frame for a local. */
  readonly text: string;
}

/** Contents of objects on demand: the only way from an ordinal back to the bytes of the dump. */
export interface HeapObjects {
  /** Reads all of them in one pass over the file; the result is parallel to `ordinals`. Missing (cut off) objects are undefined. */
  read(ordinals: ArrayLike<number>): readonly (HeapObject | undefined)[];
  /** `labels[i]` says why `from[i]` holds `to[i]` (the first reason in the order of the dump). */
  labels(from: ArrayLike<number>, to: ArrayLike<number>): readonly EdgeLabel[];
  /** Java strings by the ordinals of java.lang.String objects; undefined where it is not a readable string. At most `maxChars` each. */
  strings(ordinals: ArrayLike<number>, maxChars: number): readonly (string | undefined)[];
  /** The object's id in the dump, as hex with 0x. */
  idOf(ordinal: number): string;
}
