import type { ChunkCursor } from "./chunk-cursor.ts";
import type { EventWalk } from "./event-walk.ts";
import type { EventSink } from "./events.ts";
import type { Layout } from "./layout.ts";
import type { StructReader } from "./struct-reader.ts";

/** Where events of one type go. */
export interface EventTarget {
  readonly layout: Layout;
  readonly slots: Float64Array;
  readonly sink: EventSink;
}

const denseIds = 1 << 15;

/** Reads the events that have a target, by type id; returns how many of them run over their end. */
export function dispatchEvents(
  reader: StructReader,
  cursor: ChunkCursor,
  ranges: EventWalk["ranges"],
  targets: ReadonlyMap<number, EventTarget>,
): number {
  const dense = denseTargets(targets);
  const { bytes, hasCompressedIntegers } = cursor;
  let lost = 0;
  for (const range of ranges) {
    for (let at = range.start; at < range.end; ) {
      cursor.position = at;
      let size = bytes[at]!;
      // Most events are shorter than 128 bytes.
      if (hasCompressedIntegers && size < 0x80) cursor.position = at + 1;
      else size = cursor.int();
      const end = at + size;
      const typeId = cursor.long();
      at = end;
      const target = typeId < dense.length ? dense[typeId] : targets.get(typeId);
      if (target !== undefined && !readEvent(reader, target, cursor.position, end)) lost++;
    }
  }
  return lost;
}

function readEvent(reader: StructReader, { layout, slots, sink }: EventTarget, start: number, end: number): boolean {
  if (reader.read(layout, slots, 0, start, end) > end) return false;
  sink(slots);
  return true;
}

/** Filled from the start on, for an array with large gaps becomes a slow dictionary. */
function denseTargets(targets: ReadonlyMap<number, EventTarget>): (EventTarget | undefined)[] {
  const ids = [...targets.keys()].filter((id) => id < denseIds);
  const dense: (EventTarget | undefined)[] = [];
  const last = ids.reduce((largest, id) => Math.max(largest, id), -1);
  for (let id = 0; id <= last; id++) dense.push(targets.get(id));
  return dense;
}
