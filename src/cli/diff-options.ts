import { UsageError } from "../model/errors.ts";
import { type Normalization, normalizations } from "../stacks/difference.ts";
import { type ProfileChoiceOptions, parseProfileChoice } from "./profile-choice-options.ts";
import type { ProfileChoice } from "./read-profiles.ts";

/** The options of `jprof diff` as commander hands them over. */
export interface DiffOptions extends ProfileChoiceOptions {
  readonly format: string;
  readonly output?: string;
  readonly normalize?: string;
  readonly failOn?: string;
  readonly top: string;
}

/** What `--format` takes. */
export const diffFormats = ["text", "json", "md", "html"] as const;
export type DiffFormat = (typeof diffFormats)[number];

/** `diff` as it was asked for. */
export interface DiffConfig {
  readonly before: string;
  readonly after: string;
  readonly format: DiffFormat;
  readonly output: string | undefined;
  /** undefined: what fits the kind of each profile. */
  readonly normalization: Normalization | undefined;
  /** Share of the whole by which a frame, or the whole, may become more expensive; undefined: by anything. */
  readonly failAbove: number | undefined;
  readonly top: number;
  readonly choice: ProfileChoice;
}

/** Checks the options of `jprof diff`. */
export function parseDiffOptions(before: string, after: string, options: DiffOptions): DiffConfig {
  if (before === "-" && after === "-") throw new UsageError("stdin (`-`) can be given only once");
  return {
    before,
    after,
    format: diffFormats.find((format) => format === options.format) ?? "text",
    output: options.output,
    normalization: normalizations.find((normalization) => normalization === options.normalize),
    failAbove: options.failOn === undefined ? undefined : parseFailOn(options.failOn),
    top: parseTop(options.top),
    choice: parseProfileChoice(options),
  };
}

function parseFailOn(text: string): number {
  const match = /^regression\s*>\s*(\d+(?:\.\d+)?)\s*%$/.exec(text.trim());
  if (!match) throw new UsageError(`--fail-on takes 'regression>5%', got '${text}'`);
  return Number(match[1]) / 100;
}

function parseTop(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1) throw new UsageError(`--top takes a whole number from 1, got '${text}'`);
  return count;
}
