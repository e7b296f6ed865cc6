import type { ByteSource } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";
import type { EventsRead, ReadEventsOptions, RecordingVisitor } from "./events.ts";

/**
 * Reads a recording chunk by chunk, in memory that is bounded by its largest chunk. What is damaged or cut off is left out and named
 * in `losses`. Throws FormatError when nothing of it can be read.
 */
export function readEvents(_source: ByteSource, _visitor: RecordingVisitor, _options: ReadEventsOptions): EventsRead {
  throw new FormatError("not yet");
}
