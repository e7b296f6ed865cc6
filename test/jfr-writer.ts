/**
 * A small writer of flight recordings, by the format as JVMs write it: declared types, constants with given keys, events with given values.
 * Strings and integers can be written in every encoding that the format has.
 */

/** How a string is written; `pool` refers to a constant of `java.lang.String`. */
export type WrittenString =
  | string
  | null
  | { readonly encoding: "utf8" | "chars" | "latin1"; readonly text: string }
  | { readonly encoding: "pool"; readonly key: number | bigint };

export type WrittenValue =
  | number
  | bigint
  | boolean
  | WrittenString
  | readonly WrittenValue[]
  | { readonly [field: string]: WrittenValue };

export interface WrittenField {
  readonly name: string;
  readonly type: string;
  readonly isConstant?: boolean;
  readonly isArray?: boolean;
  /** `{ "jdk.jfr.Timespan": "TICKS" }`; an empty value for annotations without one. */
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface WrittenType {
  readonly name: string;
  readonly id?: number;
  readonly superType?: string;
  readonly isSimple?: boolean;
  readonly fields?: readonly WrittenField[];
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface WrittenEvent {
  readonly type: string;
  readonly values: { readonly [field: string]: WrittenValue };
}

export interface WrittenCheckpoint {
  /** By type, then by key. */
  readonly [type: string]: readonly (readonly [key: number | bigint, value: WrittenValue])[];
}

/** One part of a chunk, in the order of the file. */
export type WrittenPart =
  | { readonly event: WrittenEvent }
  | { readonly checkpoint: WrittenCheckpoint }
  | { readonly metadata: readonly WrittenType[] }
  | { readonly bytes: Uint8Array };

export interface WrittenChunk {
  /** All types that values may be written by; declared in a metadata event at the end unless a part declares some. */
  readonly types: readonly WrittenType[];
  readonly parts: readonly WrittenPart[];
  readonly minor?: 0 | 1;
  readonly startNanos?: bigint;
  readonly durationNanos?: bigint;
  readonly startTicks?: bigint;
  readonly ticksPerSecond?: bigint;
  /** 0: finished; else as a chunk that is still being written, with zeros for what is not known yet. */
  readonly state?: number;
  readonly hasFixedIntegers?: boolean;
  /** Writes integers longer than they need to be, as JVMs do where they fill in sizes later. */
  readonly hasPaddedIntegers?: boolean;
}

const primitiveNames = ["boolean", "byte", "char", "short", "int", "long", "float", "double", "java.lang.String"];

/** Types that nearly every recording declares. */
export const commonTypes: readonly WrittenType[] = [
  ...primitiveNames.map((name) => ({ name })),
  ...[
    "Label",
    "Category",
    "Timespan",
    "Timestamp",
    "DataAmount",
    "Frequency",
    "Percentage",
    "Unsigned",
    "MemoryAddress",
  ].map((name) => ({ name: `jdk.jfr.${name}`, superType: "java.lang.annotation.Annotation" })),
  {
    name: "java.lang.Thread",
    fields: [
      { name: "osName", type: "java.lang.String" },
      { name: "osThreadId", type: "long" },
      { name: "javaName", type: "java.lang.String" },
      { name: "javaThreadId", type: "long" },
      { name: "group", type: "jdk.types.ThreadGroup", isConstant: true },
      { name: "virtual", type: "boolean" },
    ],
  },
  {
    name: "jdk.types.ThreadGroup",
    fields: [
      { name: "parent", type: "jdk.types.ThreadGroup", isConstant: true },
      { name: "name", type: "java.lang.String" },
    ],
  },
  { name: "jdk.types.Symbol", isSimple: true, fields: [{ name: "string", type: "java.lang.String" }] },
  { name: "jdk.types.FrameType", isSimple: true, fields: [{ name: "description", type: "java.lang.String" }] },
  { name: "jdk.types.ThreadState", isSimple: true, fields: [{ name: "name", type: "java.lang.String" }] },
  {
    name: "java.lang.Class",
    fields: [
      { name: "name", type: "jdk.types.Symbol", isConstant: true },
      { name: "modifiers", type: "int" },
    ],
  },
  {
    name: "jdk.types.Method",
    fields: [
      { name: "type", type: "java.lang.Class", isConstant: true },
      { name: "name", type: "jdk.types.Symbol", isConstant: true },
      { name: "descriptor", type: "jdk.types.Symbol", isConstant: true },
      { name: "modifiers", type: "int" },
      { name: "hidden", type: "boolean" },
    ],
  },
  {
    name: "jdk.types.StackFrame",
    fields: [
      { name: "method", type: "jdk.types.Method", isConstant: true },
      { name: "lineNumber", type: "int" },
      { name: "bytecodeIndex", type: "int" },
      { name: "type", type: "jdk.types.FrameType", isConstant: true },
    ],
  },
  {
    name: "jdk.types.StackTrace",
    fields: [
      { name: "truncated", type: "boolean" },
      { name: "frames", type: "jdk.types.StackFrame", isArray: true },
    ],
  },
];

/** An event type with a start in ticks before its own fields. */
export function eventType(name: string, fields: readonly WrittenField[], more: Partial<WrittenType> = {}): WrittenType {
  const startTime = { name: "startTime", type: "long", annotations: { "jdk.jfr.Timestamp": "TICKS" } };
  return { name, superType: "jdk.jfr.Event", fields: [startTime, ...fields], ...more };
}

/** The bytes of a recording. */
export function writeRecording(...chunks: readonly WrittenChunk[]): Uint8Array {
  return new Uint8Array(Buffer.concat(chunks.map((chunk) => new ChunkWriter(chunk).write())));
}

/** A long in groups of 7 bits, at most nine bytes; with zeros that it does not need up to `padTo` bytes. */
export function writeVarint(value: number | bigint, padTo = 1): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (bytes.length < 8 && (rest > 0x7fn || bytes.length + 1 < padTo)) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest & 0xffn));
  return bytes;
}

