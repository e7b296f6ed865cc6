import { UsageError } from "../model/errors.ts";
import { profileWriters } from "../reports/profile-writers/index.ts";
import type { ProfileWriter } from "../reports/profile-writers/profile-writer.ts";
import { exportFormats } from "./export-formats.ts";
import { type ProfileChoiceOptions, parseProfileChoice } from "./profile-choice-options.ts";
import type { ProfileChoice } from "./read-profiles.ts";

/** The options of `jprof export` as commander hands them over. */
export interface ExportOptions extends ProfileChoiceOptions {
  readonly format: string;
  readonly output?: string;
  readonly inverted?: true;
}

/** `export` as it was asked for. */
export interface ExportConfig {
  readonly file: string;
  /** undefined: a page with flame graphs. */
  readonly writer: ProfileWriter | undefined;
  readonly output: string | undefined;
  readonly isInverted: boolean;
  readonly choice: ProfileChoice;
}

/** Checks the options of `jprof export`. */
export function parseExportOptions(file: string, options: ExportOptions): ExportConfig {
  if (!exportFormats.includes(options.format)) {
    throw new UsageError(`--format takes one of ${exportFormats.join(", ")}, got '${options.format}'`);
  }
  const writer = profileWriters.find(({ name }) => name === options.format);
  return {
    file,
    writer,
    output: options.output,
    isInverted: options.inverted === true,
    choice: parseProfileChoice(options),
  };
}
