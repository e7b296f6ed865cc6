import { appendFileSync, copyFileSync, existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { jfrConverterJar } from "../scripts/services/artifacts.ts";
import { jdksOf, someJdk } from "../test/jdk.ts";
import { dumpFolder } from "./dumps.ts";
import { type Command, type Measurement, median } from "./measure.ts";
import { recordingPath, stormRecording } from "./recordings.ts";

// `node bench/recording-report.ts [--runs 5] [FILE.jfr]`: the whole report on a big recording by the built program, beside one flame
// graph of it by async-profiler's converter (`node scripts/services.ts fetch`); and the memory that a recording of 1 GB takes.
const { values, positionals } = parseArgs({
  options: { runs: { type: "string", default: "5" } },
  allowPositionals: true,
});

const top = join(import.meta.dirname, "..");
const bars = { wallRatio: 1, memoryRatio: 0.5, gigabyteBytes: 400e6 } as const;
const isMet: boolean[] = [];

const path = positionals[0] ?? (await recordingPath(stormRecording));
if (path === undefined) console.log("skipped: no JDK to make a recording with");
else if (!existsSync(join(top, "dist/src/cli/main.js"))) console.log("skipped: the program is not built");
else {
  if (loadavg()[0]! > 0.5)
    console.log(`careful: the machine is busy (load ${loadavg()[0]!.toFixed(1)}), so these seconds are not its best`);
  await compare(path, Number(values.runs));
  await measureGigabyte(path);
  process.exitCode = isMet.every((met) => met) ? 0 : 1;
}

/** Runs take turns, so that both meet the same machine. */
async function compare(file: string, runs: number): Promise<void> {
  const peer = converter(file);
  if (peer === undefined) return console.log("skipped: async-profiler's converter was not fetched, or there is no JDK");
  const ours: Measurement[] = [];
  const theirs: Measurement[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(await measured(analysis(file)));
    theirs.push(await measured(peer));
  }
  describe("jprof analyze", ours);
  describe("jfrconv --alloc", theirs);
  judge("wall time", ratioOf(ours, theirs, "wallSeconds"), bars.wallRatio, (ratio) => `${ratio.toFixed(2)}×`);
  judge("peak memory", ratioOf(ours, theirs, "peakBytes"), bars.memoryRatio, (ratio) => `${ratio.toFixed(2)}×`);
}

/** Recordings may be put one behind another. */
async function measureGigabyte(file: string): Promise<void> {
  const big = join(existsSync(dumpFolder) ? dumpFolder : tmpdir(), `gigabyte-${process.pid}.jfr`);
  try {
    copyFileSync(file, big);
    const bytes = readFileSync(file);
    while (statSync(big).size < 1e9) appendFileSync(big, bytes);
    const cost = await measured(analysis(big));
    describe(`jprof analyze of ${(statSync(big).size / 1e6).toFixed(0)} MB`, [cost]);
    judge("peak memory", cost.peakBytes, bars.gigabyteBytes, (peak) => `${(peak / 1e6).toFixed(0)} MB`);
  } finally {
    rmSync(big, { force: true });
  }
}

function analysis(file: string): Command {
  return { program: process.execPath, args: [join(top, "dist/src/cli/main.js"), "analyze", file], input: file };
}

function converter(file: string): Command | undefined {
  const jdk = jdksOf(25)[0] ?? someJdk();
  const jar = jfrConverterJar();
  if (jdk === undefined || jar === undefined) return undefined;
  const page = join(tmpdir(), `jprof-bench-${process.pid}.html`);
  process.once("exit", () => rmSync(page, { force: true }));
  return { program: join(jdk.home, "bin/java"), args: ["-jar", jar, "--alloc", file, page], input: file };
}

async function measured(command: Command): Promise<Measurement> {
  const measurement = await median(command, 1);
  if (measurement === undefined) throw new Error(`${command.program} failed`);
  return measurement;
}

function describe(what: string, costs: readonly Measurement[]): void {
  const seconds = middle(costs.map(({ wallSeconds }) => wallSeconds)).toFixed(2);
  const peak = (middle(costs.map(({ peakBytes }) => peakBytes)) / 1e6).toFixed(0);
  console.log(`  ${what.padEnd(32)}${seconds.padStart(8)} s${peak.padStart(8)} MB`);
}

function judge(what: string, value: number, bar: number, format: (value: number) => string): void {
  isMet.push(value <= bar);
  console.log(`${value <= bar ? "✓" : "✗"} ${what}: ${format(value)}   (bar: ≤ ${format(bar)})`);
}

function ratioOf(ours: readonly Measurement[], theirs: readonly Measurement[], of: keyof Measurement): number {
  return middle(ours.map((one) => one[of])) / middle(theirs.map((one) => one[of]));
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
