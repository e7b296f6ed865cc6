import type { ByteSource } from "../../bytes/byte-source.ts";
import type { ProfileSet } from "../../model/profile.ts";
import type { RecordingEvidence } from "../../model/recording.ts";
import type { ReadEventsOptions } from "./events.ts";
import { readEvents } from "./read-events.ts";
import { RecordingBuilder, type RecordingBuilderOptions } from "./recording-builder.ts";

/** What of a recording is wanted, how much of it at most, and whom to tell. */
export interface RecordingReadOptions extends ReadEventsOptions, RecordingBuilderOptions {}

/** Reads a flight recording: its events as tables, and a profile of each event that carries stacks. Throws FormatError. */
export function readRecording(
  source: ByteSource,
  options: RecordingReadOptions = {},
): { readonly recording: RecordingEvidence; readonly profiles: ProfileSet } {
  const builder = new RecordingBuilder(options);
  const read = readEvents(source, builder, options);
  return builder.finish(read, { name: source.name, fileBytes: source.sizeBytes });
}
