import type { Loss } from "../../model/heap-evidence.ts";
import type { EventNumberUnit } from "../../model/recording.ts";

/** What the slot of a field holds: a number itself, or an index that the chunk resolves. */
export type FieldContent =
  | "number"
  | "boolean"
  | "text"
  | "class"
  | "method"
  | "symbol"
  | "thread"
  | "stack"
  | "constant"
  | "array";

/** One field of an event type, nested structs flattened: `heapSpace.reservedSize`. */
export interface EventField {
  readonly path: string;
  readonly label: string | undefined;
  readonly slot: number;
  readonly content: FieldContent;
  /** Of numbers, after conversion. */
  readonly unit: EventNumberUnit;
  /** The pool of a constant's values, also of classes, threads and stacks: `jdk.types.GCName`. */
  readonly poolType: string | undefined;
}

/** An event type as the recording declares it, or the type of a pool's values. The same object in all chunks that declare it alike. */
export interface EventType {
  readonly id: number;
  /** `jdk.FileRead` */
  readonly name: string;
  readonly label: string;
  readonly category: readonly string[];
  readonly fields: readonly EventField[];
  readonly slotCount: number;
}

/** The slot of a constant or text that is null. */
export const nullIndex = -1;
/** The slot of a constant whose value is not in the file. */
export const missingIndex = -2;

/**
 * Takes the event just read, by slot. Numbers are in their unit: points of time in seconds since the recording's start, NaN for
 * “not available”, Infinity for “forever”. Texts and constants are dense indexes into the chunk's texts or pool (`nullIndex`,
 * `missingIndex`); arrays are places that `Chunk.elements` reads. The array is the reader's own and is overwritten by the next event.
 *
 * A number beyond 2^53 is rounded and counted (`EventsRead.roundedNumbers`). Addresses never are: one at or beyond 2^53 has a
 * negative stand-in, the same for equal addresses of the whole recording, which `Chunk.address` turns back.
 */
export type EventSink = (slots: Float64Array) => void;

/** Is told of each chunk and asked for each event type of it. */
export interface RecordingVisitor {
  /** All types and constants of the chunk are known. */
  beginChunk?(chunk: Chunk): void;
  /** Where the `count` events of a type go; undefined: they are counted and skipped. Asked once for each type of a chunk that has events. */
  sinkOf(type: EventType, chunk: Chunk, count: number): EventSink | undefined;
  /** The last moment to resolve indexes of the chunk. */
  endChunk?(chunk: Chunk): void;
}

/** Stack traces of a chunk. */
export interface ChunkStacks {
  /** Indexes are below this. */
  readonly count: number;
  /** Reads one; the same object every time, overwritten by the next. */
  read(index: number): ChunkStack;
}

/** A stack trace, its frames in columns, leaf first. */
export interface ChunkStack {
  /** How many frames there are; the columns may be longer. */
  readonly count: number;
  /** The JVM cut it at its limit of depth. */
  readonly isTruncated: boolean;
  /** Index for `Chunk.constant("jdk.types.Method", …)`, and `nullIndex` or `missingIndex`. */
  readonly method: Int32Array;
  /** ≤ 0 unknown. */
  readonly line: Int32Array;
  readonly bytecodeIndex: Int32Array;
  /** Index for `Chunk.constant("jdk.types.FrameType", …)`: `Interpreted`, `JIT compiled`, `Inlined`, `Native`, `Kernel`, `C++`. */
  readonly type: Int32Array;
}

/** A thread as a chunk describes it. */
export interface ChunkThread {
  readonly osName: string | undefined;
  readonly osThreadId: number | undefined;
  readonly javaName: string | undefined;
  /** Undefined for threads that are not Java's. */
  readonly javaThreadId: number | undefined;
  readonly group: string | undefined;
  readonly isVirtual: boolean;
}

/** Values of one constant type in a chunk, by dense index. */
export interface ConstantPool {
  readonly type: EventType;
  readonly count: number;
  /** As in an event, by slot of `type.fields`; NaN for an index that was referred to and has no value. */
  value(index: number, slot: number): number;
}

/** Element of an array field: a number, a resolved text or constant, or an object by field name. */
export type ElementValue =
  | number
  | boolean
  | string
  | undefined
  | readonly ElementValue[]
  | { readonly [field: string]: ElementValue };

/** One chunk of the recording while it is read: valid until `endChunk` returns. */
export interface Chunk {
  /** From 0 in the order of the file. */
  readonly index: number;
  /** Where it starts in the file, and what is there of it. */
  readonly offset: number;
  readonly bytes: number;
  readonly startMillis: number;
  /** Since the recording's start. */
  readonly startSeconds: number;
  /** As the header says; 0 in a chunk whose header was never completed. */
  readonly durationSeconds: number;
  /** The writer had not finished it. */
  readonly isOpen: boolean;
  /** Event and value types by name. */
  readonly types: ReadonlyMap<string, EventType>;
  readonly stacks: ChunkStacks;
  /** Pool by the name of its type: `java.lang.Thread`; undefined when the chunk has none. */
  pool(typeName: string): ConstantPool | undefined;
  /**
   * Text of an index: texts as they are, classes in source form, methods as `a.b.C.d`, threads by name, other constants by their name
   * or only value. Undefined for null, missing, and fields that have no text. Resolved once, so repeated calls are cheap.
   */
  text(field: EventField, index: number): string | undefined;
  /** As `text`, by the name of the constant's type. */
  constant(typeName: string, index: number): string | undefined;
  /** Indexes for `text` of a field are below this. */
  textCount(field: EventField): number;
  thread(index: number): ChunkThread | undefined;
  /** Elements of an array field. */
  elements(field: EventField, place: number): readonly ElementValue[];
  /** The address of a number in a field of unit `address`. */
  address(value: number): bigint;
}

/** How far to read, and whom to tell. */
export interface ReadEventsOptions {
  /** Told of bytes done. */
  readonly progress?: (doneBytes: number, totalBytes: number) => void;
}

/** What the file held. */
export interface EventsRead {
  /** `JFR 2.1` */
  readonly format: string;
  readonly chunks: number;
  /** The last chunk was still being written, or its writer died. */
  readonly isOpen: boolean;
  readonly startMillis: number;
  /** From the recording's start to the end of its last chunk, or of the last event where a chunk was not completed. */
  readonly durationSeconds: number;
  /** Events by type, also of those that were skipped; unknown types as `type 1234`. */
  readonly eventCounts: ReadonlyMap<string, number>;
  readonly losses: readonly Loss[];
  /** Events that were met and could not be read. */
  readonly lostEvents: number;
  /** References to constants that are not in the file, in constants, in events that were read, and in stacks that were. */
  readonly unresolvedConstants: number;
  /** Numbers beyond 2^53 that were rounded. */
  readonly roundedNumbers: number;
}
