import { addressOf, ordinalOfAddress } from "../../bytes/address-index.ts";
import type { FieldDeclaration, HeapClass } from "../../model/heap-classes.ts";
import type { HeapThread, StackFrame } from "../../model/heap-evidence.ts";
import type { HeapGraph } from "../../model/heap-graph.ts";
import type { EdgeLabel, FieldValue, HeapObject, HeapObjects } from "../../model/heap-objects.ts";
import { type ClassDump, readValue } from "./class-dumps.ts";
import { fieldBytes } from "./field-layout.ts";
import { locateRecords, type RecordMap, type RecordPlace } from "./locate.ts";
import { basicType, heapTag, type RecordShapes, recordShapes } from "./records.ts";
import { readId } from "./walk.ts";

/** What the contents of objects are read with. */
export interface ObjectContext extends RecordMap {
  readonly classes: readonly HeapClass[];
  readonly classOf: HeapGraph["classOf"];
  readonly classDumps: ReadonlyMap<number, ClassDump>;
  readonly threads: readonly HeapThread[];
}

interface PlacedField extends FieldDeclaration {
  readonly declaredBy: number;
  readonly offset: number;
}

/** Elements of an array are searched in pieces of this many bytes. */
const pieceBytes = 1 << 20;

/** Objects' contents, read from the file when asked for. */
export function heapObjects(context: ObjectContext): HeapObjects {
  const reader = new ObjectReader(context);
  return {
    read: (ordinals) => reader.read(ordinals),
    labels: (from, to) => reader.labels(from, to),
    strings: (ordinals, maxChars) => readStrings(reader, ordinals, maxChars),
    idOf: (ordinal) => `0x${(addressOf(context.addresses, ordinal) / 2 ** context.idShift).toString(16)}`,
  };
}

class ObjectReader {
  readonly #context: ObjectContext;
  readonly #shapes: RecordShapes;
  readonly #places = new Map<number, RecordPlace>();
  readonly #fieldsOf = new Map<number, readonly PlacedField[]>();
  readonly #classByOrdinal: ReadonlyMap<number, HeapClass>;
  readonly #threads: ReadonlyMap<number, HeapThread>;

  constructor(context: ObjectContext) {
    this.#context = context;
    this.#shapes = recordShapes(context.idBytes);
    this.#classByOrdinal = new Map(context.classes.flatMap((type) => (type.ordinal > 0 ? [[type.ordinal, type]] : [])));
    this.#threads = new Map(context.threads.map((thread) => [thread.ordinal, thread]));
  }

