import { formatNumberOf } from "../model/format-number.ts";
import type { Column, Table } from "../model/section.ts";
import type { Paint } from "./reporter.ts";
import { formatCell } from "./wording.ts";
import { printable, shortClassName, shorten, wrap } from "./wrapping.ts";

const gap = "  ";
const narrowestName = 16;

/** A table as aligned lines: numbers to the right, names to the left, and nothing wider than `width`. */
export function tableLines(table: Table, width: number, paint: Paint): readonly string[] {
  const cells = table.rows.map((row) =>
    table.columns.map((column, index) => printable(formatCell(row[index] ?? null, column.kind))),
  );
  const titles = table.columns.map(({ title }) => title);
  const widths = columnWidths(table.columns, cells, width);
  return [
    ...(cells.length > 0 ? rowLines(titles, table.columns, widths).map((line) => paint("dim", line)) : ["none"]),
    ...cells.flatMap((row) => rowLines(row, table.columns, widths)),
    ...(table.omittedRows > 0 ? [paint("dim", `… ${formatNumberOf(table.omittedRows, "more row")} (--top)`)] : []),
    ...(table.note === undefined ? [] : wrap(printable(table.note), width).map((text) => paint("dim", text))),
  ];
}

/** One line, or more where the last column is text that does not fit. */
function rowLines(row: readonly string[], columns: readonly Column[], widths: readonly number[]): readonly string[] {
  const last = columns.length - 1;
  const before = row.slice(0, last).map((cell, index) => fitted(cell, columns[index]!, widths[index]!) + gap);
  const cell = row[last] ?? "";
  const isText = columns[last]?.kind === "text";
  const [first = "", ...rest] = isText ? wrap(cell, widths[last]!) : [fitted(cell, columns[last]!, widths[last]!)];
  const indent = " ".repeat(before.join("").length);
  return [`${before.join("")}${first}`.trimEnd(), ...rest.map((line) => `${indent}${line}`)];
}

/** Natural widths; when they exceed the line, the columns with names give way, the widest first. */
function columnWidths(columns: readonly Column[], cells: readonly (readonly string[])[], width: number): number[] {
  const widths = columns.map(({ title }, index) => Math.max(title.length, ...cells.map((row) => row[index]!.length)));
  let excess = widths.reduce((sum, columnWidth) => sum + columnWidth, 0) + gap.length * (columns.length - 1) - width;
  while (excess > 0) {
    const widest = widestName(columns, widths);
    if (widest === undefined) break;
    widths[widest]!--;
    excess--;
  }
  return widths;
}

function widestName(columns: readonly Column[], widths: readonly number[]): number | undefined {
  const names = [...columns.keys()].filter((index) => isName(columns[index]!) && widths[index]! > narrowestName);
  return names.sort((a, b) => widths[b]! - widths[a]!)[0];
}

function fitted(cell: string, column: Column, width: number): string {
  if (!isName(column)) return cell.padStart(width);
  const short = column.kind === "className" ? shortClassName(cell, width) : shorten(cell, width);
  return short.padEnd(width);
}

function isName({ kind }: Column): boolean {
  return kind === "text" || kind === "className";
}
