import type { Table } from "../../model/section.ts";

/** RFC 4180, with the names of the columns first. */
export function csvOf({ columns, rows }: Table): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  return `${lines.map((cells) => cells.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

function csvCell(value: number | string | null): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One object per row, by the names of the columns. */
export function jsonOf({ title, columns, rows, omittedRows }: Table): string {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column.title, row[index] ?? null])),
  );
  return `${JSON.stringify({ event: title, omittedRows, rows: objects }, null, 2)}\n`;
}