  read(ordinals: ArrayLike<number>): (HeapObject | undefined)[] {
    this.#locate(ordinals);
    return Array.from(ordinals, (ordinal) => this.#object(ordinal));
  }

  labels(from: ArrayLike<number>, to: ArrayLike<number>): EdgeLabel[] {
    this.#locate(from);
    return Array.from(from, (holder, i) => this.#label(holder, to[i]!));
  }

  #locate(ordinals: ArrayLike<number>): void {
    const unknown = Array.from(ordinals).filter((ordinal) => ordinal > 0 && !this.#places.has(ordinal));
    if (unknown.length === 0) return;
    for (const [ordinal, place] of locateRecords(this.#context, unknown)) this.#places.set(ordinal, place);
  }

  #object(ordinal: number): HeapObject | undefined {
    const place = this.#places.get(ordinal);
    if (place === undefined) return undefined;
    const classIndex = this.#context.classOf[ordinal]!;
    switch (place.tag) {
      case heapTag.classDump:
        return { ordinal, classIndex, fields: this.#statics(ordinal) };
      case heapTag.instance:
        return { ordinal, classIndex, fields: this.#instanceFields(place, classIndex) };
      case heapTag.objectArray: {
        const references: number[] = [];
        this.#eachElement(place, (target) => references.push(target) > 0);
        return { ordinal, classIndex, fields: [], references: Int32Array.from(references), length: references.length };
      }
      default:
        return { ordinal, classIndex, fields: [], ...this.#primitives(place) };
    }
  }

  #statics(ordinal: number): FieldValue[] {
    const type = this.#classByOrdinal.get(ordinal);
    return type === undefined ? [] : type.statics.map((field) => ({ ...field, declaredBy: type.index }));
  }

  #instanceFields(place: RecordPlace, classIndex: number): FieldValue[] {
    const { idBytes, source } = this.#context;
    const head = this.#shapes.heads[heapTag.instance]!;
    const dataBytes = this.#view(place.offset, head).getUint32(head - 4);
    const data = new Uint8Array(dataBytes);
    if (source.read(place.offset + head, data) < dataBytes) return [];
    const view = new DataView(data.buffer);
    return this.#placedFields(classIndex).flatMap(({ name, type, declaredBy, offset }) => {
      if (offset + fieldBytes(type, idBytes) > dataBytes) return [];
      const value = readValue(view, offset, basicType[type], idBytes);
      return [{ name, type, declaredBy, value: type === "object" ? this.#ordinalOf(Number(value)) : value }];
    });
  }

  /** Own fields first, then those of each superclass, as the dump lays them out. */
  #placedFields(classIndex: number): readonly PlacedField[] {
    const known = this.#fieldsOf.get(classIndex);
    if (known !== undefined) return known;
    const { classes, idBytes } = this.#context;
    const placed: PlacedField[] = [];
    const seen = new Set<number>();
    let offset = 0;
    for (let index = classIndex; index >= 0 && !seen.has(index); index = classes[index]!.superclass) {
      seen.add(index);
      for (const { name, type } of classes[index]!.fields) {
        placed.push({ name, type, declaredBy: index, offset });
        offset += fieldBytes(type, idBytes);
      }
    }
    this.#fieldsOf.set(classIndex, placed);
    return placed;
  }

  #primitives(place: RecordPlace): { length: number; bytes?: Uint8Array } {
    const head = this.#shapes.heads[place.tag]!;
    const view = this.#view(place.offset, head);
    const length = view.getUint32(1 + this.#context.idBytes + 4);
    if (place.tag === heapTag.primitiveArrayNoData) return { length };
    const bytes = new Uint8Array(length * this.#shapes.sizes[view.getUint8(head - 1)]!);
    this.#context.source.read(place.offset + head, bytes);
    return { length, bytes };
  }

  /** Calls `visit` with the ordinal of every element (0: null) until it returns false. */
  #eachElement(place: RecordPlace, visit: (target: number, index: number) => boolean): void {
    const { idBytes, source } = this.#context;
    const head = this.#shapes.heads[heapTag.objectArray]!;
    const count = this.#view(place.offset, head).getUint32(1 + idBytes + 4);
    const piece = new Uint8Array(Math.min(count * idBytes, pieceBytes));
    const view = new DataView(piece.buffer);
    for (let index = 0; index < count; ) {
      const read = source.read(place.offset + head + index * idBytes, piece.subarray(0, (count - index) * idBytes));
      if (read < idBytes) return;
      for (let at = 0; at + idBytes <= read; at += idBytes, index++) {
        if (!visit(this.#ordinalOf(readId(view, at, idBytes)), index)) return;
      }
    }
  }

  #view(offset: number, length: number): DataView {
    const bytes = new Uint8Array(length);
    this.#context.source.read(offset, bytes);
    return new DataView(bytes.buffer);
  }

  #ordinalOf(id: number): number {
    return id === 0 ? 0 : ordinalOfAddress(this.#context.addresses, id * 2 ** this.#context.idShift);
  }

  #label(from: number, to: number): EdgeLabel {
    const place = this.#places.get(from);
    const found =
      place === undefined
        ? undefined
        : place.tag === heapTag.classDump
          ? this.#classLabel(from, to)
          : place.tag === heapTag.objectArray
            ? this.#elementLabel(place, to)
            : this.#fieldLabel(place, from, to);
    return found ?? this.#localLabel(from, to) ?? this.#ownClassLabel(from, to);
  }

  #fieldLabel(place: RecordPlace, from: number, to: number): EdgeLabel | undefined {
    if (place.tag !== heapTag.instance) return undefined;
    const field = this.#instanceFields(place, this.#context.classOf[from]!).find(
      ({ type, value }) => type === "object" && value === to,
    );
    return field && { kind: "field", text: field.name };
  }

  #elementLabel(place: RecordPlace, to: number): EdgeLabel | undefined {
    let found = -1;
    this.#eachElement(place, (target, index) => {
      if (target === to) found = index;
      return found < 0;
    });
    return found < 0 ? undefined : { kind: "element", text: `[${found}]` };
  }

  #classLabel(from: number, to: number): EdgeLabel | undefined {
    const field = this.#statics(from).find(({ type, value }) => type === "object" && value === to);
    if (field !== undefined) return { kind: "static", text: field.name };
    const type = this.#classByOrdinal.get(from);
    if (type === undefined) return undefined;
    if (type.loader === to) return { kind: "loader", text: "<class loader>" };
    if (type.superclass >= 0 && this.#context.classes[type.superclass]!.ordinal === to)
      return { kind: "superclass", text: "<superclass>" };
    const dump = this.#context.classDumps.get(from);
    const at = dump === undefined ? -1 : dump.otherIds.findIndex((id) => this.#ordinalOf(id) === to);
    if (at >= 0) return { kind: "other", text: at === 0 ? "<signers>" : "<protection domain>" };
    return { kind: "other", text: "<constant pool>" };
  }

  #localLabel(from: number, to: number): EdgeLabel | undefined {
    const thread = this.#threads.get(from);
    const local = thread?.locals.find(({ ordinal }) => ordinal === to);
    if (thread === undefined || local === undefined) return undefined;
    const frame = thread.frames[local.frame];
    return { kind: "local", text: frame === undefined ? "<local>" : formatFrame(frame) };
  }

  #ownClassLabel(from: number, to: number): EdgeLabel {
    const type = this.#context.classes[this.#context.classOf[from]!];
    return type?.ordinal === to ? { kind: "class", text: "<class>" } : { kind: "other", text: "<unknown>" };
  }
}

