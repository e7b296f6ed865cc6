import type { Bytes } from "./units.ts";

/** The type of a field or of an array's elements, by HPROF's names. */
export type ValueType = "object" | "boolean" | "char" | "float" | "double" | "byte" | "short" | "int" | "long";

export interface FieldDeclaration {
  readonly name: string;
  readonly type: ValueType;
}

/** A static field; `value` is the ordinal for objects (0 for null or not in the dump), the number or boolean otherwise. */
export interface StaticField extends FieldDeclaration {
  readonly value: number | bigint | boolean;
}

/** What an object of the class is, as far as its size and contents go. */
export type ClassKind = "instance" | "objectArray" | "primitiveArray";

/** One class of the dump. Its index in the table is what `HeapGraph.classOf` holds. */
export interface HeapClass {
  readonly index: number;
  /** Source form: `java.util.HashMap$Node`, `byte[]`. */
  readonly name: string;
  readonly kind: ClassKind;
  /** Ordinal of its java.lang.Class object; 0 when the dump has none. */
  readonly ordinal: number;
  /** Index of the superclass; −1 when there is none or the dump lacks it. */
  readonly superclass: number;
  /** Ordinal of its class loader; 0 for the boot loader. */
  readonly loader: number;
  /** Declared in this class, in the order of the dump; superclasses' fields are not repeated. */
  readonly fields: readonly FieldDeclaration[];
  readonly statics: readonly StaticField[];
  /** Shallow size of one instance; 0 for arrays. */
  readonly instanceBytes: Bytes;
  /** The dump has no CLASS_DUMP for it: its name or fields are unknown. */
  readonly missing: boolean;
  /** A class that the collector uses to fill holes; its instances are not objects of the program. */
  readonly filler: boolean;
}
