// Claims: the sidecar costs a service nothing that it would notice, and itself little. Prints what 10 JVMs cost it in memory and CPU, how
// long a scrape takes while one of them is stopped, and how often the JVMs stopped that they would not have stopped without it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type AgentProcess, startAgentProcess } from "../test/agent-process.ts";
import { type RunningJvm, someJdk, startJvm } from "../test/jdk.ts";
import { compileOwnChurn } from "./own-churn.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, build: { type: "boolean", default: true } },
  allowNegative: true,
});
const seconds = Number(values.seconds);
const jvmCount = 10;
const mainClass = "BenchChurn";
const top = join(import.meta.dirname, "..");
if (values.build) execFileSync(process.execPath, [join(top, "scripts/build.ts")], { cwd: top, stdio: "inherit" });
const main = join(top, "dist/src/cli/main.js");
const jdk = someJdk();
if (jdk === undefined) process.exit(1);

const folder = mkdtempSync(join(tmpdir(), "jprof-bench-agent-"));
const classPath = await compileOwnChurn(jdk, mainClass, folder);
const jvms: RunningJvm[] = [];
let missed = 0;
try {
  console.log(
    `${jvmCount} JVMs (JDK ${jdk.major}), ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${seconds} s each\n`,
  );
  for (let index = 0; index < jvmCount; index++) jvms.push(await startIdle(index));
  const onlyThese = join(folder, "jprof.json");
  writeFileSync(onlyThese, JSON.stringify({ jvms: { include: [mainClass] } }));
  await measure("without OTLP", 90, { args: ["--config", onlyThese] });
  const receiver = createServer((request, response) => request.resume().on("end", () => response.end()));
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as { port: number };
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_METRIC_EXPORT_INTERVAL: "10000" };
  await measure("with OTLP", 110, { args: ["--config", onlyThese], env });
  receiver.close();
  receiver.closeAllConnections();
  reportStops();
} finally {
  await Promise.all(jvms.map((jvm) => jvm.stop()));
  rmSync(folder, { recursive: true, force: true });
}
if (missed > 0) console.log(`\n${missed} below the bar`);
process.exitCode = missed > 0 ? 1 : 0;

/** A JVM that collects about once a second, and logs each of its safepoints. */
function startIdle(index: number): Promise<RunningJvm> {
  const log = join(folder, `safepoints-${index}.log`);
  const flags = ["-Xmx48m", "-XX:+UseSerialGC", "-XX:NativeMemoryTracking=summary", `-Xlog:safepoint:file=${log}`];
  const properties = ["-Drate.mb=8", "-Dlive.kb=1024", "-Dhoard.kb=1024", "-Dfull.millis=0"];
  return startJvm(jdk!, { classPath, mainClass, flags: [...flags, ...properties] });
}

async function measure(
  name: string,
  barMegabytes: number,
  start: { readonly args: readonly string[]; readonly env?: Record<string, string> },
): Promise<void> {
  const agent = await startAgentProcess({ ...start, main });
  try {
    await wait(15_000);
    const before = cpuSeconds(agent.pid);
    const began = performance.now();
    const rss: number[] = [];
    const scrapes: number[] = [];
    while (performance.now() - began < seconds * 1000) {
      await wait(1_000);
      rss.push(residentMegabytes(agent.pid));
      if (scrapes.length < seconds / 5) scrapes.push(await scrapeMillis(agent));
    }
    const share = (cpuSeconds(agent.pid) - before) / ((performance.now() - began) / 1000);
    print(
      `RSS ${name}, most`,
      `${Math.max(...rss).toFixed(1)} MB`,
      `≤ ${barMegabytes} MB`,
      Math.max(...rss) <= barMegabytes,
    );
    print(`CPU ${name}`, `${(share * 100).toFixed(2)} % of a core`, "≤ 2 %", share <= 0.02);
    await measureStopped(agent, name);
  } finally {
    await agent.stop();
  }
}

/** Scrapes while one JVM is stopped, so that all that asks it waits in vain. */
async function measureStopped(agent: AgentProcess, name: string): Promise<void> {
  const [victim] = jvms;
  process.kill(victim!.pid, "SIGSTOP");
  const millis: number[] = [];
  try {
    for (let scrape = 0; scrape < 200; scrape++) {
      millis.push(await scrapeMillis(agent));
      await wait(100);
    }
  } finally {
    process.kill(victim!.pid, "SIGCONT");
  }
  millis.sort((a, b) => a - b);
  const p99 = millis[Math.floor(millis.length * 0.99)]!;
  print(
    `/metrics ${name}, a JVM stopped`,
    `p50 ${millis[millis.length >> 1]!.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
    "p99 < 20 ms",
    p99 < 20,
  );
}

async function scrapeMillis(agent: AgentProcess): Promise<number> {
  const began = performance.now();
  await agent.page("/metrics");
  return performance.now() - began;
}

/** Safepoints that the JVMs' logs name, less those of their own doing. */
function reportStops(): void {
  const own =
    /^(GenCollectForAllocation|SerialCollectForAllocation|Cleanup|ICBufferFull|G1\w*|Parallel\w*|Shenandoah\w*|X?Z\w*)$/;
  const reasons = jvms.flatMap((_, index) =>
    [...readFileSync(join(folder, `safepoints-${index}.log`), "utf8").matchAll(/Safepoint "(\w+)"/g)].map(
      ([, reason]) => reason!,
    ),
  );
  const foreign = reasons.filter((reason) => !own.test(reason));
  const names = [...new Set(foreign)].join(", ");
  print(
    "safepoints of the JVMs",
    `${reasons.length}, of them not their own ${foreign.length} ${names}`,
    "0",
    foreign.length === 0,
  );
}

function residentMegabytes(pid: number): number {
  return (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024) / 1e6;
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
  console.log(`${isMet ? "✓" : "✗"} ${what.padEnd(36)} ${result}   (bar: ${bar})`);
}
