import { type AddressIndex, addressOf } from "../../bytes/address-index.ts";
import type { ByteSource } from "../../bytes/byte-source.ts";
import { ByteWindow } from "../../bytes/byte-window.ts";
import { buildIdTable, indexOfId } from "../../bytes/id-table.ts";
import type { ChunkColumns } from "./index-ranges.ts";
import { heapRecordLength, heapTag, type RecordShapes, recordShapes } from "./records.ts";
import type { HeapRange } from "./walk.ts";

/** Where an object's record lies in the file. */
export interface RecordPlace {
  readonly tag: number;
  readonly offset: number;
}

/** What is needed to find objects' records again. */
export interface RecordMap {
  readonly source: ByteSource;
  readonly idBytes: 4 | 8;
  readonly idShift: 0 | 3;
  readonly chunks: ChunkColumns;
  readonly addresses: AddressIndex;
}

/**
 * Finds the records of objects by scanning the chunks whose address range they fall into: no file position is stored per
 * object, which would cost 8 bytes each. One call scans each chunk at most once. Objects that are not found are left out.
 */
export function locateRecords(map: RecordMap, ordinals: readonly number[]): Map<number, RecordPlace> {
  const places = new Map<number, RecordPlace>();
  const sorted = [...new Set(ordinals)].sort((a, b) => a - b);
  const addresses = sorted.map((ordinal) => addressOf(map.addresses, ordinal));
  const wanted = buildIdTable(addresses.map((address) => address / 2 ** map.idShift));
  const pages = addresses.map((address) => Math.floor(address / 2 ** 23));
  const window = new ByteWindow(map.source);
  const shapes = recordShapes(map.idBytes);
  const { start, end, minPage, maxPage } = map.chunks;
  for (let chunk = 0; chunk < start.length && places.size < sorted.length; chunk++) {
    if (!isAnyBetween(pages, minPage[chunk]!, maxPage[chunk]!)) continue;
    scanRecords(shapes, window, { start: start[chunk]!, end: end[chunk]! }, (high, low, tag, offset) => {
      const found = indexOfId(wanted, high, low);
      if (found >= 0) places.set(sorted[found]!, { tag, offset });
    });
  }
  return places;
}

/** Whether a sorted list has a value from `low` to `high`. */
function isAnyBetween(sorted: readonly number[], low: number, high: number): boolean {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < low) from = middle + 1;
    else to = middle;
  }
  return from < sorted.length && sorted[from]! <= high;
}

/** Calls `visit` with the id (as in the file), tag and file offset of every object and class record of a chunk that was read before. */
function scanRecords(
  shapes: RecordShapes,
  window: ByteWindow,
  { start, end }: HeapRange,
  visit: (high: number, low: number, tag: number, offset: number) => void,
): void {
  const { idBytes } = shapes;
  let position = start;
  while (position < end) {
    const length = window.load(position, end);
    const { view, bytes } = window;
    let p = 0;
    for (let size = sizeAt(window, p, length, shapes); size > 0; size = sizeAt(window, p, length, shapes)) {
      const high = idBytes === 8 ? view.getInt32(p + 1) : 0;
      if (isObjectTag(bytes[p]!)) visit(high, view.getInt32(p + 1 + idBytes - 4), bytes[p]!, position + p);
      p += size;
    }
    if (p === 0 && length < bytes.byteLength) return;
    if (p === 0) window.grow();
    position += p;
  }
}

/** Length of the record at `p`; 0 or less when its head is not in the window or is none. */
function sizeAt({ view, bytes }: ByteWindow, p: number, length: number, shapes: RecordShapes): number {
  const head = p < length ? shapes.heads[bytes[p]!]! : 0;
  return head === 0 || p + head > length ? 0 : heapRecordLength(view, p, length, shapes);
}

function isObjectTag(tag: number): boolean {
  return (tag >= heapTag.classDump && tag <= heapTag.primitiveArray) || tag === heapTag.primitiveArrayNoData;
}
