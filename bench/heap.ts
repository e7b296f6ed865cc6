import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { benchDumps, dumpPath, smallDumpPath } from "./dumps.ts";
import type { GraphSize } from "./graph-size.ts";
import { type Measurement, median } from "./measure.ts";

const top = join(import.meta.dirname, "..");

/** One line of the result: what was measured, what came out, and the bar it has to clear. */
export interface BenchRow {
  readonly what: string;
  /** Wall time and peak memory of the run that the line is about. */
  readonly cost?: Measurement;
  readonly result: string;
  readonly bar: string;
  /** Undefined where there is nothing to compare with, or no bar. */
  readonly isMet?: boolean;
}

interface Analysed {
  readonly path: string;
  readonly size: GraphSize;
  readonly cost: Measurement;
}

/** Runs jprof's heap analysis, and its peers where they are installed, over the dumps of `dumps.ts`. */
export async function benchHeap(runs: number, report: (row: BenchRow) => void): Promise<void> {
  report(await startUp(runs));
  if ((await dumpPath(benchDumps.ordered)) === undefined)
    return report({ what: "everything else", result: "skipped: no JDK to make dumps with", bar: "" });
  const ordered = await analysed("ordered", runs);
  if (ordered === undefined) return report(failed("core report"));
  reportOrdered(ordered, report);
  await reportPeers(ordered, runs, report);
  await reportHistogram(ordered.path, runs, report);
  await reportShapes(ordered, runs, report);
}

async function startUp(runs: number): Promise<BenchRow> {
  const cost = await median(jprof(smallDumpPath()), Math.max(runs, 3));
  return row("3 MB dump, start-up included", cost, (seconds) => ["", "≤ 0.5 s", seconds <= 0.5]);
}

function reportOrdered({ size, cost }: Analysed, report: (row: BenchRow) => void): void {
  const { objects, edges } = size;
  const rate = objects / cost.wallSeconds / 1e6;
  report(row("core report", cost, (_seconds) => [`${million(objects)} objects, ${million(edges)} edges`, ""]));
  report({
    what: "  throughput",
    result: `${rate.toFixed(2)} M objects/s`,
    bar: "≥ 3.5 M objects/s",
    isMet: rate >= 3.5,
  });
  const allowed = 30 * objects + 4 * Math.max(0, edges - 1.2 * objects) + 120e6;
  report({
    what: "  peak memory",
    result: `${megabytes(cost.peakBytes)}, ${(cost.peakBytes / objects).toFixed(1)} B per object`,
    bar: `≤ ${megabytes(allowed)}`,
    isMet: cost.peakBytes <= allowed,
  });
}

async function reportPeers(ordered: Analysed, runs: number, report: (row: BenchRow) => void): Promise<void> {
  const seconds = ordered.cost.wallSeconds;
  const analyzer = peer("hprof-analyzer");
  if (analyzer !== undefined) {
    // Its run takes a minute, and one is enough for a factor of five.
    const cost = await median({ program: analyzer, args: [ordered.path], input: ordered.path }, Math.min(runs, 1));
    report(
      row("  hprof-analyzer, basic report", cost, (theirs) => [
        ratio(seconds, theirs),
        "≤ 0.20×",
        seconds <= 0.2 * theirs,
      ]),
    );
  } else report({ what: "  hprof-analyzer", result: "skipped: not installed", bar: "≤ 0.20×" });
  const mat = peer("ParseHeapDump.sh");
  if (mat === undefined) return report({ what: "  Eclipse MAT", result: "skipped: not installed", bar: "≤ 0.10×" });
  const args = [ordered.path, "org.eclipse.mat.api:suspects"];
  const cost = await median({ program: mat, args, input: ordered.path }, 1);
  report(
    row("  Eclipse MAT, suspects", cost, (theirs) => [ratio(seconds, theirs), "≤ 0.10×", seconds <= 0.1 * theirs]),
  );
}