/** `Foo.bar(Foo.java:17)`, as stack traces write it. */
function formatFrame({ className, method, source, line }: StackFrame): string {
  const place =
    line === -3 ? "Native Method" : line > 0 ? `${source ?? "Unknown Source"}:${line}` : (source ?? "Unknown Source");
  return `${className}.${method}(${place})`;
}

/** java.lang.String of every JDK: `value` char[] with `offset` and `count` (≤ 6), char[] (7, 8), byte[] with `coder` (≥ 9). */
function readStrings(reader: ObjectReader, ordinals: ArrayLike<number>, maxChars: number): (string | undefined)[] {
  const strings = reader.read(ordinals).map((object) => {
    const field = (name: string) => object?.fields.find((candidate) => candidate.name === name)?.value;
    return { value: field("value"), coder: field("coder"), offset: field("offset"), count: field("count") };
  });
  const arrays = reader.read(strings.map(({ value }) => (typeof value === "number" ? value : 0)));
  return strings.map(({ coder, offset, count }, i) => {
    const array = arrays[i];
    if (array?.bytes === undefined) return undefined;
    if (coder === 0 && array.bytes.length === array.length)
      return Buffer.from(array.bytes.subarray(0, maxChars)).toString("latin1");
    const start = typeof offset === "number" ? offset * 2 : 0;
    const chars = Math.min(maxChars, typeof count === "number" ? count : Number.POSITIVE_INFINITY);
    const units = Buffer.from(array.bytes.subarray(start, start + chars * 2));
    const whole = units.subarray(0, units.length & ~1);
    // Compact strings are in the machine's byte order (x86 and ARM: little-endian); char[] is dumped big-endian.
    return (coder === undefined ? whole.swap16() : whole).toString("utf16le");
  });
}
