import { availableParallelism } from "node:os";
import { UsageError } from "../model/errors.ts";
import { type Severity, severities } from "../model/finding.ts";
import type { Goal } from "../model/goal.ts";
import { parseGoal } from "./goal.ts";
import { sectionNames } from "./section-names.ts";
import { parseSelection, type Selection, type SelectionOptions } from "./selection.ts";

/** What jprof takes from the process that it runs in; nothing else reads it. */
export interface ProcessConfig {
  readonly args: readonly string[];
  /** Columns for a report on stdout. */
  readonly width: number;
  readonly progressToTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** `analyze` as it was asked for, checked and with defaults. */
export interface AnalyzeConfig {
  /** Paths as given; `-` is stdin. */
  readonly files: readonly string[];
  readonly format: string;
  readonly output: string | undefined;
  readonly failOn: Severity | undefined;
  readonly top: number;
  readonly include: readonly string[];
  readonly sizes: "gaps" | "mat";
  readonly refs: "strong" | "mat";
  /** Which dump of a file that holds several, from 1; undefined: the last. */
  readonly dump: number | undefined;
  readonly showValues: boolean;
  readonly threads: number;
  /** Of recordings and profiles. */
  readonly selection: Selection;
  /** What the collector is to keep to. */
  readonly goal: Goal | undefined;
}

/** The options as commander hands them over: text, until they are parsed here. */
export interface AnalyzeOptions extends SelectionOptions {
  readonly format: string;
  readonly output?: string;
  readonly failOn?: string;
  readonly top: string;
  readonly include?: string;
  readonly sizes: string;
  readonly refs: string;
  readonly dump?: string;
  readonly showValues?: true;
  readonly threads?: string;
  readonly goal?: string;
}

const narrowest = 60;
const widest = 160;
const widthOfFiles = 110;

/** Reads the process's arguments and terminal. */
export function readProcess(): ProcessConfig {
  const { argv, env, stdout, stderr } = process;
  const columns = stdout.isTTY ? (stdout.columns ?? 80) : Number(env.COLUMNS ?? widthOfFiles);
  const width = Number.isFinite(columns) && columns > 0 ? columns : widthOfFiles;
  return {
    args: argv.slice(2),
    width: Math.min(widest, Math.max(narrowest, width)),
    progressToTerminal: stderr.isTTY === true && env.TERM !== "dumb",
    environment: env,
  };
}

/** Checks the options of `analyze`; commander has checked those with a fixed set of values. */
export function parseAnalyzeOptions(files: readonly string[], options: AnalyzeOptions): AnalyzeConfig {
  const { dump, threads, failOn } = options;
  if (files.filter((file) => file === "-").length > 1) throw new UsageError("stdin (`-`) can be given only once");
  return {
    files,
    format: options.format,
    output: options.output,
    failOn: severities.find((severity) => severity === failOn),
    top: parseCount("--top", options.top),
    include: parseInclude(options.include),
    sizes: options.sizes === "mat" ? "mat" : "gaps",
    refs: options.refs === "mat" ? "mat" : "strong",
    dump: dump === undefined ? undefined : parseCount("--dump", dump),
    showValues: options.showValues === true,
    selection: parseSelection(options),
    goal: options.goal === undefined ? undefined : parseGoal("--goal", options.goal),
    threads: threads === undefined ? Math.min(16, availableParallelism()) : parseCount("--threads", threads),
  };
}

function parseCount(option: string, text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 1e9) {
    throw new UsageError(`${option} takes a whole number from 1, got '${text}'`);
  }
  return count;
}

function parseInclude(text: string | undefined): readonly string[] {
  const names = [...new Set((text ?? "").split(",").map((name) => name.trim()))].filter((name) => name !== "");
  const unknown = names.find((name) => !sectionNames.some((known) => known === name));
  if (unknown !== undefined) {
    throw new UsageError(`--include knows no section '${unknown}'; there are ${sectionNames.join(", ")}`);
  }
  if (text !== undefined && names.length === 0) throw new UsageError("--include takes names of sections, got none");
  return names;
}
