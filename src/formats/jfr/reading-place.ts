import type { ChunkCursor } from "./chunk-cursor.ts";
import type { ChunkClock } from "./clock.ts";
import type { Pool } from "./pool.ts";
import type { Texts } from "./texts.ts";
import type { RecordedType } from "./type-set.ts";
import type { WideAddresses } from "./wide-addresses.ts";

/** What a struct reader reads in: a chunk's bytes, clock, types and constants. */
export interface ReadingPlace {
  readonly cursor: ChunkCursor;
  readonly clock: ChunkClock;
  readonly types: readonly RecordedType[];
  /** By the type's ordinal. */
  readonly pools: readonly Pool[];
  readonly texts: Texts;
  readonly wideAddresses: WideAddresses;
}
