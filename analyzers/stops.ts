import type { RecordingEvidence } from "../src/model/recording.ts";
import { indexesOf, numbersOf, tableOf, textsOf, timesOf } from "./event-columns.ts";

/** A time in which the JVM stopped all Java threads. */
export interface Stop {
  readonly start: number;
  readonly end: number;
  readonly isCollection: boolean;
  /** Of the pause or operation. */
  readonly name: string;
}

const collecting =
  /^(G1|Z|X|Shenandoah|Gen|Parallel|CMS|Serial|GC|Collect)|Collect(ion|For)|MarkStart|MarkEnd|Relocate/;

/** Pauses of the collector and other operations at a safepoint, in the order of time; they do not overlap. */
export function stopsOf(recording: RecordingEvidence): readonly Stop[] {
  const stops = [...pausesOf(recording), ...operationsOf(recording)].sort((a, b) => a.start - b.start || b.end - a.end);
  const apart: Stop[] = [];
  for (const stop of stops) {
    const start = Math.max(stop.start, apart.at(-1)?.end ?? 0);
    if (stop.end > start) apart.push({ ...stop, start });
  }
  return apart;
}

function pausesOf(recording: RecordingEvidence): readonly Stop[] {
  const table = tableOf(recording, "jdk.GCPhasePause");
  if (table === undefined) return [];
  const { start, duration } = timesOf(table);
  const name = indexesOf(table, "name", "text");
  const names = textsOf(table, "name");
  return Array.from({ length: table.rows }, (_, row) => ({
    start: start[row]!,
    end: start[row]! + duration[row]!,
    isCollection: true,
    name: names[name[row]!] ?? "GC pause",
  }));
}

/** Operations of the collector are its pauses, which are read from their own events. */
function operationsOf(recording: RecordingEvidence): readonly Stop[] {
  const table = tableOf(recording, "jdk.ExecuteVMOperation");
  if (table === undefined) return [];
  const { start, duration } = timesOf(table);
  const operation = indexesOf(table, "operation", "text");
  const operations = textsOf(table, "operation");
  const isSafepoint = numbersOf(table, "safepoint");
  return Array.from({ length: table.rows }, (_, row) => row)
    .filter((row) => isSafepoint[row] === 1 && !collecting.test(operations[operation[row]!] ?? ""))
    .map((row) => ({
      start: start[row]!,
      end: start[row]! + duration[row]!,
      isCollection: false,
      name: operations[operation[row]!] ?? "operation",
    }));
}

/** Seconds of a span in which the JVM stood still: of collections, and of other operations. */
export function stoppedDuring(
  stops: readonly Stop[],
  from: number,
  to: number,
): { readonly collection: number; readonly other: number } {
  let collection = 0;
  let other = 0;
  for (let at = firstEndingAfter(stops, from); at < stops.length && stops[at]!.start < to; at++) {
    const { start, end, isCollection } = stops[at]!;
    const seconds = Math.min(end, to) - Math.max(start, from);
    if (isCollection) collection += seconds;
    else other += seconds;
  }
  return { collection, other };
}

function firstEndingAfter(stops: readonly Stop[], seconds: number): number {
  let low = 0;
  let high = stops.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (stops[middle]!.end > seconds) high = middle;
    else low = middle + 1;
  }
  return low;
}
