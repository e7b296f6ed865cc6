import type { ByteSource } from "../../bytes/byte-source.ts";
import type { Loss } from "../../model/heap-evidence.ts";
import type { ChunkBounds } from "./chunk-bounds.ts";
import { ChunkContents } from "./chunk-contents.ts";
import { ChunkCursor } from "./chunk-cursor.ts";
import { clockOf } from "./clock.ts";
import { walkEvents } from "./event-walk.ts";
import type { RecordingVisitor } from "./events.ts";
import { lastEventSeconds } from "./last-event.ts";
import { MetadataCache } from "./metadata-cache.ts";
import { StackPlaces } from "./stack-places.ts";
import { Texts } from "./texts.ts";
import { addCounts, visitEvents } from "./visit-events.ts";
import { WideAddresses } from "./wide-addresses.ts";

/** Larger chunks are read up to here. */
const largestChunkBytes = 2 ** 31 - 1;

/** What all chunks have in common. */
interface ChunksInput {
  readonly recordingStartNanos: bigint;
  readonly longestBytes: number;
}

/** Reads chunks one after another into the same memory. */
export class ChunkReader {
  readonly #source: ByteSource;
  readonly #visitor: RecordingVisitor;
  readonly #recordingStartNanos: bigint;
  readonly #metadata = new MetadataCache();
  readonly #stacks = new StackPlaces();
  readonly #wideAddresses = new WideAddresses();
  readonly #eventCounts = new Map<string, number>();
  /** Made when the first chunk is read, for the longest one. */
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  readonly #longestBytes: number;
  #lostEvents = 0;
  #unresolvedConstants = 0;
  #roundedNumbers = 0;
  #durationSeconds = 0;
  readonly losses: Loss[] = [];

  constructor(source: ByteSource, visitor: RecordingVisitor, { recordingStartNanos, longestBytes }: ChunksInput) {
    this.#source = source;
    this.#visitor = visitor;
    this.#longestBytes = Math.min(longestBytes, largestChunkBytes);
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
      addCounts(this.#eventCounts, undefined, walk.counts);
      for (const count of walk.counts.values()) this.#lostEvents += count;
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
        texts: new Texts(cursor),
      };
      const chunk = new ChunkContents({ ...input, ...known });
      chunk.clearConstants();
      losses.push(...chunk.readConstants(walk.checkpoints));
      this.#lostEvents += visitEvents(this.#visitor, chunk, cursor, walk);
      addCounts(this.#eventCounts, chunk.typeSet, walk.counts);
      if (isOpen || header.durationNanos === 0 || bounds.missingBytes > 0)
        lastSeconds = Math.max(lastSeconds, lastEventSeconds(chunk, cursor, walk));
      this.#unresolvedConstants += chunk.reader.unresolvedConstants;
      this.#roundedNumbers += chunk.reader.roundedNumbers;
    }
    this.#durationSeconds = Math.max(this.#durationSeconds, lastSeconds);
    for (const loss of losses) this.losses.push({ ...loss, offset: offset + loss.offset });
  }

  /** Gives the memory of chunks back at once, not when garbage is collected next: what follows needs some, too. */
  release(): void {
    this.#buffer?.buffer.transfer(0);
    this.#buffer = undefined;
  }

  #load({ offset, end }: ChunkBounds): Uint8Array {
    const wanted = Math.min(end - offset, largestChunkBytes);
    if (wanted < end - offset)
      this.losses.push({
        offset: offset + wanted,
        bytes: end - offset - wanted,
        reason: "the chunk is larger than 2 GiB",
      });
    this.#buffer ??= new Uint8Array(this.#longestBytes);
    return this.#buffer.subarray(0, this.#source.read(offset, this.#buffer.subarray(0, wanted)));
  }
}
