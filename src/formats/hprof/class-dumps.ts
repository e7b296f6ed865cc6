import type { ByteSource } from "../../bytes/byte-source.ts";
import { ByteWindow } from "../../bytes/byte-window.ts";
import type { ValueType } from "../../model/heap-classes.ts";
import { basicType, classDumpLength, type RecordShapes, recordShapes } from "./records.ts";
import { readId } from "./walk.ts";

/** A field as the dump names it. */
export interface RawField {
  readonly nameId: number;
  readonly type: ValueType;
}

/** A static field; `value` is the id for objects. */
export interface RawStatic extends RawField {
  readonly value: number | bigint | boolean;
}

/** HPROF_GC_CLASS_DUMP; ids as in the file. */
export interface ClassDump {
  readonly id: number;
  readonly superclassId: number;
  readonly loaderId: number;
  /** Signers and protection domain. */
  readonly otherIds: readonly number[];
  readonly fields: readonly RawField[];
  readonly statics: readonly RawStatic[];
  /** Object references in its constant pool entries. */
  readonly constantIds: readonly number[];
}

const typeNames: Readonly<Record<number, ValueType>> = Object.fromEntries(
  Object.entries(basicType).map(([name, number]) => [number, name as ValueType]),
);

/** Reads the class dumps at the given file offsets, in that order. */
export function readClassDumps(source: ByteSource, offsets: ArrayLike<number>, idBytes: number): ClassDump[] {
  const window = new ByteWindow(source, 1 << 16);
  const shapes = recordShapes(idBytes);
  return Array.from({ length: offsets.length }, (_, i) => {
    let wanted = 1 << 12;
    for (;;) {
      const at = window.at(offsets[i]!, wanted);
      if (classDumpLength(window.view, at, window.length, shapes) > 0) return parseClassDump(window.view, at, shapes);
      wanted *= 4;
    }
  });
}

function parseClassDump(view: DataView, start: number, { idBytes, sizes }: RecordShapes): ClassDump {
  let at = start + 1;
  const id = () => {
    at += idBytes;
    return readId(view, at - idBytes, idBytes);
  };
  const u1 = () => view.getUint8(at++);
  const u2 = () => {
    at += 2;
    return view.getUint16(at - 2);
  };
  const value = (type: number) => {
    at += sizes[type]!;
    return readValue(view, at - sizes[type]!, type, idBytes);
  };
  const classId = id();
  at += 4;
  const [superclassId, loaderId, signersId, domainId] = [id(), id(), id(), id()];
  at += idBytes * 2 + 4;
  const constantIds: number[] = [];
  for (let count = u2(); count > 0; count--) {
    at += 2;
    const type = u1();
    const constant = value(type);
    if (type === basicType.object && constant !== 0) constantIds.push(Number(constant));
  }
  const statics = Array.from({ length: u2() }, () => {
    const nameId = id();
    const type = u1();
    return { nameId, type: typeNames[type]!, value: value(type) };
  });
  const fields = Array.from({ length: u2() }, () => ({ nameId: id(), type: typeNames[u1()] ?? "byte" }));
  return { id: classId, superclassId, loaderId, otherIds: [signersId, domainId], fields, statics, constantIds };
}

/** A value of a basic type: the id for objects, a bigint for longs beyond 2^53. */
export function readValue(view: DataView, at: number, type: number, idBytes: number): number | bigint | boolean {
  switch (type) {
    case basicType.object:
      return readId(view, at, idBytes);
    case basicType.boolean:
      return view.getUint8(at) !== 0;
    case basicType.char:
      return view.getUint16(at);
    case basicType.float:
      return view.getFloat32(at);
    case basicType.double:
      return view.getFloat64(at);
    case basicType.byte:
      return view.getInt8(at);
    case basicType.short:
      return view.getInt16(at);
    case basicType.int:
      return view.getInt32(at);
    default: {
      const value = view.getBigInt64(at);
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    }
  }
}