async function reportHistogram(path: string, runs: number, report: (row: BenchRow) => void): Promise<void> {
  const ours = await median(jprof(path, "--include", "histogram"), runs);
  report(row("histogram only", ours, (_seconds, peak) => ["", "≤ 200 MB", peak <= 200e6]));
  const slurp = peer("hprof-slurp");
  if (slurp === undefined || ours === undefined) {
    return report({ what: "  hprof-slurp", result: "skipped: not installed", bar: "≤ 0.60×" });
  }
  const theirs = await median({ program: slurp, args: [path], input: path }, runs);
  const isMet = ours.wallSeconds <= 0.6 * (theirs?.wallSeconds ?? 0);
  report(row("  hprof-slurp", theirs, (seconds) => [ratio(ours.wallSeconds, seconds), "≤ 0.60×", isMet]));
}

async function reportShapes(ordered: Analysed, runs: number, report: (row: BenchRow) => void): Promise<void> {
  const tenth = await analysed("tenth", runs);
  if (tenth === undefined) report(failed(benchDumps.tenth.about));
  else {
    const growth = costPerObject(ordered) / costPerObject(tenth);
    const what = `${million(tenth.size.objects)} → ${million(ordered.size.objects)} objects`;
    report(row(what, tenth.cost, () => [`${growth.toFixed(2)}× the cost per object`, "≤ 1.15×", growth <= 1.15]));
  }
  const shuffled = await analysed("shuffled", runs);
  if (shuffled === undefined) report(failed(benchDumps.shuffled.about));
  else {
    const slower = shuffled.cost.wallSeconds / ordered.cost.wallSeconds;
    report(
      row("references in random order", shuffled.cost, () => [`${slower.toFixed(2)}× the wall`, "≤ 3×", slower <= 3]),
    );
  }
  for (const name of ["chain", "array", "classes", "edges"] as const) {
    const shape = await analysed(name, runs);
    if (shape === undefined) {
      report(failed(benchDumps[name].about));
      continue;
    }
    const { size, cost } = shape;
    const dearer = cost.wallSeconds / size.edges / (ordered.cost.wallSeconds / ordered.size.edges);
    const result = `${dearer.toFixed(2)}× the cost per edge (${million(size.objects)} objects, ${million(size.edges)} edges)`;
    report(row(benchDumps[name].about, cost, () => [result, "≤ 2×", dearer <= 2]));
  }
}

async function analysed(name: keyof typeof benchDumps, runs: number): Promise<Analysed | undefined> {
  const path = await dumpPath(benchDumps[name]);
  if (path === undefined) return undefined;
  const cost = await median(jprof(path), runs);
  if (cost === undefined) return undefined;
  const counted = execFileSync(process.execPath, [join(top, "bench/graph-size.ts"), path], { encoding: "utf8" });
  return { path, cost, size: JSON.parse(counted) as GraphSize };
}

/** The command line as it is installed: `dist`, which `npm run build` makes. */
function jprof(input: string, ...args: readonly string[]): Parameters<typeof median>[0] {
  const built = join(top, "dist/src/cli/main.js");
  const main = existsSync(built) ? built : join(top, "src/cli/main.ts");
  return { program: process.execPath, args: [main, "analyze", input, "--format", "json", ...args], input };
}

/** A peer's program, from the folders of `JPROF_PEERS` or the PATH. */
function peer(name: string): string | undefined {
  const folders = `${process.env.JPROF_PEERS ?? ""}${delimiter}${process.env.PATH ?? ""}`;
  return folders
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}

type Judged = readonly [result: string, bar: string, isMet?: boolean];

function row(
  what: string,
  cost: Measurement | undefined,
  judge: (seconds: number, peakBytes: number) => Judged,
): BenchRow {
  if (cost === undefined) return failed(what);
  const [result, bar, isMet] = judge(cost.wallSeconds, cost.peakBytes);
  return { what, cost, result, bar, ...(isMet === undefined ? {} : { isMet }) };
}

function failed(what: string): BenchRow {
  return { what, result: "failed", bar: "", isMet: false };
}

function costPerObject({ size, cost }: Analysed): number {
  return cost.wallSeconds / size.objects;
}

function ratio(ours: number, theirs: number): string {
  return `${(ours / theirs).toFixed(2)}× its wall`;
}

function million(count: number): string {
  return `${(count / 1e6).toFixed(1)} M`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString("en")} MB`;
}
