import type { EventTable, RecordingEvidence } from "../src/model/recording.ts";

/** The events of one type; undefined when the recording has none. */
export function tableOf(recording: RecordingEvidence, type: string): EventTable | undefined {
  const table = recording.tables.get(type);
  return table !== undefined && table.rows > 0 ? table : undefined;
}

/** Numbers of a field, NaN everywhere when the events have no such field. */
export function numbersOf(table: EventTable, field: string): Float64Array {
  const column = table.columns.get(field);
  return column?.kind === "number" ? column.values : new Float64Array(table.rows).fill(Number.NaN);
}

/** Indexes of threads, stacks or texts, −1 everywhere when the events have no such field. */
export function indexesOf(table: EventTable, field: string, kind: "thread" | "stack" | "text"): Int32Array {
  const column = table.columns.get(field);
  if (column === undefined || column.kind === "number" || column.kind !== kind)
    return new Int32Array(table.rows).fill(-1);
  return column.values;
}

/** What the indexes of a text field stand for. */
export function textsOf(table: EventTable, field: string): readonly string[] {
  const column = table.columns.get(field);
  return column?.kind === "text" ? column.texts : [];
}

/** Points of time at which the events began, and how long they took; 0 where they have no duration. */
export function timesOf(table: EventTable): { readonly start: Float64Array; readonly duration: Float64Array } {
  const duration = numbersOf(table, "duration").map((seconds) => (Number.isFinite(seconds) ? Math.max(0, seconds) : 0));
  return { start: numbersOf(table, "startTime"), duration };
}
