import type { ChunkContents } from "./chunk-contents.ts";
import type { ChunkCursor } from "./chunk-cursor.ts";
import { dispatchEvents, type EventTarget } from "./dispatch-events.ts";
import type { EventWalk } from "./event-walk.ts";
import type { RecordingVisitor } from "./events.ts";
import type { TypeSet } from "./type-set.ts";

/** Shows a chunk whose constants are read, and its events; returns how many of them cannot be read. */
export function visitEvents(
  visitor: RecordingVisitor,
  chunk: ChunkContents,
  cursor: ChunkCursor,
  walk: EventWalk,
): number {
  let lost = 0;
  visitor.beginChunk?.(chunk);
  const targets = new Map<number, EventTarget>();
  for (const [id, count] of walk.counts) {
    const recorded = chunk.typeSet.byId.get(id);
    if (recorded === undefined || recorded.defect !== undefined) {
      lost += count;
      continue;
    }
    const { type, layout } = recorded;
    const sink = visitor.sinkOf(type, chunk, count);
    if (sink !== undefined) targets.set(id, { layout, sink, slots: new Float64Array(type.slotCount) });
  }
  if (targets.size > 0) lost += dispatchEvents(chunk.reader, cursor, walk.ranges, targets);
  visitor.endChunk?.(chunk);
  return lost;
}

/** Adds events by type id to events by name. */
export function addCounts(total: Map<string, number>, types: TypeSet | undefined, counts: EventWalk["counts"]): void {
  for (const [id, count] of counts) {
    const name = types?.byId.get(id)?.type.name ?? `type ${id}`;
    total.set(name, (total.get(name) ?? 0) + count);
  }
}
