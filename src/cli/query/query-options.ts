import { UsageError } from "../../model/errors.ts";

/** The options as commander hands them over: text, until they are parsed here. */
export interface QueryOptions {
  readonly by?: string;
  readonly of?: string;
  readonly percentiles?: true;
  readonly where: readonly string[];
  readonly top: string;
  readonly format: "table" | "csv" | "json";
  readonly output?: string;
}

/** `query` as it was asked for, checked and with defaults. */
export interface QueryConfig {
  readonly recording: string;
  readonly event: string | undefined;
  readonly by: readonly string[];
  readonly of: string | undefined;
  readonly withPercentiles: boolean;
  readonly where: readonly Condition[];
  readonly top: number;
  readonly format: "table" | "csv" | "json";
  readonly output: string | undefined;
}

/** What an event's field must be like. */
export interface Condition {
  readonly field: string;
  readonly operator: "=" | "~" | ">" | "<";
  readonly text: string;
  /** Of `~`. */
  readonly pattern: RegExp | undefined;
  /** Of `>` and `<`, and of `=` where the text is a number. */
  readonly number: number;
}

/** Checks the options of `query`. */
export function parseQueryOptions(recording: string, event: string | undefined, options: QueryOptions): QueryConfig {
  const { by, of, percentiles, where, top, format, output } = options;
  if (!/^\d{1,9}$/.test(top)) throw new UsageError(`--top takes a number of rows, got '${top}'`);
  const fields = (by ?? "").split(",").flatMap((field) => (field.trim() === "" ? [] : [field.trim()]));
  if (event === undefined && (fields.length > 0 || of !== undefined || where.length > 0)) {
    throw new UsageError("name the type of event that is to be grouped, such as jdk.FileRead");
  }
  return {
    ...{ recording, event, of, format, output },
    by: fields,
    withPercentiles: percentiles === true,
    where: where.map(parseCondition),
    top: Number(top) === 0 ? Number.POSITIVE_INFINITY : Number(top),
  };
}

function parseCondition(text: string): Condition {
  const [, field, operator, value] = /^([\w.]+)([=~<>])(.*)$/.exec(text) ?? [];
  if (field === undefined || operator === undefined || value === undefined) {
    throw new UsageError(`--where takes field=text, field~pattern, field>number or field<number, got '${text}'`);
  }
  const number = value === "" ? Number.NaN : Number(value);
  if ((operator === ">" || operator === "<") && Number.isNaN(number)) {
    throw new UsageError(`--where ${field}${operator} takes a number, got '${value}'`);
  }
  return {
    field,
    operator: operator as Condition["operator"],
    text: value,
    number,
    pattern: patternOf(operator, value),
  };
}

function patternOf(operator: string, value: string): RegExp | undefined {
  if (operator !== "~") return undefined;
  try {
    return new RegExp(value);
  } catch (error) {
    throw new UsageError(`--where: '${value}' is no pattern: ${(error as Error).message}`, { cause: error });
  }
}
