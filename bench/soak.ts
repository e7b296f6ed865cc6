// Claim: an agent that runs for months neither grows nor leaves anything behind, whatever JVMs do around it. For an hour (or
// `--minutes N`), JVMs start, die, stand still and go on; at the end the agent's memory and descriptors are compared with those after
// the first tenth, every /tmp is searched for what attach may leave, and every JVM must have been watched. Exits with 1 when one is not so.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type AgentProcess, startAgentProcess } from "../test/agent-process.ts";
import { type Jdk, jdksOf, type RunningJvm, startJvm } from "../test/jdk.ts";
import { compileOwnChurn } from "./own-churn.ts";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "60" }, build: { type: "boolean", default: true } },
  allowNegative: true,
});
const minutes = Number(values.minutes);
/** RSS swings with V8's collections: what counts is a rise beyond that. */
const allowedRiseMegabytes = 8;
const mostJvms = 6;
const mainClass = "SoakChurn";
const collectors = ["-XX:+UseSerialGC", "-XX:+UseParallelGC", "-XX:+UseG1GC", "-XX:+UseZGC"];

const jdks = jdksOf(17, 25);
if (jdks.length === 0) process.exit(1);
const folder = mkdtempSync(join(tmpdir(), "jprof-soak-"));
const top = join(import.meta.dirname, "..");
if (values.build) execFileSync(process.execPath, [join(top, "scripts/build.ts")], { cwd: top, stdio: "inherit" });
const config = join(folder, "jprof.json");
writeFileSync(
  config,
  JSON.stringify({
    pollSeconds: 5,
    discoverySeconds: 1,
    jvms: { include: [mainClass] },
    log: { auditFile: join(folder, "audit.log") },
  }),
);

interface Reading {
  readonly minute: number;
  readonly residentMegabytes: number;
  readonly descriptors: number;
}

const classPaths = new Map<Jdk, string>();
for (const jdk of jdks) classPaths.set(jdk, await compileOwnChurn(jdk, mainClass, folder));
const before = filesOfAttach();
const main = join(top, "dist/src/cli/main.js");
const agent = await startAgentProcess({ args: ["--config", config], main });
const jvms = new Set<RunningJvm>();
const readings: Reading[] = [];
let started = 0;
let unseen = 0;
try {
  await soak(agent);
} finally {
  await Promise.all([...jvms].map((jvm) => jvm.stop()));
  await agent.stop();
  rmSync(folder, { recursive: true, force: true });
}
report();

async function soak({ pid, page }: AgentProcess): Promise<void> {
  const begin = Date.now();
  for (let round = 0; Date.now() - begin < minutes * 60_000; round++) {
    const old = [...jvms];
    await change(round);
    await wait(2_000);
    const shown = await page("/metrics");
    unseen += old.filter((jvm) => jvms.has(jvm) && !shown.includes(`process_pid="${jvm.pid}"`)).length;
    if (round % 5 !== 4) continue;
    readings.push({
      minute: (Date.now() - begin) / 60_000,
      residentMegabytes: residentMegabytes(pid),
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
    });
    const { minute, residentMegabytes: rss, descriptors } = readings.at(-1)!;
    console.log(
      `${minute.toFixed(1).padStart(5)} min  ${rss.toFixed(1)} MB  ${descriptors} descriptors  ${jvms.size} JVMs, ${started} so far`,
    );
  }
}

/** One thing happens: a JVM starts, the oldest is killed, or the newest stands still for a while, which it outlives. */
async function change(round: number): Promise<void> {
  const [oldest] = jvms;
  const newest = [...jvms].at(-1);
  if (jvms.size < mostJvms) return start(round);
  if (oldest === undefined || newest === undefined) return;
  if (round % 3 === 0) {
    process.kill(newest.pid, "SIGSTOP");
    setTimeout(() => jvms.has(newest) && process.kill(newest.pid, "SIGCONT"), 8_000).unref();
    return;
  }
  jvms.delete(oldest);
  await oldest.stop();
}

async function start(round: number): Promise<void> {
  const jdk = jdks[round % jdks.length]!;
  const collector = collectors[round % collectors.length]!;
  const properties = ["-Drate.mb=10", "-Dlive.kb=1024", "-Dhoard.kb=1024", "-Dfull.millis=0"];
  const jvm = await startJvm(jdk, {
    classPath: classPaths.get(jdk)!,
    mainClass,
    flags: ["-Xmx48m", collector, ...properties],
  });
  jvms.add(jvm);
  started++;
}

function report(): void {
  const tenth = Math.max(1, Math.floor(readings.length / 10));
  const medianOf = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
  const [early, late] = [readings.slice(tenth, 2 * tenth), readings.slice(-tenth)];
  const rise = (of: (reading: Reading) => number) => medianOf(late.map(of)) - medianOf(early.map(of));
  const rss = rise((reading) => reading.residentMegabytes);
  const descriptors = rise((reading) => reading.descriptors);
  // A killed JVM leaves its own socket and counters; a trigger file would be jprof's.
  const left = filesOfAttach().filter((name) => !before.includes(name));
  const triggers = left.filter((name) => name.includes("attach_pid"));
  print("RSS, late less early", `${rss.toFixed(1)} MB`, `≤ ${allowedRiseMegabytes} MB`, rss <= allowedRiseMegabytes);
  print("descriptors, late less early", String(descriptors), "≤ 4", descriptors <= 4);
  print("JVMs that were not watched", String(unseen), "0", unseen === 0);
  print("left in /tmp", `${triggers.length} trigger files`, "0", triggers.length === 0);
}

function filesOfAttach(): readonly string[] {
  return readdirSync("/tmp").filter((name) => /^\.(attach|java)_pid/.test(name));
}

function residentMegabytes(pid: number): number {
  return (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024) / 1e6;
}

function wait(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

function print(what: string, result: string, bar: string, isMet: boolean): void {
  if (!isMet) process.exitCode = 1;
  console.log(`${isMet ? "✓" : "✗"} ${what.padEnd(30)} ${result}   (bar: ${bar})`);
}
