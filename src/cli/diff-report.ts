import type { Paint } from "../reports/reporter.ts";
import type { FrameChange, ProfileDifference } from "../stacks/difference.ts";
import { costText, countsText, impactText, relativeText, restText, titleOf, verdictText } from "./diff-wording.ts";

/** Two files compared. */
export interface DiffReport {
  readonly tool: { readonly name: string; readonly version: string };
  readonly before: DiffInput;
  readonly after: DiffInput;
  readonly differences: readonly ProfileDifference[];
  readonly notes: readonly string[];
}

/** One of the files. */
export interface DiffInput {
  readonly name: string;
  readonly format: string;
  readonly durationSeconds: number | undefined;
}

const shortestName = 20;

/** For people at a terminal: what differs, the largest first. */
export function diffText(
  report: DiffReport,
  { top, width, paint }: { top: number; width: number; paint: Paint },
): string {
  const lines = [paint("bold", `${report.before.name} → ${report.after.name}`)];
  for (const difference of loudOf(report.differences)) {
    lines.push("", `${paint("bold", titleOf(difference))}   ${countsText(difference)}`, ...wholeLines(difference));
    const shown = shownChanges(difference, top);
    lines.push(...shown.lines.flatMap((change) => changeLines(change, difference, width, paint)));
    if (shown.omitted > 0) lines.push(paint("dim", `  … ${shown.omitted} more that differ (--top)`));
    lines.push(paint("dim", `  ${restText(difference)}`));
    lines.push(...difference.notes.map((note) => paint("dim", `  ${note}`)));
  }
  if (report.differences.length > 1) lines.push(...quietLine(report.differences).flatMap((text) => ["", text]));
  lines.push(...report.notes.flatMap((note) => ["", paint("dim", note)]));
  return `${lines.join("\n")}\n`;
}

/** For an issue comment. */
export function diffMarkdown(report: DiffReport, top: number): string {
  const parts = [`## ${code(report.before.name)} → ${code(report.after.name)}`];
  for (const difference of loudOf(report.differences)) {
    const { lines, omitted } = shownChanges(difference, top);
    const rows = lines.map((change) =>
      [
        verdictText(change.verdict, difference.kind),
        code(change.name),
        change.of,
        costText(change.before, difference),
        costText(change.after, difference),
        relativeText(change),
        impactText(change),
      ].join(" | "),
    );
    const header =
      "| | frame | of | before | after | change | of the whole (95 %) |\n|---|---|---|---:|---:|---:|---:|";
    parts.push(
      `### ${titleOf(difference)}: ${countsText(difference)}`,
      ...wholeLines(difference).map((line) => line.trim()),
      ...(rows.length > 0 ? [`${header}\n${rows.map((row) => `| ${row} |`).join("\n")}`] : []),
      ...(omitted > 0 ? [`… ${omitted} more that differ`] : []),
      `<sub>${[restText(difference), ...difference.notes].join(". ")}</sub>`,
    );
  }
  if (report.differences.length > 1) parts.push(...quietLine(report.differences));
  parts.push(...report.notes, `<sub>${report.tool.name} ${report.tool.version}</sub>`);
  return `${parts.join("\n\n")}\n`;
}

/** For a program; numbers that JSON cannot hold are null. */
export function diffJson({ tool, before, after, differences, notes }: DiffReport): string {
  const content = {
    schemaVersion: 1,
    tool,
    before: inputJson(before),
    after: inputJson(after),
    notes,
    differences: differences.map(({ aligned, wholeVerdict, whole, ...difference }) => ({
      ...difference,
      samples: { before: sum(aligned.before.sampleCount), after: sum(aligned.after.sampleCount) },
      total: { before: sum(aligned.before.sampleWeight), after: sum(aligned.after.sampleWeight) },
      whole: whole === undefined ? null : { ...whole, verdict: wholeVerdict },
    })),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function inputJson({ name, format, durationSeconds }: DiffInput) {
  return { name, format, durationSeconds: durationSeconds ?? null };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A change, and how many frames on the way to it changed by exactly as much. */
interface ShownChange extends FrameChange {
  readonly alike: number;
}

/** What differs, the largest first; a chain of frames that call each other and nothing else is one line, of the innermost. */
function shownChanges({ changes }: ProfileDifference, top: number) {
  const groups = new Map<string, ShownChange>();
  for (const change of changes) {
    if (change.verdict === "no difference shown") continue;
    const { before, after, countBefore, countAfter } = change;
    const key = [before, after, countBefore, countAfter].join();
    const first = groups.get(key);
    groups.set(key, first === undefined ? { ...change, alike: 0 } : { ...first, alike: first.alike + 1 });
  }
  const lines = [...groups.values()];
  return { lines: lines.slice(0, top), omitted: Math.max(0, lines.length - top) };
}

/** Whether there is nothing to tell of a kind. */
function isQuiet({ changes, wholeVerdict }: ProfileDifference): boolean {
  return wholeVerdict === "no difference shown" && changes.every(({ verdict }) => verdict === "no difference shown");
}

/** One line for all kinds in which nothing is shown to differ, when there are others. */
function quietLine(differences: readonly ProfileDifference[]): readonly string[] {
  const quiet = differences.filter(isQuiet).map(({ kind, event }) => `${kind} (${event})`);
  return quiet.length === 0 ? [] : [`no difference shown: ${quiet.join(", ")}`];
}

/** Those to tell of; a single one is told of even when it is quiet. */
function loudOf(differences: readonly ProfileDifference[]): readonly ProfileDifference[] {
  return differences.length === 1 ? differences : differences.filter((difference) => !isQuiet(difference));
}

function wholeLines(difference: ProfileDifference): readonly string[] {
  const { whole, wholeVerdict, kind } = difference;
  if (whole === undefined) return [];
  const costs = `${costText(whole.before, difference)} → ${costText(whole.after, difference)}`;
  return [`  all together: ${costs}, ${impactText(whole)}: ${verdictText(wholeVerdict, kind)}`];
}

function changeLines(
  change: ShownChange,
  difference: ProfileDifference,
  width: number,
  paint: Paint,
): readonly string[] {
  const isMore = change.verdict === "more";
  const verdict = verdictText(change.verdict, difference.kind).toUpperCase().padEnd(6);
  const costs = `${costText(change.before, difference)} → ${costText(change.after, difference)}`;
  const figures = `${costs}  ${relativeText(change)}  ${impactText(change)}`;
  const name = `${change.name}${change.of === "total" ? " and what it calls" : ""}${alikeText(change)}`;
  const head = paint(isMore ? "red" : "green", `${isMore ? "▲" : "▼"} ${verdict}`);
  const room = width - 12 - figures.length - 2;
  if (room >= Math.max(shortestName, name.length)) return [`  ${head}  ${name.padEnd(room)}  ${figures}`];
  return [`  ${head}  ${name}`, `            ${figures}`];
}

function alikeText({ alike }: ShownChange): string {
  return alike === 0 ? "" : ` (so do ${alike} on the way to it)`;
}

/** Code in a table of Markdown; names of frames hold no backticks but may hold bars. */
function code(text: string): string {
  return `\`${text.replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}
