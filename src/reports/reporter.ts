import type { Report } from "../model/report.ts";

/** How something looks in a terminal. */
export type Style = "bold" | "dim" | "red" | "yellow" | "green";

/** Colours text, or returns it as it is: the caller knows where it goes. */
export type Paint = (style: Style, text: string) => string;

/** How a report is to look. */
export interface RenderOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint: Paint;
  /** Names of the sections that were asked for; empty: those that are shown by default. */
  readonly include: readonly string[];
}

/** One way to write a report. */
export interface Reporter {
  /** What `--format` takes. */
  readonly name: string;
  readonly description: string;
  render(report: Report, options: RenderOptions): string;
}
