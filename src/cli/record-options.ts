import { UsageError } from "../model/errors.ts";
import { type RecordQuestion, recordQuestions } from "../model/recorder.ts";
import type { Bytes } from "../model/units.ts";
import { parseDuration, parseSize } from "./quantities.ts";

/** The options as commander hands them over: text, until they are parsed here. */
export type RecordOptions = Readonly<Partial<Record<RecordQuestion, true>>> & {
  readonly duration: string;
  readonly output?: string;
  readonly maxSize: string;
  readonly reserve: string;
  readonly asyncProfiler?: string;
  readonly private?: true;
  readonly dryRun?: true;
};

/** `record` as it was asked for, checked and with defaults. */
export interface RecordConfig {
  readonly pid: number | undefined;
  readonly questions: readonly RecordQuestion[];
  readonly durationSeconds: number;
  readonly output: string | undefined;
  readonly maxBytes: Bytes;
  readonly reserveBytes: Bytes;
  readonly asyncProfilerPath: string | undefined;
  readonly withPrivate: boolean;
  readonly isDryRun: boolean;
}

const usualQuestions: readonly RecordQuestion[] = ["cpu", "alloc", "lock", "io", "gc"];
const shortestSeconds = 1;
const longestSeconds = 24 * 3600;

/** Checks the options of `record`. */
export function parseRecordOptions(pid: string | undefined, options: RecordOptions): RecordConfig {
  if (pid !== undefined && !/^[1-9]\d*$/.test(pid)) throw new UsageError(`a process id is a number, got '${pid}'`);
  const asked = recordQuestions.filter((question) => options[question] === true);
  const durationSeconds = parseDuration("--duration", options.duration);
  if (durationSeconds < shortestSeconds || durationSeconds > longestSeconds) {
    throw new UsageError(`--duration takes a time from 1s to 24h, got '${options.duration}'`);
  }
  return {
    pid: pid === undefined ? undefined : Number(pid),
    questions: asked.length > 0 ? asked : usualQuestions,
    durationSeconds,
    output: options.output,
    maxBytes: parseSize("--max-size", options.maxSize),
    reserveBytes: parseSize("--reserve", options.reserve),
    asyncProfilerPath: options.asyncProfiler,
    withPrivate: options.private === true,
    isDryRun: options.dryRun === true,
  };
}
