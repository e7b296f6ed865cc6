import type { Loss } from "../../model/heap-evidence.ts";
import type { ChunkCursor } from "./chunk-cursor.ts";
import { type ChunkHeader, headerBytes } from "./chunk-header.ts";

/** Where the events of a chunk lie. */
export interface EventWalk {
  /** Parts of the chunk that are whole events, one behind another. */
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  /** In the order of the chunk. */
  readonly metadata: readonly number[];
  readonly checkpoints: readonly number[];
  /** Events by type id, without metadata and checkpoints. */
  readonly counts: ReadonlyMap<number, number>;
  /** Offsets are in the chunk. */
  readonly losses: readonly Loss[];
  /** Where the last whole event ends. */
  readonly end: number;
}

const denseIds = 1 << 15;

/** Follows the sizes of events from the first one on. Behind damage it goes on at the next checkpoint that the header leads to. */
export function walkEvents(cursor: ChunkCursor, header: ChunkHeader, first = headerBytes): EventWalk {
  const walker = new Walker(cursor);
  const last = cursor.bytes.length;
  let start = first;
  const losses: Loss[] = [];
  const ranges: { start: number; end: number }[] = [];
  let anchors: number[] | undefined;
  while (start < last) {
    const end = walker.walk(start);
    if (end > start) ranges.push({ start, end });
    if (end >= last) break;
    anchors ??= anchorsOf(cursor, header);
    const next = anchors.find((anchor) => anchor > end);
    losses.push({ offset: end, bytes: (next ?? last) - end, reason: walker.reason });
    start = next ?? last;
  }
  return {
    ranges,
    metadata: walker.metadata,
    checkpoints: walker.checkpoints,
    counts: walker.counts(),
    losses,
    end: ranges.at(-1)?.end ?? first,
  };
}

class Walker {
  readonly #cursor: ChunkCursor;
  readonly #dense = new Int32Array(denseIds);
  readonly #sparse = new Map<number, number>();
  readonly metadata: number[] = [];
  readonly checkpoints: number[] = [];
  /** Why the walk ended before the chunk did. */
  reason = "";

  constructor(cursor: ChunkCursor) {
    this.#cursor = cursor;
  }

  /** Walks from an event on; returns the end of the last whole one. */
  walk(start: number): number {
    const cursor = this.#cursor;
    const last = cursor.bytes.length;
    let at = start;
    while (at < last) {
      cursor.position = at;
      const size = cursor.int();
      const typeId = cursor.long();
      if (size < cursor.position - at || size > last - at) {
        this.reason =
          size > last - at
            ? `an event of ${size} bytes runs over the end`
            : `expected the size of an event, got ${size}`;
        return at;
      }
      if (typeId > 1 && typeId < denseIds) this.#dense[typeId]!++;
      else this.#addUnusual(typeId, at);
      at += size;
    }
    return at;
  }

  #addUnusual(typeId: number, at: number): void {
    if (typeId === 0) this.metadata.push(at);
    else if (typeId === 1) this.checkpoints.push(at);
    else this.#sparse.set(typeId, (this.#sparse.get(typeId) ?? 0) + 1);
  }

  counts(): Map<number, number> {
    const counts = new Map(this.#sparse);
    for (let id = 0; id < denseIds; id++) if (this.#dense[id]! > 0) counts.set(id, this.#dense[id]!);
    return counts;
  }
}

/** Events that the header leads to: the chain of checkpoints, newest first in the file, and the metadata; ascending. */
function anchorsOf(cursor: ChunkCursor, { checkpointOffset, metadataOffset }: ChunkHeader): number[] {
  const anchors: number[] = [];
  const last = cursor.bytes.length;
  let at = checkpointOffset;
  while (at >= headerBytes && at < last) {
    cursor.position = at;
    const size = cursor.int();
    if (cursor.long() !== 1 || size <= 0 || size > last - at) break;
    anchors.push(at);
    cursor.long();
    cursor.long();
    const delta = cursor.long();
    if (delta >= 0) break;
    at += delta;
  }
  if (metadataOffset >= headerBytes && metadataOffset < last) {
    cursor.position = metadataOffset;
    const size = cursor.int();
    if (cursor.long() === 0 && size > 0 && size <= last - metadataOffset) anchors.push(metadataOffset);
  }
  return anchors.sort((a, b) => a - b);
}
