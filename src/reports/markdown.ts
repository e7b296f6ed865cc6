import type { Finding, Severity } from "../model/finding.ts";
import { formatNumberOf } from "../model/format-number.ts";
import type { InputReport } from "../model/report.ts";
import type { Column, Section, Table } from "../model/section.ts";
import type { Reporter } from "./reporter.ts";
import { allWell, factsOf, footnotes, formatCell, formatEvidence, shownSections } from "./wording.ts";
import { printable } from "./wrapping.ts";

/** For an issue comment: findings in the open, sections folded. */
export const markdownReporter: Reporter = {
  name: "md",
  description: "Markdown, for an issue comment",
  render(report, { include }) {
    const { name, version } = report.tool;
    const inputs = report.inputs.map((input) => inputMarkdown(input, include));
    return `${[...inputs, `<sub>${name} ${version}</sub>`].join("\n\n")}\n`;
  },
};

const signs: Readonly<Record<Severity, string>> = { critical: "🔴 critical", warning: "🟡 warning", info: "ℹ️ info" };

function inputMarkdown(input: InputReport, include: readonly string[]): string {
  const title = `## ${code(input.name)}`;
  if (input.error !== undefined) return [title, `**not read:** ${prose(input.error)}`].join("\n\n");
  const isIll = input.findings.some(({ severity }) => severity !== "info");
  const verdict = isIll ? undefined : allWell(input);
  return [
    title,
    prose(factsOf(input).join(" · ")),
    ...(verdict === undefined ? [] : [`✅ ${prose(verdict)}`]),
    ...input.findings.map(findingMarkdown),
    ...shownSections(input, include).map((section) => sectionMarkdown(section, include.includes(section.name))),
    ...(input.summary ? footnotes(input.summary) : []).map((note) => `<sub>${prose(note)}</sub>`),
  ].join("\n\n");
}

function findingMarkdown(finding: Finding): string {
  const evidence = finding.evidence.map((entry) => {
    const label = entry.label === "" ? "" : `${prose(entry.label)}: `;
    const text = formatEvidence(entry);
    return `- ${label}${text.includes("→") ? code(text) : prose(text)}`;
  });
  return [
    `### ${signs[finding.severity]}: ${prose(finding.title)}`,
    [...evidence, `- **do:** ${prose(finding.advice)}`].join("\n"),
    `<sub>${prose(finding.rule)}</sub>`,
  ].join("\n\n");
}

function sectionMarkdown(section: Section, isOpen: boolean): string {
  const tables = section.tables.map((table) =>
    [...(table.title === section.title ? [] : [`**${prose(table.title)}**`]), tableMarkdown(table)].join("\n\n"),
  );
  const blocks = section.blocks.map(({ title, lines }) => `**${prose(title)}**\n\n${fenced(lines)}`);
  return [
    `<details${isOpen ? " open" : ""}><summary>${prose(section.title)}</summary>`,
    ...tables,
    ...blocks,
    "</details>",
  ].join("\n\n");
}

function tableMarkdown(table: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rows = table.rows.map((row) =>
    line(table.columns.map((column, index) => cellMarkdown(row[index] ?? null, column))),
  );
  const omitted = table.omittedRows > 0 ? [`… ${formatNumberOf(table.omittedRows, "more row")}`] : [];
  return [
    [
      line(table.columns.map(({ title }) => prose(title))),
      line(table.columns.map(({ kind }) => (kind === "text" || kind === "className" ? "---" : "---:"))),
      ...rows,
    ].join("\n"),
    ...omitted,
    ...(table.note === undefined ? [] : [prose(table.note)]),
  ].join("\n\n");
}

function cellMarkdown(value: number | string | null, { kind }: Column): string {
  const text = formatCell(value, kind);
  return (kind === "className" && value !== null ? code(text) : prose(text)).replaceAll("|", "\\|");
}

/** Code in a line; the fence is longer than any run of backticks in it. */
function code(text: string): string {
  const plain = printable(text);
  const longest = Math.max(0, ...(plain.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${plain}${fence}` : `${fence} ${plain} ${fence}`;
}

function fenced(lines: readonly string[]): string {
  const text = lines.map(printable).join("\n");
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** Text in which only `code` means something to Markdown. */
function prose(text: string): string {
  return printable(text)
    .split(/(`[^`]+`)/)
    .map((part) => (part.startsWith("`") && part.length > 2 ? part : escaped(part)))
    .join("");
}

function escaped(text: string): string {
  return text
    .replace(/[\\*_#~`]|(?<=\])\(/g, (character) => `\\${character}`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("@", "@\u200b");
}
