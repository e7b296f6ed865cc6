import type { ByteSource } from "../../bytes/byte-source.ts";
import type { Loss } from "../../model/heap-evidence.ts";
import type { ChunkBounds } from "./chunk-bounds.ts";
import { ChunkContents } from "./chunk-contents.ts";
import { ChunkCursor } from "./chunk-cursor.ts";
import { clockOf } from "./clock.ts";
import { type EventWalk, walkEvents } from "./event-walk.ts";
import type { EventSink, RecordingVisitor } from "./events.ts";
import { lastEventSeconds } from "./last-event.ts";
import { MetadataCache } from "./metadata-cache.ts";
import { StackColumns } from "./stack-columns.ts";
import type { RecordedType } from "./type-set.ts";
import { WideAddresses } from "./wide-addresses.ts";

/** Larger chunks are read up to here. */
const largestChunkBytes = 2 ** 31 - 1;

/** Reads chunks one after another into the same memory. */
export class ChunkReader {
  readonly #source: ByteSource;
  readonly #visitor: RecordingVisitor;
  readonly #recordingStartNanos: bigint;
  readonly #metadata = new MetadataCache();
  readonly #stacks = new StackColumns();
  readonly #wideAddresses = new WideAddresses();
  readonly #eventCounts = new Map<string, number>();
  #buffer = new Uint8Array(0);
  #lostEvents = 0;
  #unresolvedConstants = 0;
  #roundedNumbers = 0;
  #durationSeconds = 0;
  readonly losses: Loss[] = [];

  constructor(source: ByteSource, visitor: RecordingVisitor, recordingStartNanos: bigint) {
    this.#source = source;
    this.#visitor = visitor;
    this.#recordingStartNanos = recordingStartNanos;
  }

  /** What the chunks read so far held. */
  result() {
    return {
      eventCounts: this.#eventCounts,
      lostEvents: this.#lostEvents,
      unresolvedConstants: this.#unresolvedConstants,
      roundedNumbers: this.#roundedNumbers,
      durationSeconds: this.#durationSeconds,
    };
  }

  read(bounds: ChunkBounds, index: number): void {
    const { header, offset, isOpen } = bounds;
    const cursor = new ChunkCursor(this.#load(bounds), header.hasCompressedIntegers);
    const walk = walkEvents(cursor, header);
    const losses: Loss[] = [
      ...(isOpen ? walk.losses.filter((loss) => loss.offset + loss.bytes < cursor.bytes.length) : walk.losses),
    ];
    if (bounds.missingBytes > 0)
      losses.push({ offset: cursor.bytes.length, bytes: bounds.missingBytes, reason: "the chunk is cut off" });
    const known = this.#metadata.typesOf(cursor, walk, losses);
    const clock = clockOf(header, this.#recordingStartNanos);
    let lastSeconds = clock.startSeconds + header.durationNanos / 1e9;
    if (known === undefined) {
      for (const [id, count] of walk.counts) this.#count(`type ${id}`, count, count);
      if (walk.counts.size > 0)
        losses.push({ offset: 0, bytes: cursor.bytes.length, reason: "the chunk has no metadata" });
    } else {
      const input = {
        index,
        offset,
        header,
        isOpen,
        cursor,
        clock,
        stacks: this.#stacks,
        wideAddresses: this.#wideAddresses,
      };
      const chunk = new ChunkContents({ ...input, ...known });
      losses.push(...chunk.readConstants(walk.checkpoints));
      this.#readEvents(chunk, cursor, walk);
      if (isOpen || header.durationNanos === 0 || bounds.missingBytes > 0)
        lastSeconds = Math.max(lastSeconds, lastEventSeconds(chunk, cursor, walk));
      this.#unresolvedConstants += chunk.reader.unresolvedConstants;
      this.#roundedNumbers += chunk.reader.roundedNumbers;
    }
    this.#durationSeconds = Math.max(this.#durationSeconds, lastSeconds);
    for (const loss of losses) this.losses.push({ ...loss, offset: offset + loss.offset });
  }

  #load({ offset, end }: ChunkBounds): Uint8Array {
    const wanted = Math.min(end - offset, largestChunkBytes);
    if (wanted < end - offset)
      this.losses.push({
        offset: offset + wanted,
        bytes: end - offset - wanted,
        reason: "the chunk is larger than 2 GiB",
      });
    if (this.#buffer.length < wanted) this.#buffer = new Uint8Array(wanted);
    return this.#buffer.subarray(0, this.#source.read(offset, this.#buffer.subarray(0, wanted)));
  }

  #readEvents(chunk: ChunkContents, cursor: ChunkCursor, walk: EventWalk): void {
    this.#visitor.beginChunk?.(chunk);
    const readers = new Map<number, EventReader>();
    for (const [id, count] of walk.counts) {
      const type = chunk.typeSet.byId.get(id);
      const isUnreadable = type === undefined || type.defect !== undefined;
      this.#count(type?.type.name ?? `type ${id}`, count, isUnreadable ? count : 0);
      const sink = isUnreadable ? undefined : this.#visitor.sinkOf(type.type, chunk);
      if (type !== undefined && sink !== undefined)
        readers.set(id, { type, sink, slots: new Float64Array(type.type.slotCount) });
    }
    if (readers.size > 0) for (const range of walk.ranges) this.#readRange(chunk, cursor, readers, range);
    this.#visitor.endChunk?.(chunk);
  }

  #readRange(
    chunk: ChunkContents,
    cursor: ChunkCursor,
    readers: ReadonlyMap<number, EventReader>,
    range: { readonly start: number; readonly end: number },
  ): void {
    const { reader } = chunk;
    const dense: (EventReader | undefined)[] = [];
    for (const [id, one] of readers) if (id < 1 << 15) dense[id] = one;
    for (let at = range.start; at < range.end; ) {
      cursor.position = at;
      const end = at + cursor.int();
      const typeId = cursor.long();
      at = end;
      const event = dense[typeId] ?? readers.get(typeId);
      if (event === undefined) continue;
      const { slots, type, sink } = event;
      const next = reader.read(type.layout, slots, 0, cursor.position, end);
      if (next > end) this.#lostEvents++;
      else sink(slots);
    }
  }

  #count(name: string, events: number, lost: number): void {
    this.#eventCounts.set(name, (this.#eventCounts.get(name) ?? 0) + events);
    this.#lostEvents += lost;
  }
}

interface EventReader {
  readonly type: RecordedType;
  readonly sink: EventSink;
  readonly slots: Float64Array;
}
