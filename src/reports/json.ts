import type { InputReport, Report, Summary } from "../model/report.ts";
import type { Section } from "../model/section.ts";
import type { Reporter } from "./reporter.ts";

/** Raised when a name in the JSON changes its meaning or goes away; additions leave it. */
export const schemaVersion = 1;

/** One document for programs: every section, and the same bytes for the same input. */
export const jsonReporter: Reporter = {
  name: "json",
  description: "for programs; every section (docs/report.schema.json)",
  render: (report) => `${JSON.stringify(jsonOf(report), plainValue, 2)}\n`,
};

function jsonOf(report: Report): unknown {
  const { inputs, tool } = report;
  return {
    schemaVersion,
    tool: { name: tool.name, version: tool.version },
    inputs: inputs.map((input, index) => inputOf(input, inputs.slice(0, index))),
    summary: inputs.flatMap(({ summary }) => (summary ? [summaryOf(summary)] : [])),
    findings: inputs.flatMap((input) => input.findings.map((finding) => ({ ...finding, input: input.name }))),
    sections: dataOf(inputs.flatMap((input, index) => ownSections(input, inputs.slice(0, index)).first)),
  };
}

function inputOf(input: InputReport, earlier: readonly InputReport[]): unknown {
  const { others } = ownSections(input, earlier);
  return {
    name: input.name,
    format: input.format,
    fileBytes: input.fileBytes,
    error: input.error,
    sections: others.length > 0 ? dataOf(others) : undefined,
  };
}

/** The first input that has a section gives it to the report; a later one of the same name stays with its own input. */
function ownSections(input: InputReport, earlier: readonly InputReport[]) {
  const taken = new Set(earlier.flatMap(({ sections }) => sections.map(({ name }) => name)));
  return {
    first: input.sections.filter(({ name }) => !taken.has(name)),
    others: input.sections.filter(({ name }) => taken.has(name)),
  };
}

function dataOf(sections: readonly Section[]): unknown {
  return Object.fromEntries(sections.map(({ name, data }) => [name, data]));
}

function summaryOf(summary: Summary): unknown {
  if (summary.kind !== "heap") return summary;
  const { takenAtMillis, ...facts } = summary;
  return { ...facts, takenAt: isoTime(takenAtMillis) };
}

/** `null` where the file does not say, or says something that is no time. */
function isoTime(millis: number): string | null {
  return millis > 0 && millis <= 8.64e15 ? new Date(millis).toISOString() : null;
}

/** JSON has no 64-bit integers: beyond 2^53 they are decimal strings. */
function plainValue(_name: string, value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
