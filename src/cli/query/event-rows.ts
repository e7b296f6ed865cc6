import { UsageError } from "../../model/errors.ts";
import type { StackTable } from "../../model/profile.ts";
import type { EventColumn, EventTable, RecordingEvidence } from "../../model/recording.ts";
import type { CellKind } from "../../model/section.ts";
import type { Condition } from "./query-options.ts";

/** A value of one field, as it is shown and grouped by. */
export type FieldValue = number | string | null;

/** Gives a field's value of any row. */
export interface FieldReader {
  readonly name: string;
  readonly kind: CellKind;
  value(row: number): FieldValue;
}

/** Reads fields of one type's events. */
export class EventRows {
  readonly table: EventTable;
  readonly #recording: RecordingEvidence;

  constructor(recording: RecordingEvidence, table: EventTable) {
    this.#recording = recording;
    this.table = table;
  }

  /** Throws `UsageError` that lists the fields there are. */
  field(name: string): FieldReader {
    const column = this.table.columns.get(name);
    if (column !== undefined) return readerOf(name, column, this.#recording);
    const known = [...this.table.columns.keys()].join(", ");
    throw new UsageError(`${this.table.type} has no field ${name}; it has ${known}`);
  }

  fields(): readonly FieldReader[] {
    return [...this.table.columns.keys()].map((name) => this.field(name));
  }

  /** Rows that meet all conditions. */
  rowsWhere(conditions: readonly Condition[]): Int32Array {
    const tests = conditions.map((condition) => testOf(condition, this.field(condition.field)));
    const rows = new Int32Array(this.table.rows);
    let count = 0;
    for (let row = 0; row < this.table.rows; row++) {
      if (tests.every((meets) => meets(row))) rows[count++] = row;
    }
    return rows.subarray(0, count);
  }
}

function readerOf(name: string, column: EventColumn, { threads, stacks }: RecordingEvidence): FieldReader {
  const { values } = column;
  switch (column.kind) {
    case "number":
      return { name, kind: cellKinds[column.unit] ?? "count", value: (row) => numberOf(values[row]) };
    case "text":
      return { name, kind: "text", value: (row) => column.texts[values[row] ?? -1] ?? null };
    case "thread":
      return { name, kind: "text", value: (row) => threads[values[row] ?? -1]?.name ?? null };
    case "stack":
      return { name, kind: "className", value: (row) => topFrame(stacks, values[row] ?? -1) };
    default:
      return column satisfies never;
  }
}

const cellKinds: Readonly<Record<string, CellKind>> = {
  seconds: "seconds",
  bytes: "bytes",
  "bytes/s": "bytes",
  ratio: "ratio",
};

function numberOf(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function topFrame({ stackFrame, frameNames }: StackTable, stack: number): string | null {
  return stack < 0 ? null : (frameNames[stackFrame[stack] ?? -1] ?? null);
}

function testOf(condition: Condition, { value }: FieldReader): (row: number) => boolean {
  const { operator, text, number, pattern } = condition;
  switch (operator) {
    case "=":
      return (row) => {
        const found = value(row);
        return typeof found === "number" ? found === number : (found ?? "") === text;
      };
    case "~":
      return (row) => pattern!.test(String(value(row) ?? ""));
    case ">":
      return (row) => isNumber(value(row), (found) => found > number);
    case "<":
      return (row) => isNumber(value(row), (found) => found < number);
    default:
      return operator satisfies never;
  }
}

function isNumber(value: FieldValue, meets: (number: number) => boolean): boolean {
  return typeof value === "number" && meets(value);
}
