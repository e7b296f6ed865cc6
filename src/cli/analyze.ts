import { formats } from "../formats/index.ts";
import type { AnalysisOptions } from "../model/analyzer.ts";
import { FormatError, TargetError, UsageError } from "../model/errors.ts";
import { type Severity, severities } from "../model/finding.ts";
import type { InputReport, Report } from "../model/report.ts";
import { reporters } from "../reports/index.ts";
import type { AnalyzeConfig, ProcessConfig } from "./config.ts";
import { exitCodes, isExpected, messageOf } from "./exit-codes.ts";
import { type Analyses, analyzeEvidence } from "./findings.ts";
import { type Input, readInput } from "./input.ts";
import { checkOutput, writeToFile, writeToStdout } from "./output.ts";
import { sortInputs } from "./perf-map-inputs.ts";
import { type Pipeline, pipelines, type ReadOptions } from "./pipelines.ts";
import { noProgress, type ProgressLine, stderrProgress } from "./progress.ts";
import { type ReadInput, Series } from "./series.ts";
import { paintFor } from "./terminal.ts";
import { tool } from "./tool.ts";

/** Reads every file, asks every analyzer, writes one report; the result is the exit code. */
export async function runAnalyze(config: AnalyzeConfig, { width, progressToTerminal }: ProcessConfig): Promise<number> {
  const line = progressToTerminal ? stderrProgress() : noProgress;
  if (config.output !== undefined) checkOutput(config.output);
  let inputs: readonly InputReport[];
  try {
    inputs = await inputReports(config, line);
  } finally {
    line.clear();
  }
  const text = renderReport({ tool, inputs }, config, width);
  if (config.output === undefined) await writeToStdout(text);
  else writeToFile(config.output, text);
  return exitCodeFor(inputs, config.failOn);
}

function renderReport(report: Report, { format, include, output }: AnalyzeConfig, width: number): string {
  const reporter = reporters.find(({ name }) => name === format);
  if (!reporter) throw new UsageError(`--format knows no '${format}'`);
  return reporter.render(report, {
    width,
    include,
    paint: paintFor(output === undefined ? process.stdout : undefined),
  });
}

function exitCodeFor(inputs: readonly InputReport[], failOn: Severity | undefined): number {
  if (inputs.some(({ error }) => error !== undefined)) return exitCodes.unreadable;
  const limit = failOn === undefined ? severities.length : severities.indexOf(failOn);
  const isIll = inputs.some(({ findings }) => findings.some(({ severity }) => severities.indexOf(severity) >= limit));
  return isIll ? exitCodes.finding : exitCodes.done;
}

type ReadConfig = AnalyzeConfig & Pick<ReadOptions, "perfMaps">;

/** One input is analyzed before the next one is read, but for those that may be parts of a series. */
async function inputReports(config: AnalyzeConfig, line: ProgressLine): Promise<readonly InputReport[]> {
  const reports: InputReport[] = [];
  const series = new Series();
  const { inputs, perfMaps } = sortInputs(config.files);
  for (const name of inputs) {
    const input = await readOrReport(name, { ...config, perfMaps }, line);
    if ("error" in input) reports.push(input);
    else if (!series.keep(input, reports.length)) reports.push(await analyzed(input, config, line));
  }
  for (const { place, input } of await series.joined()) reports.splice(place, 0, await analyzed(input, config, line));
  return reports;
}

/** An input that cannot be read ends the run when it is the only one, and is reported beside the others when not. */
async function readOrReport(
  name: string,
  config: ReadConfig,
  line: ProgressLine,
): Promise<ReadInput | (InputReport & { readonly error: string })> {
  try {
    return await read(name, config, line);
  } catch (error) {
    if (!isExpected(error)) throw error;
    line.clear();
    if (config.files.length === 1) throw named(name, error);
    process.stderr.write(`${tool.name}: ${messageOf(named(name, error))}\n`);
    return { name, error: messageOf(error), findings: [], sections: [], seconds: 0 };
  }
}

/** Readers say what is wrong and at which byte; in which file, they do not know. */
function named(name: string, error: unknown): unknown {
  return error instanceof FormatError && !error.message.startsWith(`${name}: `)
    ? new FormatError(`${name}: ${error.message}`, undefined, { cause: error })
    : error;
}

async function read(name: string, config: ReadConfig, line: ProgressLine): Promise<ReadInput> {
  const began = performance.now();
  const input = readInput(name);
  const { format, pipeline } = recognize(input);
  const histogramOnly = config.include.length === 1 && config.include[0] === "histogram";
  const evidence = await pipeline(input, { ...config, histogramOnly, progress: line.update });
  return { name, format, fileBytes: input.fileBytes, read: evidence, seconds: (performance.now() - began) / 1000 };
}

function optionsOf({ top, showValues, goal, include }: AnalyzeConfig): AnalysisOptions {
  return { top, showValues, include, ...(goal === undefined ? {} : { goal }) };
}

async function analyzed(input: ReadInput, config: AnalyzeConfig, line: ProgressLine): Promise<InputReport> {
  const { name, format, read: evidence } = input;
  const began = performance.now();
  try {
    line.update("analyzing", 0, 0);
    const { findings, sections }: Analyses = analyzeEvidence(evidence.evidence, evidence.analyzers, optionsOf(config));
    const seconds = input.seconds + (performance.now() - began) / 1000;
    const fileBytes = input.fileBytes === undefined ? {} : { fileBytes: input.fileBytes };
    const profiles = evidence.profiles === undefined ? {} : { profiles: evidence.profiles };
    return { name, format, ...fileBytes, summary: evidence.summary, findings, sections, ...profiles, seconds };
  } finally {
    await evidence.close();
  }
}

function recognize(input: Input): { readonly format: string; readonly pipeline: Pipeline } {
  const format = formats.find(({ sniff }) => sniff(input.head, input.name));
  const pipeline = format && pipelines[format.name];
  if (pipeline) return { format: format.name, pipeline };
  const known = formats.map(({ description }) => description).join("; ");
  throw new TargetError(
    `${input.name} is of no kind that jprof reads, it starts with ${startOf(input.head)}; it reads ${known}`,
  );
}

/** The first bytes as people can compare them: text where it is text. */
function startOf(head: Uint8Array): string {
  const bytes = [...head.subarray(0, 16)];
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return `'${String.fromCharCode(...bytes)}'`;
  return bytes
    .slice(0, 8)
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join(" ");
}
