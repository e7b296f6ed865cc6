import type { Finding, Severity } from "../model/finding.ts";
import { formatDuration } from "../model/format-number.ts";
import type { InputReport, Report } from "../model/report.ts";
import type { Section } from "../model/section.ts";
import type { Paint, RenderOptions, Reporter, Style } from "./reporter.ts";
import { tableLines } from "./text-table.ts";
import { allWell, factsOf, footnotes, formatEvidence, shownSections } from "./wording.ts";
import { printable, wrap } from "./wrapping.ts";

/** For a person at a terminal: the verdict first, then what was asked for. */
export const textReporter: Reporter = {
  name: "text",
  description: "for people, at a terminal",
  render(report, options) {
    const parts = report.inputs.map((input) => inputLines(input, options).join("\n"));
    return `${[...parts, ...footer(report, options)].join("\n\n")}\n`;
  },
};

const signs: Readonly<Record<Severity, { readonly sign: string; readonly style: Style }>> = {
  critical: { sign: "● CRITICAL", style: "red" },
  warning: { sign: "▲ WARNING ", style: "yellow" },
  info: { sign: "· INFO    ", style: "dim" },
};
const titleIndent = 12;
const detailIndent = 4;
const widestLabel = 16;

function inputLines(input: InputReport, options: RenderOptions): readonly string[] {
  const header = headerLines(input, options);
  if (input.error !== undefined) return [...header, ...indented(wrap(printable(input.error), options.width - 4), 4)];
  return [
    ...header,
    ...verdictLines(input, options),
    ...shownSections(input, options.include).flatMap((section) => ["", ...sectionLines(section, options)]),
  ];
}

/** One line where it fits: the name, then the facts. */
function headerLines(input: InputReport, { width, paint }: RenderOptions): readonly string[] {
  const name = printable(input.name);
  const facts = [...factsOf(input), ...(input.error === undefined ? [`read in ${formatDuration(input.seconds)}`] : [])];
  const line = printable(facts.join(" · "));
  if (name.length + 3 + line.length <= width) return [`${paint("bold", name)}   ${line}`];
  return [paint("bold", name), ...indented(wrap(line, width - detailIndent), detailIndent)];
}

function verdictLines(input: InputReport, { width, paint }: RenderOptions): readonly string[] {
  const isIll = input.findings.some(({ severity }) => severity !== "info");
  const verdict = isIll ? undefined : allWell(input);
  const well = verdict === undefined ? [] : wrap(printable(verdict), width - 2);
  return [
    ...(well.length > 0
      ? ["", ...well.map((line, index) => `${index === 0 ? paint("green", "✓") : " "} ${line}`)]
      : []),
    ...(input.findings.length > 0 ? [""] : []),
    ...input.findings.flatMap((finding) => findingLines(finding, width, paint)),
  ];
}

function findingLines(finding: Finding, width: number, paint: Paint): readonly string[] {
  const { sign, style } = signs[finding.severity];
  const [first = "", ...rest] = wrap(printable(finding.title), width - titleIndent);
  const room = width - titleIndent - (rest.at(-1) ?? first).length - finding.rule.length;
  const rule = paint("dim", finding.rule);
  const titleLines = [
    `${paint(style, sign)}  ${isHeadline(finding) ? paint("bold", first) : first}`,
    ...indented(rest, titleIndent),
  ];
  const withRule =
    room >= 2
      ? [...titleLines.slice(0, -1), `${titleLines.at(-1)}${" ".repeat(room)}${rule}`]
      : [...titleLines, `${" ".repeat(titleIndent)}${rule}`];
  return [...withRule, ...detailLines(finding, width)];
}

function isHeadline({ severity }: Finding): boolean {
  return severity !== "info";
}

/** What supports the finding, then what to do. */
function detailLines(finding: Finding, width: number): readonly string[] {
  const shown = isHeadline(finding) ? finding.evidence : finding.evidence.slice(0, 2);
  const pairs = [
    ...shown.map((evidence) => ({ label: printable(evidence.label), text: printable(formatEvidence(evidence)) })),
    { label: "do", text: printable(finding.advice) },
  ];
  const labelWidth = Math.max(...pairs.map(({ label }) => (label.length <= widestLabel ? label.length : 0)));
  return pairs.flatMap(({ label, text }, index) => {
    const isContinued = label === "" && pairs.slice(0, index).some((pair) => pair.label !== "");
    const head = label === "" && !isContinued ? "" : `${label.padEnd(labelWidth)}  `;
    const [first = "", ...rest] = wrap(text, Math.max(20, width - detailIndent - head.length));
    return indented([`${head}${first}`, ...indented(rest, labelWidth + 2)], detailIndent);
  });
}

function sectionLines(section: Section, { width, paint }: RenderOptions): readonly string[] {
  const tables = section.tables.flatMap((table) => [
    ...(table.title !== section.title ? [table.title] : []),
    ...indented(tableLines(table, width - 4, paint), 2),
  ]);
  const blocks = section.blocks.flatMap(({ title, lines }) => [printable(title), ...indented(lines.map(printable), 2)]);
  return [paint("bold", section.title), ...indented([...tables, ...blocks], 2)];
}

/** How far the sizes can be trusted, and where to look further. */
function footer(report: Report, { include, width, paint }: RenderOptions): readonly string[] {
  const read = report.inputs.filter(({ summary }) => summary !== undefined);
  if (read.length === 0) return [];
  const notes = new Set(read.flatMap(({ summary }) => footnotes(summary!)));
  const hidden = new Set(
    read.flatMap((input) => {
      const shown = shownSections(input, include);
      return input.sections.filter((section) => !shown.includes(section)).map(({ name }) => name);
    }),
  );
  const more = [
    ...(hidden.size > 0 ? [`--include ${[...hidden].join(",")}`] : []),
    "--format md for an issue",
    "--format json for a program",
  ].join(" · ");
  const lines = [...notes, `more: ${more}`].flatMap((line) => wrap(line, width - 2));
  return [
    indented(lines, 2)
      .map((line) => paint("dim", line))
      .join("\n"),
  ];
}

function indented(lines: readonly string[], columns: number): readonly string[] {
  return lines.map((line) => (line === "" ? line : `${" ".repeat(columns)}${line}`));
}