class ChunkWriter {
  readonly #chunk: WrittenChunk;
  readonly #ids = new Map<string, number>();
  readonly #types = new Map<string, WrittenType>();
  #out: number[] = [];

  constructor(chunk: WrittenChunk) {
    this.#chunk = chunk;
    chunk.types.forEach((type, index) => {
      this.#ids.set(type.name, type.id ?? 100 + index);
      this.#types.set(type.name, type);
    });
  }

  write(): Uint8Array {
    const { parts, types } = this.#chunk;
    let offset = 68;
    let checkpointAt = 0;
    let metadataAt = 0;
    const written: Uint8Array[] = [];
    const all = parts.some((part) => "metadata" in part) ? parts : [...parts, { metadata: types }];
    for (const part of all) {
      const delta = checkpointAt === 0 ? 0 : checkpointAt - offset;
      const bytes = this.#part(part, delta);
      if ("checkpoint" in part) checkpointAt = offset;
      if ("metadata" in part) metadataAt = offset;
      written.push(bytes);
      offset += bytes.length;
    }
    return Buffer.concat([this.#header(offset, checkpointAt, metadataAt), ...written]);
  }

  #header(size: number, checkpointAt: number, metadataAt: number): Uint8Array {
    const { minor = 1, state = 0, hasFixedIntegers = false } = this.#chunk;
    const { startNanos = 1_700_000_000_000_000_000n, durationNanos = 1_000_000_000n } = this.#chunk;
    const { startTicks = 0n, ticksPerSecond = 1_000_000_000n } = this.#chunk;
    const header = Buffer.alloc(68);
    header.write("FLR\0", "latin1");
    header.writeUInt16BE(2, 4);
    header.writeUInt16BE(minor, 6);
    const isFinished = state === 0;
    header.writeBigInt64BE(isFinished ? BigInt(size) : 0n, 8);
    header.writeBigInt64BE(isFinished ? BigInt(checkpointAt) : 0n, 16);
    header.writeBigInt64BE(isFinished ? BigInt(metadataAt) : 0n, 24);
    header.writeBigInt64BE(startNanos, 32);
    header.writeBigInt64BE(isFinished ? durationNanos : 0n, 40);
    header.writeBigInt64BE(startTicks, 48);
    header.writeBigInt64BE(ticksPerSecond, 56);
    header[64] = state;
    header[67] = hasFixedIntegers ? 0 : 1;
    return header;
  }

  #part(part: WrittenPart, delta: number): Uint8Array {
    if ("bytes" in part) return part.bytes;
    this.#out = [];
    if ("event" in part) {
      this.#long(this.#idOf(part.event.type));
      this.#fields(this.#typeOf(part.event.type), part.event.values);
    } else if ("metadata" in part) this.#metadata(part.metadata);
    else this.#checkpoint(part.checkpoint, delta);
    return this.#framed();
  }

