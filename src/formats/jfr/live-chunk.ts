import type { ByteSource } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";
import type { Loss } from "../../model/heap-evidence.ts";
import { ChunkContents, poolsOf } from "./chunk-contents.ts";
import { ChunkCursor } from "./chunk-cursor.ts";
import { type ChunkHeader, headerBytes, readChunkHeader } from "./chunk-header.ts";
import { clockOf } from "./clock.ts";
import { walkEvents } from "./event-walk.ts";
import type { RecordingVisitor } from "./events.ts";
import { type ChunkTypes, MetadataCache } from "./metadata-cache.ts";
import type { Pool } from "./pool.ts";
import { StackPlaces } from "./stack-places.ts";
import { Texts } from "./texts.ts";
import type { RecordedType, TypeSet } from "./type-set.ts";
import { addCounts, visitEvents } from "./visit-events.ts";
import { WideAddresses } from "./wide-addresses.ts";

/** What one poll found. */
export interface LiveSegment {
  /** Bytes that are new since the last poll. */
  readonly bytes: number;
  readonly eventCounts: ReadonlyMap<string, number>;
  readonly lostEvents: number;
  readonly losses: readonly Loss[];
  /** The JVM has completed the chunk, and this was its last part. */
  readonly isFinished: boolean;
}

/** The header's state while it is being rewritten. */
const beingWritten = 255;
const mostAttempts = 100;

/**
 * Reads a chunk of a JVM's repository while it grows: each poll shows the visitor what was flushed since the last one, as if it were a
 * chunk with all constants so far. Constants stay in memory until the chunk ends, the bytes of events do not.
 *
 * A flush writes events, then the constants that they need, then the size in the header; so whole flushes are all that is read.
 */
export class LiveChunk {
  readonly #visitor: RecordingVisitor;
  readonly #recordingStartNanos: bigint | undefined;
  readonly #metadata = new MetadataCache();
  readonly #stacks = new StackPlaces();
  readonly #wideAddresses = new WideAddresses();
  #known: ChunkTypes | undefined;
  #texts: Texts | undefined;
  #doneBytes = headerBytes;

  /** Times count from the chunk's own start unless that of a recording is given. */
  constructor(visitor: RecordingVisitor, recordingStartNanos?: bigint) {
    this.#visitor = visitor;
    this.#recordingStartNanos = recordingStartNanos;
  }

  /**
   * Reads what is new in the chunk, which is the whole of `source`; its `sizeBytes` does not matter, for the header says how far it goes.
   * Undefined when there is nothing to read yet: no header, or one that does not stand still. Throws FormatError when it is no chunk.
   */
  poll(source: Pick<ByteSource, "read">): LiveSegment | undefined {
    const header = steadyHeader(source);
    if (header === undefined) return undefined;
    const wanted = Math.max(0, header.sizeBytes - this.#doneBytes);
    const buffer = new Uint8Array(wanted);
    const bytes = buffer.subarray(0, source.read(this.#doneBytes, buffer));
    const cursor = new ChunkCursor(bytes, header.hasCompressedIntegers);
    const segment = this.#read(header, cursor);
    this.#doneBytes += bytes.length;
    return { ...segment, bytes: bytes.length, isFinished: header.state === 0 };
  }

  #read(header: ChunkHeader, cursor: ChunkCursor): Pick<LiveSegment, "eventCounts" | "lostEvents" | "losses"> {
    const walk = walkEvents(cursor, { ...header, checkpointOffset: 0, metadataOffset: 0 }, 0);
    const losses: Loss[] = [...walk.losses];
    const eventCounts = new Map<string, number>();
    const fresh = this.#metadata.typesOf(cursor, walk, losses);
    if (fresh !== undefined) this.#known = carriedOver(this.#known, fresh.types);
    addCounts(eventCounts, this.#known?.types, walk.counts);
    const events = [...walk.counts.values()].reduce((sum, count) => sum + count, 0);
    let lostEvents = events;
    if (this.#known !== undefined) {
      const chunk = this.#contents(header, cursor, this.#known);
      losses.push(...chunk.readConstants(walk.checkpoints));
      lostEvents = visitEvents(this.#visitor, chunk, cursor, walk);
      chunk.stacks.keep();
    }
    this.#texts?.moveTo(new ChunkCursor(new Uint8Array(0), true));
    const start = this.#doneBytes;
    return { eventCounts, lostEvents, losses: losses.map((loss) => ({ ...loss, offset: start + loss.offset })) };
  }

  #contents(header: ChunkHeader, cursor: ChunkCursor, known: ChunkTypes): ChunkContents {
    this.#texts ??= new Texts(cursor);
    this.#texts.moveTo(cursor);
    return new ChunkContents({
      index: 0,
      offset: 0,
      header,
      isOpen: header.state !== 0,
      cursor,
      clock: clockOf(header, this.#recordingStartNanos ?? header.startNanos),
      ...known,
      stacks: this.#stacks,
      wideAddresses: this.#wideAddresses,
      texts: this.#texts,
    });
  }
}

/** The header between two equal states, neither of which says that it is being rewritten. */
function steadyHeader(source: Pick<ByteSource, "read">): ChunkHeader | undefined {
  const state = new Uint8Array(1);
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const header = readChunkHeader(source, 0);
    if (header === undefined) return undefined;
    if (header.state === beingWritten) continue;
    source.read(64, state);
    if (state[0] === header.state) return header.sizeBytes >= headerBytes ? header : undefined;
  }
  return undefined;
}

/** New types with the constants that have been read by the old ones. Throws FormatError when a type has changed. */
function carriedOver(before: ChunkTypes | undefined, types: TypeSet): ChunkTypes {
  const pools = poolsOf(types);
  if (before === undefined) return { types, pools };
  for (const pool of before.pools) {
    const type = types.byId.get(pool.type.type.id);
    if (pool.count === 0) continue;
    if (type === undefined || !hasSameFields(type, pool))
      throw new FormatError(`type ${pool.type.type.name} changed within a chunk`);
    pool.type = type;
    pools[type.ordinal] = pool;
  }
  return { types, pools };
}

function hasSameFields(type: RecordedType, pool: Pool): boolean {
  const { fields } = pool.type.type;
  return (
    type.type.fields.length === fields.length && fields.every(({ path }, slot) => type.type.fields[slot]!.path === path)
  );
}
