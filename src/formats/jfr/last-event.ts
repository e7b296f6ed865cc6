import type { ChunkContents } from "./chunk-contents.ts";
import type { ChunkCursor } from "./chunk-cursor.ts";
import type { EventWalk } from "./event-walk.ts";
import type { RecordedType } from "./type-set.ts";

/** When the last event of a chunk ended, as its start and duration say; 0 when there is none. */
export function lastEventSeconds(chunk: ChunkContents, cursor: ChunkCursor, { ranges }: EventWalk): number {
  const { reader, typeSet } = chunk;
  const { unresolvedConstants, roundedNumbers } = reader;
  let last = 0;
  for (const range of ranges) {
    for (let at = range.start; at < range.end; ) {
      cursor.position = at;
      const end = at + cursor.int();
      const type = typeSet.byId.get(cursor.long());
      at = end;
      if (type !== undefined && isTimed(type)) last = Math.max(last, eventEnd(chunk, type, cursor.position, end));
    }
  }
  // They were counted when the events were read.
  reader.unresolvedConstants = unresolvedConstants;
  reader.roundedNumbers = roundedNumbers;
  return last;
}

function isTimed({ isEvent, defect, type }: RecordedType): boolean {
  return isEvent && defect === undefined && type.fields[0]?.path === "startTime";
}

/** 0 for an event that cannot be read. */
function eventEnd({ reader }: ChunkContents, { layout, type }: RecordedType, start: number, end: number): number {
  const slots = new Float64Array(type.slotCount);
  if (reader.read(layout, slots, 0, start, end) > end) return 0;
  const duration = type.fields[1]?.path === "duration" ? slots[1]! : 0;
  return slots[0]! + (Number.isFinite(duration) ? duration : 0);
}
