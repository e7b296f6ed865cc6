import type { ByteSource } from "../../bytes/byte-source.ts";
import type { ProfileSet } from "../../model/profile.ts";
import type { RecordingEvidence } from "../../model/recording.ts";
import type { RecordingFilter } from "./event-filter.ts";
import type { ReadEventsOptions } from "./events.ts";
import { readEvents } from "./read-events.ts";
import { RecordingBuilder } from "./recording-builder.ts";

/** What of a recording is wanted, and how much of it at most. */
export interface RecordingReadOptions extends ReadEventsOptions {
  /** Event types to make tables of: those that analyzers look at unless others are named. */
  readonly tables?: "all" | readonly string[];
  readonly maxRowsPerTable?: number;
  /** Beyond it, samples that are close in time are added together. */
  readonly maxSamplesPerProfile?: number;
  readonly filter?: RecordingFilter;
}

/** Reads a flight recording: its events as tables, and a profile of each event that carries stacks. Throws FormatError. */
export function readRecording(
  source: ByteSource,
  options: RecordingReadOptions = {},
): { readonly recording: RecordingEvidence; readonly profiles: ProfileSet } {
  const builder = new RecordingBuilder(options);
  const read = readEvents(source, builder, options);
  return builder.finish(read, { name: source.name, fileBytes: source.sizeBytes });
}
