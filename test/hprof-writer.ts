import type { FieldDeclaration, ValueType } from "../src/model/heap-classes.ts";
import { ByteSink } from "./byte-sink.ts";
import { aligned, arrayBytesOf, compressedLayout, type HeapLayout, instanceBytesOf } from "./hprof-layout.ts";

/** HPROF's numbers for the types, written down again so that the reader's are not tested against themselves. */
const typeNumbers = {
  object: 2,
  boolean: 4,
  char: 5,
  float: 6,
  double: 7,
  byte: 8,
  short: 9,
  int: 10,
  long: 11,
} as const;
const typeBytes = { object: 0, boolean: 1, char: 2, float: 4, double: 8, byte: 1, short: 2, int: 4, long: 8 } as const;
const typeLetters = {
  boolean: "Z",
  char: "C",
  float: "F",
  double: "D",
  byte: "B",
  short: "S",
  int: "I",
  long: "J",
} as const;

export type PrimitiveType = Exclude<ValueType, "object">;
export type WrittenValue = number | bigint | boolean;

/** What a file is to look like as a whole. */
export interface HprofOptions {
  readonly format?: "1.0.1" | "1.0.2" | "1.0.3";
  readonly idBytes?: 4 | 8;
  /** HEAP_DUMP_SEGMENT records with an end (as JVMs since 6 write), or one HEAP_DUMP per dump (as older ones do). */
  readonly segmented?: boolean;
  readonly layout?: HeapLayout;
  readonly takenAtMillis?: number;
  /** The length that HEAP_DUMP and segment records claim, for lengths that overflowed or lie. */
  readonly claimedLength?: (bytes: number) => number;
}

export interface WrittenClass {
  readonly name: string;
  /** Id of the superclass; that of java.lang.Object when left out, none when 0. */
  readonly superclass?: number;
  readonly loader?: number;
  readonly fields?: Readonly<Record<string, ValueType>>;
  readonly statics?: Readonly<Record<string, readonly [ValueType, WrittenValue]>>;
  readonly at?: number;
  /** Size of an instance, where it is not what the fields add up to (fields that the JVM injects). */
  readonly instanceBytes?: number;
}

export interface WrittenFrame {
  readonly className: string;
  readonly method: string;
  readonly source?: string;
  readonly line?: number;
}

/** Why an object is a root; `thread` is a thread serial. */
export type WrittenRoot =
  | { readonly kind: "unknown" | "jniGlobal" | "stickyClass" | "monitorUsed" }
  | { readonly kind: "internedString" | "finalizing" | "debugger" | "referenceCleanup" | "vmInternal" | "unreachable" }
  | { readonly kind: "nativeStack" | "threadBlock"; readonly thread: number }
  | { readonly kind: "jniLocal" | "javaFrame" | "jniMonitor"; readonly thread: number; readonly frame: number }
  | { readonly kind: "threadObject"; readonly thread: number; readonly trace: number };

const rootTags = {
  jniGlobal: 0x01,
  jniLocal: 0x02,
  javaFrame: 0x03,
  nativeStack: 0x04,
  stickyClass: 0x05,
  threadBlock: 0x06,
  monitorUsed: 0x07,
  threadObject: 0x08,
  internedString: 0x89,
  finalizing: 0x8a,
  debugger: 0x8b,
  referenceCleanup: 0x8c,
  vmInternal: 0x8d,
  jniMonitor: 0x8e,
  unreachable: 0x90,
  unknown: 0xff,
} as const;

interface KnownClass {
  readonly declared: WrittenClass;
  readonly superclass: number;
  readonly fields: readonly FieldDeclaration[];
  readonly instanceBytes: number;
}

/**
 * Writes heap dumps for tests, record by record. Methods that make an object return its id, which is its address:
 * the next free one in the imaginary heap of the `layout`, or `at`.
 *
 * ```ts
 * const dump = new HprofWriter({ idBytes: 8 });
 * const cache = dump.javaClass({ name: "demo.Cache", fields: { entries: "object", hits: "int" } });
 * const entries = dump.objectArray("java.lang.Object[]", [dump.bytes(100), 0]);
 * dump.root(dump.instance(cache, { entries, hits: 7 }), { kind: "jniGlobal" });
 * writeFileSync("demo.hprof", dump.file());
 * ```
 *
 * Within a segment, strings and other top-level records come before the heap's records; `endSegment` starts the next
 * segment and `endDump` the next dump of the file. `heapOf` draws small heaps with less typing.
 */