  /** The size counts its own bytes. */
  #framed(): Uint8Array {
    const body = this.#out;
    if (this.#chunk.hasFixedIntegers === true) return Buffer.from([...fixed(body.length + 4, 4), ...body]);
    if (this.#chunk.hasPaddedIntegers === true) return Buffer.from([...writeVarint(body.length + 4, 4), ...body]);
    let sizeBytes = 1;
    while (writeVarint(body.length + sizeBytes).length > sizeBytes) sizeBytes++;
    return Buffer.from([...writeVarint(body.length + sizeBytes), ...body]);
  }

  #checkpoint(pools: WrittenCheckpoint, delta: number): void {
    this.#long(1);
    this.#long(0);
    this.#long(0);
    this.#long(delta);
    this.#out.push(0);
    this.#int(Object.keys(pools).length);
    for (const [type, constants] of Object.entries(pools)) {
      this.#long(this.#idOf(type));
      this.#int(constants.length);
      for (const [key, value] of constants) {
        this.#long(key);
        this.#value(type, value);
      }
    }
  }

  #metadata(types: readonly WrittenType[]): void {
    const strings = new Map<string, number>();
    const indexOf = (text: string) => {
      if (!strings.has(text)) strings.set(text, strings.size);
      return strings.get(text)!;
    };
    const numbers: number[] = [];
    flatten(
      metadataTree(types, (name) => this.#idOf(name)),
      numbers,
      indexOf,
    );
    for (const one of [0, 0, 0, 1]) this.#long(one);
    this.#int(strings.size);
    for (const text of strings.keys()) this.#string({ encoding: "utf8", text });
    for (const number of numbers) this.#int(number);
  }

