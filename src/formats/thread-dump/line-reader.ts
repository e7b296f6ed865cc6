import type { ThreadDumpSnapshot } from "../../model/thread-dump.ts";

/** Reads one dump, line by line. */
export interface LineReader {
  /** Nothing that follows belongs to it. */
  readonly isComplete: boolean;
  add(line: string): void;
  end(): ThreadDumpSnapshot;
}