export class HprofWriter {
  readonly idBytes: 4 | 8;
  readonly layout: HeapLayout;
  readonly #options: HprofOptions;
  readonly #file: ByteSink;
  readonly #stringIds = new Map<string, number>();
  readonly #classIds = new Map<string, number>();
  readonly #classes = new Map<number, KnownClass>();
  #records: ByteSink;
  #heap: ByteSink;
  #nextAddress: number;
  #nextSerial = 1;
  #ended = false;

  constructor(options: HprofOptions = {}) {
    this.idBytes = options.idBytes ?? 8;
    this.layout = options.layout ?? compressedLayout;
    this.#options = options;
    this.#file = new ByteSink(this.idBytes).text(`JAVA PROFILE ${options.format ?? "1.0.2"}`).u1(0);
    this.#file.u4(this.idBytes).u8(options.takenAtMillis ?? Date.UTC(2026, 0, 2, 3, 4, 5));
    this.#records = new ByteSink(this.idBytes);
    this.#heap = new ByteSink(this.idBytes);
    this.#nextAddress = this.layout.base;
  }

  /** UTF8: the id of a text, written once. */
  string(text: string): number {
    const known = this.#stringIds.get(text);
    if (known !== undefined) return known;
    const id = 0x100 + this.#stringIds.size * 8;
    this.#stringIds.set(text, id);
    this.record(0x01, new ByteSink(this.idBytes).id(id).text(text).bytes());
    return id;
  }

  /** Any top-level record. */
  record(tag: number, body: Uint8Array, claimedLength = body.length): void {
    this.#records.u1(tag).u4(0).u4(claimedLength).block(body);
  }

  /** Any record within the heap dump. */
  heapRecord(tag: number, body: Uint8Array): void {
    this.#heap.u1(tag).block(body);
  }

  /** LOAD_CLASS; returns its serial. Comes with `javaClass`. */
  loadClass(classId: number, name: string): number {
    const nameId = this.string(internalName(name));
    const serial = this.#nextSerial++;
    this.record(0x02, new ByteSink(this.idBytes).u4(serial).id(classId).u4(0).id(nameId).bytes());
    return serial;
  }

  /** UNLOAD_CLASS: the serial may be given to another class from here on. */
  unloadClass(serial: number): void {
    this.record(0x03, new ByteSink(this.idBytes).u4(serial).bytes());
  }