  #fields(type: WrittenType, values: { readonly [field: string]: WrittenValue }): void {
    for (const field of type.fields ?? []) {
      const value = values[field.name] ?? null;
      if (field.isArray !== true) {
        this.#fieldValue(field, value);
        continue;
      }
      const elements = value as readonly WrittenValue[];
      this.#int(elements.length);
      for (const element of elements) this.#fieldValue(field, element);
    }
  }

  #fieldValue(field: WrittenField, value: WrittenValue): void {
    if (field.isConstant === true) this.#long((value ?? 0) as number | bigint);
    else this.#value(field.type, value);
  }

  #value(typeName: string, value: WrittenValue): void {
    switch (typeName) {
      case "boolean":
      case "byte":
        this.#out.push(Number(value) & 0xff);
        return;
      case "char":
      case "short":
        this.#integer(BigInt.asUintN(16, BigInt(Number(value))), 2);
        return;
      case "int":
        this.#integer(BigInt.asUintN(32, BigInt(value as number)), 4);
        return;
      case "long":
        this.#long(value as number | bigint);
        return;
      case "float":
      case "double":
        this.#real(typeName, Number(value));
        return;
      case "java.lang.String":
        this.#string(value as WrittenString);
        return;
    }
    const type = this.#typeOf(typeName);
    const [only] = type.fields ?? [];
    if (type.isSimple === true && only !== undefined) this.#fieldValue(only, value);
    else this.#fields(type, value as { readonly [field: string]: WrittenValue });
  }

  #string(value: WrittenString): void {
    if (value === null) this.#out.push(0);
    else if (value === "") this.#out.push(1);
    else if (typeof value === "string") this.#string({ encoding: "utf8", text: value });
    else if (value.encoding === "pool") {
      this.#out.push(2);
      this.#long(value.key);
    } else if (value.encoding === "chars") {
      this.#out.push(4);
      this.#int(value.text.length);
      for (let i = 0; i < value.text.length; i++) this.#integer(BigInt(value.text.charCodeAt(i)), 2);
    } else {
      const bytes = Buffer.from(value.text, value.encoding);
      this.#out.push(value.encoding === "utf8" ? 3 : 5);
      this.#int(bytes.length);
      this.#out.push(...bytes);
    }
  }

  #real(typeName: "float" | "double", value: number): void {
    const bytes = Buffer.alloc(typeName === "float" ? 4 : 8);
    if (typeName === "float") bytes.writeFloatBE(value);
    else bytes.writeDoubleBE(value);
    this.#out.push(...bytes);
  }

  #long(value: number | bigint): void {
    this.#integer(BigInt(value), 8);
  }

  #int(value: number): void {
    this.#integer(BigInt(value), 4);
  }

  #integer(value: bigint, bytes: number): void {
    const { hasFixedIntegers, hasPaddedIntegers } = this.#chunk;
    this.#out.push(
      ...(hasFixedIntegers === true ? fixed(value, bytes) : writeVarint(value, hasPaddedIntegers === true ? 4 : 1)),
    );
  }

  #idOf(name: string): number {
    const id = this.#ids.get(name);
    if (id === undefined) throw new Error(`expected a declared type, got ${name}`);
    return id;
  }

  #typeOf(name: string): WrittenType {
    const type = this.#types.get(name);
    if (type === undefined) throw new Error(`expected a declared type, got ${name}`);
    return type;
  }
}

function fixed(value: number | bigint, bytes: number): number[] {
  const bits = BigInt.asUintN(bytes * 8, BigInt(value));
  return Array.from({ length: bytes }, (_, i) => Number((bits >> BigInt((bytes - 1 - i) * 8)) & 0xffn));
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
}

function metadataTree(types: readonly WrittenType[], idOf: (name: string) => number): Element {
  const annotations = (all: Readonly<Record<string, string>> = {}): Element[] =>
    Object.entries(all).map(([name, value]) => ({
      name: "annotation",
      attributes: { class: String(idOf(name)), ...(value === "" ? {} : { value }) },
      children: [],
    }));
  const classes = types.map((type) => ({
    name: "class",
    attributes: {
      name: type.name,
      id: String(idOf(type.name)),
      ...(type.superType === undefined ? {} : { superType: type.superType }),
      ...(type.isSimple === true ? { simpleType: "true" } : {}),
    },
    children: [
      ...(type.fields ?? []).map((field) => ({
        name: "field",
        attributes: {
          name: field.name,
          class: String(idOf(field.type)),
          ...(field.isConstant === true ? { constantPool: "true" } : {}),
          ...(field.isArray === true ? { dimension: "1" } : {}),
        },
        children: annotations(field.annotations),
      })),
      ...annotations(type.annotations),
    ],
  }));
  const region = { name: "region", attributes: { locale: "en", gmtOffset: "0" }, children: [] };
  return { name: "root", attributes: {}, children: [{ name: "metadata", attributes: {}, children: classes }, region] };
}

function flatten({ name, attributes, children }: Element, out: number[], indexOf: (text: string) => number): void {
  out.push(indexOf(name), Object.keys(attributes).length);
  for (const [key, value] of Object.entries(attributes)) out.push(indexOf(key), indexOf(value));
  out.push(children.length);
  for (const child of children) flatten(child, out, indexOf);
}
