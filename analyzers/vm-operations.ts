import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";

/** One operation for which the JVM stopped all threads. */
export interface VmOperation {
  /** `HeapDumper`, `PrintThreads` */
  readonly name: string;
  readonly caller: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly seconds: number;
  /** Work of the collector, which the rules of collections judge. */
  readonly isCollection: boolean;
}

/** All operations at a safepoint, in the order of time. */
export function vmOperationsOf(recording: RecordingEvidence): VmOperation[] {
  const events = eventsOf(recording, "jdk.ExecuteVMOperation");
  return rowsOf(events)
    .filter((row) => events.number("safepoint", row) !== 0)
    .map((row) => {
      const name = events.text("operation", row) ?? "unknown";
      const start = events.start(row);
      const seconds = events.duration(row);
      return {
        name,
        caller: events.text("caller", row),
        start,
        end: start + seconds,
        seconds,
        isCollection: isCollectionName(name),
      };
    });
}

/** Whether an operation of this name is the collector's own work. */
export function isCollectionName(name: string): boolean {
  return collections.test(name);
}

const collections =
  /^(G1|Z[A-Z]|XMark|XReloc|Shenandoah|ParallelGC|ParallelCollect|ParallelFull|SerialCollect|SerialGC|GenCollect|CollectFor|CMS|CGC_|PSAlloc|GC_)/;
