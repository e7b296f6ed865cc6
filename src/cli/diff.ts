import type { ProfileSet } from "../model/profile.ts";
import { renderFlamePage } from "../reports/flame-graph.ts";
import type { ProfileDifference } from "../stacks/difference.ts";
import type { ProcessConfig } from "./config.ts";
import type { DiffConfig } from "./diff-options.ts";
import { differenceOf, pairProfiles } from "./diff-pairs.ts";
import { type DiffReport, diffJson, diffMarkdown, diffText } from "./diff-report.ts";
import { exitCodes } from "./exit-codes.ts";
import { readInput } from "./input.ts";
import { checkOutput, writeToFile, writeToStdout } from "./output.ts";
import { noProgress, stderrProgress } from "./progress.ts";
import { type ProfileChoice, type ProfilesRead, readProfiles } from "./read-profiles.ts";
import { eventTest } from "./selection.ts";
import { paintFor } from "./terminal.ts";
import { tool } from "./tool.ts";

/** Compares two files and writes what differs; the result is the exit code. */
export async function runDiff(config: DiffConfig, { progressToTerminal, width }: ProcessConfig): Promise<number> {
  const { output } = config;
  const line = progressToTerminal ? stderrProgress() : noProgress;
  if (output !== undefined) checkOutput(output);
  try {
    const choice = readerChoice(config);
    const before = await readProfiles(readInput(config.before), choice, line.update);
    const after = await readProfiles(readInput(config.after), choice, line.update);
    line.update("comparing", 0, 0);
    const report = reportOf(before, after, config);
    const text = rendered(report, { before, after }, config, width);
    line.clear();
    if (output === undefined) await writeToStdout(text);
    else writeToFile(output, text);
    const isWorse = report.differences.some((difference) => hasRegression(difference, config.failAbove));
    return isWorse ? exitCodes.finding : exitCodes.done;
  } finally {
    line.clear();
  }
}

/** The processor time to divide by is in another profile than the one that was asked for. */
function readerChoice({ normalization, choice }: DiffConfig): ProfileChoice {
  return normalization === "cpu" ? { kind: undefined, selection: { ...choice.selection, event: undefined } } : choice;
}

function reportOf(before: ProfilesRead, after: ProfilesRead, config: DiffConfig): DiffReport {
  const sets = { before: wanted(before.profiles, config.choice), after: wanted(after.profiles, config.choice) };
  const { pairs, notes } = pairProfiles(sets.before, sets.after);
  const exposures = { before: before.profiles, after: after.profiles };
  return {
    tool,
    before: inputOf(config.before, before),
    after: inputOf(config.after, after),
    differences: pairs.map((pair) => differenceOf(pair, exposures, config.normalization)),
    notes,
  };
}

function wanted(set: ProfileSet, { kind, selection }: ProfileChoice): ProfileSet {
  const isEvent = eventTest(selection);
  const profiles = set.profiles.filter(
    (profile) => (kind ?? profile.kind) === profile.kind && (isEvent === undefined || isEvent(profile.event)),
  );
  return { ...set, profiles };
}

function inputOf(name: string, { format, profiles: { durationSeconds } }: ProfilesRead) {
  return { name, format, durationSeconds };
}

function rendered(
  report: DiffReport,
  { before, after }: { readonly before: ProfilesRead; readonly after: ProfilesRead },
  { format, top, output }: DiffConfig,
  width: number,
): string {
  switch (format) {
    case "text":
      return diffText(report, { top, width, paint: paintFor(output === undefined ? process.stdout : undefined) });
    case "md":
      return diffMarkdown(report, top);
    case "json":
      return diffJson(report);
    case "html":
      return renderFlamePage(after.profiles, {
        title: report.after.name,
        before: { title: report.before.name, profiles: before.profiles },
        madeBy: `${tool.name} ${tool.version}`,
      });
    default:
      return format satisfies never;
  }
}

/** A frame, or the whole, costs more beyond chance, by more than the limit. */
function hasRegression({ changes, whole, wholeVerdict }: ProfileDifference, failAbove: number | undefined): boolean {
  if (failAbove === undefined) return false;
  if (whole !== undefined && wholeVerdict === "more" && whole.impact > failAbove) return true;
  return changes.some(({ verdict, impact }) => verdict === "more" && impact > failAbove);
}
