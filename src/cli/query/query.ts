import { TargetError, UsageError } from "../../model/errors.ts";
import type { EventTable, RecordingEvidence } from "../../model/recording.ts";
import type { Table } from "../../model/section.ts";
import { tableLines } from "../../reports/text-table.ts";
import type { ProcessConfig } from "../config.ts";
import { exitCodes } from "../exit-codes.ts";
import { readInput } from "../input.ts";
import { checkOutput, writeToFile, writeToStdout } from "../output.ts";
import { noProgress, stderrProgress } from "../progress.ts";
import { readRecordingFile } from "../recording-pipeline.ts";
import { wholeSelection } from "../selection.ts";
import { paintFor } from "../terminal.ts";
import { csvOf, jsonOf } from "./event-formats.ts";
import { groupedTable } from "./event-groups.ts";
import { EventRows } from "./event-rows.ts";
import type { QueryConfig } from "./query-options.ts";

/** Events beyond so many of one type are counted and not shown; the shortest ones go. */
const mostRows = 5_000_000;

/** Shows events of a recording; the result is the exit code. */
export async function runQuery(config: QueryConfig, { width, progressToTerminal }: ProcessConfig): Promise<number> {
  const { recording: name, event, format, output } = config;
  if (output !== undefined) checkOutput(output);
  const input = readInput(name);
  if (input.head[0] !== 0x46 || input.head[1] !== 0x4c || input.head[2] !== 0x52) {
    throw new TargetError(`${name} is no flight recording: query reads .jfr files`);
  }
  const line = progressToTerminal ? stderrProgress() : noProgress;
  const { recording } = readRecordingFile(
    input,
    { selection: wholeSelection, progress: line.update },
    { tables: event === undefined ? [] : [event], maxRowsPerTable: mostRows },
  );
  line.clear();
  const table = event === undefined ? typesTable(recording, config.top) : eventTable(recording, event, config);
  const paint = paintFor(output === undefined ? process.stdout : undefined);
  const text =
    format === "csv"
      ? csvOf(table)
      : format === "json"
        ? jsonOf(table)
        : `${tableLines(table, width, paint).join("\n")}\n`;
  if (output === undefined) await writeToStdout(text);
  else writeToFile(output, text);
  return exitCodes.done;
}

function typesTable({ eventCounts }: RecordingEvidence, top: number): Table {
  const types = [...eventCounts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  const rows = types.slice(0, top);
  return {
    title: "event types",
    columns: [
      { title: "event", kind: "text" },
      { title: "events", kind: "count" },
    ],
    rows,
    omittedRows: types.length - rows.length,
  };
}

function eventTable(recording: RecordingEvidence, event: string, config: QueryConfig): Table {
  const table = tableOf(recording, event);
  const events = new EventRows(recording, table);
  const shown = config.by.length > 0 ? groupedTable(events, config) : singleEvents(events, config);
  if (table.omittedRows === 0) return shown;
  return { ...shown, note: `${table.omittedRows} more events, the shortest ones, are not among these` };
}

function tableOf({ tables, eventCounts }: RecordingEvidence, event: string): EventTable {
  const table = tables.get(event);
  if (table !== undefined) return table;
  const wanted = event.toLowerCase();
  const alike = [...eventCounts.keys()].filter((name) => name.toLowerCase().includes(wanted));
  const hint = alike.length > 0 ? `; did you mean ${alike.join(" or ")}` : "; without a type, they are listed";
  throw new UsageError(`there are no events ${event} in this recording${hint}`);
}

/** The longest events first, or in the order of time where they have no duration. */
function singleEvents(events: EventRows, { where, top, of }: QueryConfig): Table {
  const fields = events.fields();
  const rows = [...events.rowsWhere(where)];
  const measure = of ?? (events.table.columns.has("duration") ? "duration" : undefined);
  if (measure !== undefined) {
    const { value } = events.field(measure);
    rows.sort((a, b) => Number(value(b) ?? 0) - Number(value(a) ?? 0) || a - b);
  }
  const shown = rows.slice(0, top);
  return {
    title: events.table.type,
    columns: fields.map(({ name, kind }) => ({ title: name, kind })),
    rows: shown.map((row) => fields.map(({ value }) => value(row))),
    omittedRows: rows.length - shown.length,
  };
}
