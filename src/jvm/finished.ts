import type { EventName } from "./gc-names.ts";

/** One or more collections of one kind that ended between two looks; times are in ticks. */
export interface Finished {
  readonly name: EventName;
  readonly count: number;
  readonly durations: number;
  /** When the last of them ended; undefined where that is not known. */
  readonly end: number | undefined;
}
