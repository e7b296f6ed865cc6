import type { RecordingEvidence } from "../src/model/recording.ts";
import { indexesOf, tableOf, timesOf } from "./event-columns.ts";

/** Seconds of the recording in which each thread was alive: of threads that began or ended within it, only those. */
export function lifeSecondsOf(recording: RecordingEvidence): Float64Array {
  const { threads, durationSeconds } = recording;
  const from = new Float64Array(threads.length);
  const to = new Float64Array(threads.length).fill(durationSeconds);
  markTimes(recording, "jdk.ThreadStart", (thread, seconds) => {
    from[thread] = Math.max(from[thread]!, seconds);
  });
  markTimes(recording, "jdk.ThreadEnd", (thread, seconds) => {
    to[thread] = Math.min(to[thread]!, seconds);
  });
  return to.map((end, thread) => (end > from[thread]! ? end - from[thread]! : durationSeconds));
}

function markTimes(recording: RecordingEvidence, type: string, mark: (thread: number, seconds: number) => void): void {
  const table = tableOf(recording, type);
  if (table === undefined) return;
  const { start } = timesOf(table);
  const thread = indexesOf(table, "thread", "thread");
  for (let row = 0; row < table.rows; row++) if (thread[row]! >= 0 && start[row]! >= 0) mark(thread[row]!, start[row]!);
}
