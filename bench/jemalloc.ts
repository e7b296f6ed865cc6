import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { build } from "esbuild";
import { measure } from "./measure.ts";

// How long native heap profiles take to read and name, against jeprof on the same file, and what a huge one costs.
// node bench/jemalloc.ts [PROFILE PROGRAM]…: profiles of programs that are on this machine.
const runs = Number(process.env.RUNS ?? 5);
const work = mkdtempSync(join(tmpdir(), "jprof-bench-"));
/** As jprof is shipped: one file of JavaScript. */
const reader = join(work, "read-native-heap.mjs");
const jeprof = "/usr/bin/jeprof";

try {
  const source = join(import.meta.dirname, "read-native-heap.ts");
  await build({ entryPoints: [source], outfile: reader, bundle: true, platform: "node", format: "esm" });
  const pairs = process.argv.slice(2);
  for (let index = 0; index + 1 < pairs.length; index += 2) compare(pairs[index]!, pairs[index + 1]!);
  await huge();
} finally {
  rmSync(work, { recursive: true, force: true });
}

function compare(profile: string, program: string): void {
  const ours = medianSeconds(process.execPath, [reader, profile]);
  const theirs = existsSync(jeprof) ? medianSeconds(jeprof, ["--text", "--show_bytes", program, profile]) : undefined;
  const ratio =
    theirs === undefined ? "" : `, jeprof --text ${theirs.toFixed(2)} s: ${(theirs / ours).toFixed(1)} times`;
  console.log(`${profile}: ${ours.toFixed(3)} s with the start of Node and symbols${ratio}`);
}

/** Wall time, program start to end; the first run warms the page cache and is not counted. */
function medianSeconds(program: string, args: readonly string[]): number {
  const all: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const began = performance.now();
    const { status, stderr } = spawnSync(program, args, { stdio: ["ignore", "ignore", "pipe"] });
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${String(stderr)}`);
    if (run > 0) all.push((performance.now() - began) / 1000);
  }
  return all.sort((a, b) => a - b)[all.length >> 1]!;
}

/** Twenty thousand stacks of 12 to 40 frames, with the rows of a hundred threads: 100 MB. */
async function huge(): Promise<void> {
  const path = join(work, "je.1.0.f.heap");
  const bytes = await writeProfile(path, 100e6);
  const { wallSeconds, peakBytes } = (await measure({ program: process.execPath, args: [reader, path], input: path }))!;
  console.log(
    `generated profile of ${(bytes / 1e6).toFixed(0)} MB: ${wallSeconds.toFixed(2)} s (bar 3 s), peak ${(peakBytes / 1e6).toFixed(0)} MB (bar 400 MB)`,
  );
}

async function writeProfile(path: string, wanted: number): Promise<number> {
  const random = lcg(7);
  const out = createWriteStream(path);
  const threads = 100;
  let text = `heap_v2/524288\n  t*: 1000000: 1000000000 [0: 0]\n`;
  for (let thread = 0; thread < threads; thread++) text += `  t${thread}: 100: 1000000 [0: 0] worker-${thread}\n`;
  let bytes = 0;
  while (bytes < wanted) {
    text += stackOf(random, threads);
    if (text.length < 1 << 20) continue;
    bytes += text.length;
    if (!out.write(text)) await once(out, "drain");
    text = "";
  }
  out.end(`${text}\nMAPPED_LIBRARIES:\n55d000000000-55d010000000 r-xp 00000000 08:01 11 /none/service\n`);
  await finished(out);
  return bytes;
}

function stackOf(random: () => number, threads: number): string {
  const depth = 12 + Math.floor(random() * 28);
  let text = "@";
  for (let frame = 0; frame < depth; frame++) {
    // The nearer to the root, the fewer places there are.
    const places = Math.max(1, Math.floor(20_000 / (frame + 1)));
    text += ` 0x55d00${(frame * 20_000 + Math.floor(random() * places)).toString(16).padStart(7, "0")}`;
  }
  const own = 1 + Math.floor(random() * threads);
  text += `\n  t*: ${own}: ${own * 4096} [0: 0]\n`;
  for (let thread = 0; thread < own; thread++) text += `  t${thread}: 1: ${4096 + thread} [0: 0]\n`;
  return text;
}

function lcg(start: number): () => number {
  let seed = start;
  return () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
}
