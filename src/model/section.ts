/** What a column's values are, so that every report formats them alike. */
export type CellKind = "bytes" | "count" | "ratio" | "seconds" | "text" | "className";

export interface Column {
  readonly title: string;
  readonly kind: CellKind;
}

/** Rows as plain values, in the order to show them. */
export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (number | string | null)[])[];
  /** Rows that were left out of `rows`. */
  readonly omittedRows: number;
  /** A sentence under the table, when its numbers need one. */
  readonly note?: string;
}

/** Multi-line text shown as it stands, such as a reference path or a thread's stack. */
export interface Block {
  readonly title: string;
  readonly lines: readonly string[];
}

/** One named part of a report: `data` goes into the JSON, `tables` and `blocks` are what people are shown of it. */
export interface Section {
  readonly name: string;
  readonly title: string;
  readonly data: unknown;
  readonly tables: readonly Table[];
  readonly blocks: readonly Block[];
  /** Shown without being asked for; the others are shown in text and Markdown with `--include`. The JSON holds every section. */
  readonly shownByDefault: boolean;
}
