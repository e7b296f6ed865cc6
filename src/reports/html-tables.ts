import { formatNumberOf } from "../model/format-number.ts";
import type { Column, Section, Table } from "../model/section.ts";
import { escapeHtml } from "./page-shell.ts";
import { formatCell } from "./wording.ts";
import { printable } from "./wrapping.ts";

/** One section with its tables and blocks, folded or not. */
export function sectionHtml(section: Section, isOpen: boolean): string {
  return [
    `<details class="section"${isOpen ? " open" : ""}><summary>${textHtml(section.title)}</summary>`,
    ...section.tables.map((table) => tableHtml(table, section.title)),
    ...section.blocks.map(
      ({ title, lines }) => `<h4>${proseHtml(title)}</h4>\n<pre>${lines.map(textHtml).join("\n")}</pre>`,
    ),
    "</details>",
  ].join("\n");
}

function tableHtml(table: Table, sectionTitle: string): string {
  const rows = table.rows.map((row) => {
    const cells = table.columns.map((column, index) => cellHtml(row[index] ?? null, column));
    return `<tr>${cells.join("")}</tr>`;
  });
  return [
    ...(table.title === sectionTitle ? [] : [`<h4>${textHtml(table.title)}</h4>`]),
    '<div class="table-box"><table class="data">',
    `<caption class="unseen">${textHtml(table.title)}</caption>`,
    `<thead><tr>${table.columns.map(headerHtml).join("")}</tr></thead>`,
    `<tbody>${rows.join("\n")}</tbody>`,
    "</table></div>",
    ...(table.rows.length === 0 ? ["<p>none</p>"] : []),
    ...(table.omittedRows > 0 ? [`<p class="aside">… ${formatNumberOf(table.omittedRows, "more row")}</p>`] : []),
    ...(table.note === undefined ? [] : [`<p class="aside">${proseHtml(table.note)}</p>`]),
  ].join("\n");
}

function headerHtml({ title, kind }: Column): string {
  const type = isNumber(kind) ? "number" : "text";
  return `<th scope="col" class="${type}" data-sortable="${type}"><button type="button" class="sort">${textHtml(title)}</button></th>`;
}

/** The value by which a column is sorted stands beside its text. */
function cellHtml(value: number | string | null, { kind }: Column): string {
  const className = isNumber(kind) ? "number" : kind === "className" ? "name" : "text";
  return `<td class="${className}" data-value="${value === null ? "" : textHtml(String(value))}">${textHtml(formatCell(value, kind))}</td>`;
}

function isNumber(kind: Column["kind"]): boolean {
  return kind !== "text" && kind !== "className";
}

/** Text as it stands. */
export function textHtml(text: string): string {
  return escapeHtml(printable(text));
}

/** Text in which backticks mean code. */
export function proseHtml(text: string): string {
  return textHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}
