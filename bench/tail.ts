// Claims: reading along costs little, and neither a recording nor a profile that is asked for holds up the JVM or a scrape. Prints what an agent
// takes with and without a recording of one JVM that records 10,000 events a second, and by what the JVM's threads were stopped meanwhile.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type AgentProcess, startAgentProcess } from "../test/agent-process.ts";
import { compileJava, type RunningJvm, someJdk, startJvm } from "../test/jdk.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, build: { type: "boolean", default: true } },
  allowNegative: true,
});
const seconds = Number(values.seconds);
const eventsPerSecond = 10_000;
const top = join(import.meta.dirname, "..");
if (values.build) execFileSync(process.execPath, [join(top, "scripts/build.ts")], { cwd: top, stdio: "inherit" });
const main = join(top, "dist/src/cli/main.js");
const jdk = someJdk();
if (jdk === undefined) process.exit(1);

interface Cost {
  readonly cpuShare: number;
  readonly residentMegabytes: number;
}

const folder = mkdtempSync("/dev/shm/jprof-bench-tail-");
const classPath = await compileJava(jdk, join(top, "fixtures/steady-events/SteadyEvents.java"));
let missed = 0;
let jvm: RunningJvm | undefined;
try {
  console.log(
    `JDK ${jdk.major}, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${seconds} s each, load ${loadavg()[0]!.toFixed(1)}\n`,
  );
  const log = join(folder, "safepoints.log");
  jvm = await startJvm(jdk, {
    ...{ classPath, mainClass: "SteadyEvents", args: [folder, String(eventsPerSecond)] },
    flags: ["-Xmx128m", "-XX:+UseSerialGC", `-Xlog:safepoint:file=${log}`],
  });
  await wait(5_000);
  const without = await measured({ recording: { enabled: false } });
  const stopsBefore = stopsIn(log);
  const withIt = await measured({ policy: "diagnose", recording: { enabled: true, maxCpuShare: 1 } }, profileMeanwhile);
  reportCost(without, withIt);
  reportStops(stopsBefore, stopsIn(log));
} finally {
  await jvm?.stop();
  rmSync(folder, { recursive: true, force: true });
}
if (missed > 0) console.log(`\n${missed} below the bar`);
process.exitCode = missed > 0 ? 1 : 0;

async function measured(settings: object, meanwhile?: (agent: AgentProcess) => Promise<void>): Promise<Cost> {
  const config = join(mkdtempSync(join(tmpdir(), "jprof-bench-tail-")), "jprof.json");
  writeFileSync(config, JSON.stringify({ jvms: { include: ["SteadyEvents"] }, ...settings }));
  const agent = await startAgentProcess({ args: ["--config", config], main });
  try {
    await wait(20_000);
    const [before, began] = [cpuSeconds(agent.pid), performance.now()];
    const eventsBefore = await metricOf(agent, "jprof_fsync_count_total");
    await wait(seconds * 1000);
    const cpuShare = (cpuSeconds(agent.pid) - before) / ((performance.now() - began) / 1000);
    const residentMegabytes =
      (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${agent.pid}/status`, "utf8"))?.[1]) * 1024) / 1e6;
    const events = ((await metricOf(agent, "jprof_fsync_count_total")) - eventsBefore) / seconds;
    if (meanwhile !== undefined) {
      console.log(`  ${Math.round(events).toLocaleString("en")} events a second were read`);
      console.log(
        `  the JVM's recording threads took ${await metricOf(agent, "jprof_recording_cpu_time_seconds_total")} s so far`,
      );
      console.log(`  bytes dropped or unreadable: ${await metricOf(agent, "jprof_recording_lost_bytes_total")}`);
      await meanwhile(agent);
    }
    return { cpuShare, residentMegabytes };
  } finally {
    await agent.stop();
    rmSync(join(config, ".."), { recursive: true });
  }
}

/** Scrapes while profiles are made. */
async function profileMeanwhile(agent: AgentProcess): Promise<void> {
  const alone = await scrapeMillis(agent, () => false);
  let isMade = false;
  const began = performance.now();
  const profile = fetch(`${agent.url}/profile?pid=${jvm!.pid}&kind=io&seconds=120&event=jdk.FileForce`).then(
    async (answer) => {
      const { length } = await answer.text();
      isMade = true;
      return `${answer.status}, ${(length / 1e6).toFixed(1)} MB in ${((performance.now() - began) / 1000).toFixed(1)} s`;
    },
  );
  const during = await scrapeMillis(agent, () => isMade);
  console.log(`  /profile of two minutes: ${await profile}`);
  print(
    "/metrics while it is made, p99",
    `${during.toFixed(1)} ms, alone ${alone.toFixed(1)} ms`,
    "< 20 ms",
    during < 20,
  );
}

/** The 99th percentile of scrapes until it is over, 200 at most. */
async function scrapeMillis(agent: AgentProcess, isOver: () => boolean): Promise<number> {
  const millis: number[] = [];
  while (millis.length < 200 && !isOver()) {
    const began = performance.now();
    await (await fetch(`${agent.url}/metrics`)).text();
    millis.push(performance.now() - began);
    await wait(20);
  }
  millis.sort((a, b) => a - b);
  return millis[Math.floor(millis.length * 0.99)] ?? Number.NaN;
}

function reportCost(without: Cost, withIt: Cost): void {
  const share = withIt.cpuShare - without.cpuShare;
  const detail = `${(withIt.cpuShare * 100).toFixed(2)} − ${(without.cpuShare * 100).toFixed(2)}`;
  print("CPU of reading along", `${(share * 100).toFixed(2)} % of a core (${detail})`, "≤ 3 %", share <= 0.03);
  const [before, after] = [without.residentMegabytes, withIt.residentMegabytes];
  print("RSS of the agent", `${before.toFixed(1)} MB without, ${after.toFixed(1)} MB with it`, "", true);
}

type Stops = ReadonlyMap<string, { readonly count: number; readonly millis: number }>;

function stopsIn(log: string): Stops {
  const stops = new Map<string, { count: number; millis: number }>();
  for (const [, reason, nanos] of readFileSync(log, "utf8").matchAll(/Safepoint "(\w+)".*Total: +(\d+) ns/g)) {
    const { count, millis } = stops.get(reason!) ?? { count: 0, millis: 0 };
    stops.set(reason!, { count: count + 1, millis: millis + Number(nanos) / 1e6 });
  }
  return stops;
}

function reportStops(before: Stops, after: Stops): void {
  for (const [reason, { count, millis }] of after) {
    const earlier = before.get(reason) ?? { count: 0, millis: 0 };
    console.log(
      `  ${reason.padEnd(30)} without: ${earlier.count} (${earlier.millis.toFixed(1)} ms), with it: ${count - earlier.count} (${(millis - earlier.millis).toFixed(1)} ms)`,
    );
  }
}

async function metricOf(agent: AgentProcess, name: string): Promise<number> {
  const lines = [...(await agent.page("/metrics")).matchAll(new RegExp(`^${name}\\{.*\\} (\\S+)$`, "gm"))];
  return lines.reduce((sum, [, value]) => sum + Number(value), 0);
}

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function wait(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

function print(what: string, result: string, bar: string, isMet: boolean): void {
  if (!isMet) missed++;
  console.log(`${isMet ? "✓" : "✗"} ${what.padEnd(32)} ${result}${bar === "" ? "" : `   (bar: ${bar})`}`);
}
