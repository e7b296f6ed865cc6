import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type BenchRow, benchHeap } from "./heap.ts";

// `npm run bench -- --runs 1 --no-build`. Ratios are what to compare; seconds are this machine's.
const { values } = parseArgs({
  options: { runs: { type: "string", default: "3" }, build: { type: "boolean", default: true } },
  allowNegative: true,
});

const top = join(import.meta.dirname, "..");
if (values.build) execFileSync(process.execPath, [join(top, "scripts/build.ts")], { cwd: top, stdio: "inherit" });
const built = existsSync(join(top, "dist")) ? "dist" : "the source";
const [cpu] = cpus();
console.log(
  `jprof from ${built} on Node ${process.version}, ${cpus().length} × ${cpu?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
);
console.log(
  `median of ${values.runs} fresh processes, page cache warm, memory touched before each; ${new Date().toISOString().slice(0, 10)}\n`,
);

const busy = loadavg()[0]!;
if (busy > 0.5)
  console.log(`careful: the machine is busy (load ${busy.toFixed(1)}), so these seconds are not its best\n`);

let missed = 0;
await benchHeap(Number(values.runs), print);
if (missed > 0) console.log(`\n${missed} below the bar`);
process.exitCode = missed > 0 ? 1 : 0;

function print({ what, cost, result, bar, isMet }: BenchRow): void {
  const verdict = isMet === undefined ? " " : isMet ? "✓" : "✗";
  if (isMet === false) missed++;
  const wall = cost === undefined ? "" : `${cost.wallSeconds.toFixed(2)} s`;
  const peak = cost === undefined ? "" : `${Math.round(cost.peakBytes / 1e6).toLocaleString("en")} MB`;
  console.log(
    `${verdict} ${what.padEnd(34)}${wall.padStart(9)}${peak.padStart(10)}   ${result}${bar === "" ? "" : `   (bar: ${bar})`}`,
  );
}