  /** FRAMEs and TRACE of a thread's stack, innermost first; returns the trace's serial. Classes must be known to have a serial. */
  trace(threadSerial: number, frames: readonly WrittenFrame[]): number {
    const frameIds = frames.map((frame) => this.#frame(frame));
    const serial = this.#nextSerial++;
    const body = new ByteSink(this.idBytes).u4(serial).u4(threadSerial).u4(frames.length);
    for (const id of frameIds) body.id(id);
    this.record(0x05, body.bytes());
    return serial;
  }

  #frame(frame: WrittenFrame): number {
    const [method, signature] = [this.string(frame.method), this.string("()V")];
    const source = frame.source === undefined ? 0 : this.string(frame.source);
    const classSerial = this.loadClass(this.#classIds.get(frame.className) ?? 0, frame.className);
    const id = 0x10_0000 + this.#nextSerial++;
    const body = new ByteSink(this.idBytes).id(id).id(method).id(signature).id(source).u4(classSerial);
    this.record(0x04, body.u4(frame.line ?? -1).bytes());
    return id;
  }

  /** LOAD_CLASS and CLASS_DUMP; returns the id of the class. */
  javaClass(declared: WrittenClass): number {
    const id = this.declareClass(declared);
    this.classDump(id);
    return id;
  }

  /** LOAD_CLASS without the CLASS_DUMP: for classes that a dump misses, and where statics refer to objects whose size is not known yet. */
  declareClass(declared: WrittenClass): number {
    const superclass = declared.superclass ?? this.#objectClass(declared.name);
    const id = declared.at ?? this.allocate(this.layout.classBytes);
    const fields = Object.entries(declared.fields ?? {}).map(([name, type]) => ({ name, type }));
    const all = [...fields, ...this.#fieldsOf(superclass)];
    const bytes = all.map(({ type }) => typeBytes[type] || this.layout.referenceBytes);
    const instanceBytes = declared.instanceBytes ?? instanceBytesOf(this.layout, bytes);
    this.#classes.set(id, { declared, superclass, fields, instanceBytes });
    this.#classIds.set(declared.name, id);
    this.loadClass(id, declared.name);
    return id;
  }

  /** CLASS_DUMP of a declared class, with other statics where they are given. */
  classDump(id: number, statics = this.#classes.get(id)?.declared.statics ?? {}): void {
    const { declared, superclass, fields } = this.#classes.get(id)!;
    const body = new ByteSink(this.idBytes)
      .id(id)
      .u4(0)
      .id(superclass)
      .id(declared.loader ?? 0);
    body.id(0).id(0).id(0).id(0);
    body.u4(this.#fieldsOf(id).reduce((sum, { type }) => sum + (typeBytes[type] || this.idBytes), 0)).u2(0);
    body.u2(Object.keys(statics).length);
    for (const [name, [type, value]] of Object.entries(statics)) {
      this.#value(body.id(this.string(name)).u1(typeNumbers[type]), type, value);
    }
    body.u2(fields.length);
    for (const { name, type } of fields) body.id(this.string(name)).u1(typeNumbers[type]);
    this.heapRecord(0x20, body.bytes());
  }

  /** INSTANCE_DUMP; fields that are not given are null or zero. A class that was never written has the bytes in `raw`. */
  instance(
    classId: number,
    values: Readonly<Record<string, WrittenValue>> = {},
    at?: number,
    raw?: Uint8Array,
  ): number {
    const size = this.#classes.get(classId)?.instanceBytes ?? this.layout.headerBytes + 4;
    const id = at ?? this.allocate(size);
    const contents = new ByteSink(this.idBytes);
    for (const { name, type } of this.#fieldsOf(classId)) this.#value(contents, type, values[name] ?? 0);
    const bytes = raw ?? contents.bytes();
    this.heapRecord(0x21, new ByteSink(this.idBytes).id(id).u4(0).id(classId).u4(bytes.length).block(bytes).bytes());
    return id;
  }

  /** OBJECT_ARRAY_DUMP of a class such as `java.lang.String[]`, which is written when it is new. */
  objectArray(className: string, elements: readonly number[], at?: number): number {
    const classId = this.#classIds.get(className) ?? this.javaClass({ name: className });
    const id = at ?? this.allocate(this.arrayBytes("object", elements.length));
    const body = new ByteSink(this.idBytes).id(id).u4(0).u4(elements.length).id(classId);
    for (const element of elements) body.id(element);
    this.heapRecord(0x22, body.bytes());
    return id;
  }

  /** PRIMITIVE_ARRAY_DUMP. JVMs also write the class; the hprof agent does not: `javaClass({ name: "int[]" })` does. */
  primitiveArray(type: PrimitiveType, elements: readonly WrittenValue[], at?: number): number {
    const id = at ?? this.allocate(this.arrayBytes(type, elements.length));
    const body = new ByteSink(this.idBytes).id(id).u4(0).u4(elements.length).u1(typeNumbers[type]);
    for (const element of elements) this.#value(body, type, element);
    this.heapRecord(0x23, body.bytes());
    return id;
  }

  /** A byte[] of a length or with contents. */
  bytes(contents: number | Uint8Array, at?: number): number {
    return this.primitiveArray(
      "byte",
      Array.from(typeof contents === "number" ? new Uint8Array(contents) : contents),
      at,
    );
  }

  /** A java.lang.String with its byte[] (compact strings, Latin-1 or UTF-16LE as JDK 9 and later have it); the class is written when it is new. */
  javaString(text: string): number {
    const fields = { value: "object", hash: "int", coder: "byte" } as const;
    const classId = this.#classIds.get("java.lang.String") ?? this.javaClass({ name: "java.lang.String", fields });
    const wide = [...text].some((char) => char > "\u00ff");
    const id = this.allocate(this.#classes.get(classId)!.instanceBytes);
    const value = this.bytes(Buffer.from(text, wide ? "utf16le" : "latin1"));
    return this.instance(classId, { value, coder: wide ? 1 : 0 }, id);
  }

  /** ART's PRIMITIVE_ARRAY_NODATA: an array whose contents were left out. */
  primitiveArrayWithoutData(type: PrimitiveType, length: number): number {
    const id = this.allocate(this.arrayBytes(type, length));
    this.heapRecord(0xc3, new ByteSink(this.idBytes).id(id).u4(0).u4(length).u1(typeNumbers[type]).bytes());
    return id;
  }

  /** ART's HEAP_DUMP_INFO: the objects that follow belong to the heap of this name. */
  heapDumpInfo(heapId: number, name: string): void {
    this.heapRecord(0xfe, new ByteSink(this.idBytes).u4(heapId).id(this.string(name)).bytes());
  }

  /** Any kind of GC root. */
  root(id: number, root: WrittenRoot = { kind: "jniGlobal" }): void {
    const body = new ByteSink(this.idBytes).id(id);
    if (root.kind === "jniGlobal") body.id(0xbeef);
    if ("thread" in root) body.u4(root.thread);
    if ("trace" in root) body.u4(root.trace);
    if ("frame" in root) body.u4(root.frame);
    this.heapRecord(rootTags[root.kind], body.bytes());
  }

  /** The next free address, with room for an object of this size: to know an id before the object is written, or to leave a gap. */
  allocate(bytes: number): number {
    const address = this.#nextAddress;
    this.#nextAddress += aligned(bytes, this.layout.alignmentBytes);
    return address;
  }

  /** Bytes of an instance of a class in the imaginary heap. */
  instanceBytes(classId: number): number {
    return this.#classes.get(classId)!.instanceBytes;
  }

  /** Bytes of an array in the imaginary heap. */
  arrayBytes(type: ValueType, length: number): number {
    return arrayBytesOf(this.layout, length, typeBytes[type] || this.layout.referenceBytes);
  }

  /** Ends the segment; what follows goes into a new one. Without segments it only puts later top-level records behind the heap's. */
  endSegment(): void {
    this.#file.block(this.#records.bytes());
    this.#records = new ByteSink(this.idBytes);
    const body = this.#heap.bytes();
    this.#heap = new ByteSink(this.idBytes);
    if (body.length === 0) return;
    const tag = this.#options.segmented === false ? 0x0c : 0x1c;
    this.#file
      .u1(tag)
      .u4(0)
      .u4((this.#options.claimedLength?.(body.length) ?? body.length) >>> 0)
      .block(body);
  }

  /** Ends the dump: HEAP_DUMP_END where there are segments. What follows is another dump of the same JVM. */
  endDump(): void {
    this.endSegment();
    if (this.#options.segmented !== false) this.#file.u1(0x2c).u4(0).u4(0);
    this.#ended = true;
  }

  /** The whole file. Ends the dump if that was not done. */
  file(): Uint8Array {
    if (!this.#ended || this.#heap.length > 0 || this.#records.length > 0) this.endDump();
    return this.#file.bytes();
  }

  /** Java's order in a dump: own fields first, then the superclass's. */
  #fieldsOf(classId: number): readonly FieldDeclaration[] {
    const known = this.#classes.get(classId);
    return known === undefined ? [] : [...known.fields, ...this.#fieldsOf(known.superclass)];
  }

  #objectClass(name: string): number {
    if (name === "java.lang.Object") return 0;
    return this.#classIds.get("java.lang.Object") ?? this.javaClass({ name: "java.lang.Object", superclass: 0 });
  }

  #value(sink: ByteSink, type: ValueType, value: WrittenValue): void {
    if (type === "object") sink.id(Number(value));
    else if (type === "float") sink.f4(Number(value));
    else if (type === "double") sink.f8(Number(value));
    else if (type === "long") sink.u8(BigInt(value));
    else if (typeBytes[type] === 4) sink.u4(Number(value));
    else if (typeBytes[type] === 2) sink.u2(Number(value));
    else sink.u1(Number(value));
  }
}

/** `java.lang.String[]` as the JVM writes it: `[Ljava/lang/String;`. */
function internalName(sourceName: string): string {
  const element = sourceName.replace(/(\[\])+$/, "");
  const dimensions = (sourceName.length - element.length) / 2;
  const name = element.replaceAll(".", "/");
  if (dimensions === 0) return name;
  return "[".repeat(dimensions) + (isPrimitive(element) ? typeLetters[element] : `L${name};`);
}

function isPrimitive(name: string): name is PrimitiveType {
  return name in typeLetters;
}
