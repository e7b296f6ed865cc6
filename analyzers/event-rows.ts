import type { EventColumn, RecordingEvidence } from "../src/model/recording.ts";

/** Events of one type, by row and name of the field; what is not in the recording is NaN or undefined. */
export interface EventRows {
  readonly type: string;
  readonly rows: number;
  /** Events that the table has no room for, and their durations together. */
  readonly omittedRows: number;
  readonly omittedSeconds: number;
  has(field: string): boolean;
  number(field: string, row: number): number;
  /** The same with 0 for what is no number. */
  amount(field: string, row: number): number;
  /** Text, class, constant or name of a thread. */
  text(field: string, row: number): string | undefined;
  /** Stack of the recording's table, −1 for none. */
  stack(row: number): number;
  /** Seconds since the recording's start; 0 where an event has no duration. */
  start(row: number): number;
  duration(row: number): number;
}

/** The events of a type; no rows when the recording has none. */
export function eventsOf(recording: RecordingEvidence, type: string): EventRows {
  const table = recording.tables.get(type);
  const column = (field: string) => table?.columns.get(field);
  const numberOf = (field: string, row: number) => numberIn(column(field), row);
  return {
    type,
    rows: table?.rows ?? 0,
    omittedRows: table?.omittedRows ?? 0,
    omittedSeconds: table?.omittedSeconds ?? 0,
    has: (field) => column(field) !== undefined,
    number: numberOf,
    amount: (field, row) => {
      const value = numberOf(field, row);
      return Number.isFinite(value) ? value : 0;
    },
    text: (field, row) => textIn(column(field), row, recording),
    stack: (row) => stackIn(column("stackTrace"), row),
    start: (row) => numberOf("startTime", row),
    duration: (row) => {
      const seconds = numberOf("duration", row);
      return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
    },
  };
}

/** Row numbers from 0. */
export function rowsOf({ rows }: EventRows): number[] {
  return Array.from({ length: rows }, (_, row) => row);
}

/** All values of a field that are numbers, in the order of time. */
export function valuesOf(events: EventRows, field: string): number[] {
  return rowsOf(events)
    .map((row) => events.number(field, row))
    .filter(Number.isFinite);
}

function numberIn(column: EventColumn | undefined, row: number): number {
  return column?.kind === "number" ? (column.values[row] ?? Number.NaN) : Number.NaN;
}

function textIn(column: EventColumn | undefined, row: number, recording: RecordingEvidence): string | undefined {
  if (column === undefined) return undefined;
  const value = column.values[row] ?? -1;
  if (column.kind === "text") return column.texts[value];
  if (column.kind === "thread") return recording.threads[value]?.name;
  return undefined;
}

function stackIn(column: EventColumn | undefined, row: number): number {
  return column?.kind === "stack" ? (column.values[row] ?? -1) : -1;
}
