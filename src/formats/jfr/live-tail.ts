import type { ByteSource } from "../../bytes/byte-source.ts";
import { type ChunkHeader, headerBytes, readChunkHeader } from "./chunk-header.ts";
import type { EventSink, EventType } from "./events.ts";
import { LiveConstants, type LiveNames } from "./live-constants.ts";
import type { LiveMetadata } from "./live-metadata.ts";
import { LiveWindow } from "./live-window.ts";
import type { RecordedType, TypeSet } from "./type-set.ts";

/** Is asked for each event type of a chunk, once for each set of types that the chunk declares. */
export interface LiveVisitor {
  /** Where the events of a type go; undefined: they are skipped. `names` stay valid as long as the chunk is read. */
  sinkOf(type: EventType, names: LiveNames): EventSink | undefined;
}

/** What one look at a chunk came to. */
export interface LiveProgress {
  /** New since the last look. */
  readonly readBytes: number;
  /** Of them, those that could not be read. */
  readonly lostBytes: number;
  /** The writer has finished the chunk, and all of it was read. */
  readonly isFinished: boolean;
}

interface EventReader {
  readonly type: RecordedType;
  readonly sink: EventSink;
  readonly slots: Float64Array;
}

const nothingNew: LiveProgress = { readBytes: 0, lostBytes: 0, isFinished: false };
/** The writer holds the state at 255 for as long as it takes it to write the header: microseconds. */
const mostHeaderReads = 20;
const beingRewritten = 255;

/**
 * Reads a chunk while the JVM writes it: what the header says was flushed, each byte once, through a window. Constants that are new are read
 * before the events that refer to them.
 */
export class LiveTail {
  readonly #visitor: LiveVisitor;
  readonly #metadata: LiveMetadata;
  readonly #window = new LiveWindow();
  readonly #readers = new Map<number, EventReader | null>();
  #metadataOffset = 0;
  #types: TypeSet | undefined;
  #constants: LiveConstants | undefined;
  #constantsEnd = headerBytes;
  #boundGeneration = -1;
  #eventsEnd: number | undefined;

  /** `beginsAtEnd`: events that are there already are not told, as they were told before, or are old. */
  constructor(visitor: LiveVisitor, metadata: LiveMetadata, { beginsAtEnd = false } = {}) {
    this.#visitor = visitor;
    this.#metadata = metadata;
    this.#eventsEnd = beginsAtEnd ? undefined : headerBytes;
  }

  /** Reads what is new. Throws FormatError where it is no chunk of a version that is known. */
  advance(source: ByteSource): LiveProgress {
    const header = steadyHeader(source);
    if (header === undefined || header.metadataOffset < headerBytes) return nothingNew;
    const end = Math.min(header.sizeBytes, source.sizeBytes);
    const begun = this.#eventsEnd ?? end;
    const isFinished = header.state === 0;
    if (end <= begun && this.#eventsEnd !== undefined) return { ...nothingNew, isFinished };
    this.#eventsEnd = Math.max(end, begun);
    const isKnown = this.#learnTypes(source, header, end);
    const lostBytes = isKnown
      ? this.#readConstants(source, header, end) + this.#readEvents(source, begun, end)
      : end - begun;
    return { readBytes: end - begun, lostBytes: Math.min(lostBytes, end - begun), isFinished };
  }

  /** False where the types cannot be read. With other types than before, constants are read from the start again. */
  #learnTypes(source: ByteSource, header: ChunkHeader, end: number): boolean {
    if (this.#metadataOffset === header.metadataOffset) return this.#types !== undefined;
    const cursor = this.#window.cursorFor(header);
    const event = this.#window.load(source, header.metadataOffset, end);
    if (event === undefined) return false;
    const types = this.#metadata.typesAt(cursor, event.start, event.end);
    this.#metadataOffset = header.metadataOffset;
    if (types === undefined || types === this.#types) return types !== undefined;
    this.#types = types;
    this.#constants = new LiveConstants(types, cursor, header);
    this.#constantsEnd = headerBytes;
    this.#readers.clear();
    return true;
  }

  #readConstants(source: ByteSource, header: ChunkHeader, end: number): number {
    this.#window.cursorFor(header);
    const lostBefore = this.#constants!.lostBytes;
    const lost = this.#window.walk(source, { from: this.#constantsEnd, to: end }, (typeId, start, eventEnd) => {
      if (typeId === 1) this.#boundConstants().readCheckpoint(start, eventEnd);
    });
    this.#constantsEnd = end;
    return lost + this.#constants!.lostBytes - lostBefore;
  }

  #readEvents(source: ByteSource, from: number, to: number): number {
    let lostBytes = 0;
    const restBytes = this.#window.walk(source, { from, to }, (typeId, start, end, body) => {
      const reader = this.#readerOf(typeId);
      if (reader === null) return;
      const { type, slots, sink } = reader;
      const next = this.#boundConstants().eventReader().read(type.layout, slots, 0, body, end);
      if (next > end) lostBytes += end - start;
      else sink(slots);
    });
    return lostBytes + restBytes;
  }

  /** The constants, reading from the bytes that the window has now. */
  #boundConstants(): LiveConstants {
    const constants = this.#constants!;
    if (this.#boundGeneration !== this.#window.generation) constants.rebind();
    this.#boundGeneration = this.#window.generation;
    return constants;
  }

  #readerOf(typeId: number): EventReader | null {
    const known = this.#readers.get(typeId);
    if (known !== undefined) return known;
    const type = typeId > 1 ? this.#types!.byId.get(typeId) : undefined;
    const isReadable = type?.isEvent === true && type.defect === undefined;
    const sink = isReadable ? this.#visitor.sinkOf(type.type, this.#constants!) : undefined;
    const reader =
      type === undefined || sink === undefined ? null : { type, sink, slots: new Float64Array(type.type.slotCount) };
    this.#readers.set(typeId, reader);
    return reader;
  }
}

/** The header when it was not written to meanwhile: equal states before and after. */
function steadyHeader(source: ByteSource): ChunkHeader | undefined {
  let before = readChunkHeader(source, 0);
  for (let reads = 0; reads < mostHeaderReads && before !== undefined; reads++) {
    const after = readChunkHeader(source, 0);
    if (after !== undefined && after.state !== beingRewritten && after.state === before.state) return after;
    before = after;
  }
  return undefined;
}
