import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findJdks, type Jdk } from "../scripts/jdk.mjs";
import { startCassandra } from "../scripts/services/cassandra.ts";
import { freePort, type RunningService, type ServiceOptions, startService } from "../scripts/services/java-service.ts";
import { startKafka } from "../scripts/services/kafka.ts";
import { gcReads } from "../src/jvm/mbeans/gc-by-mbeans.ts";
import { openMBeans } from "../src/jvm/mbeans/open-mbeans.ts";
import type { MBeanRead } from "../src/model/target.ts";

// What one look at the MBeans costs: `node bench/mbeans.ts [small] [kafka] [cassandra]`, after `node scripts/services.ts fetch`.
const looks = 100;
const warmUps = 200;
const ticksPerSecond = 100;

const standard: readonly MBeanRead[] = [
  ...gcReads,
  { mbean: "java.nio:type=BufferPool,name=*", attributes: ["MemoryUsed", "TotalCapacity", "Count"] },
  { mbean: "java.lang:type=OperatingSystem", attributes: ["CpuLoad", "SystemCpuLoad", "SystemLoadAverage"] },
  { mbean: "java.lang:type=Memory", attributes: ["HeapMemoryUsage", "ObjectPendingFinalizationCount"] },
  { mbean: "java.lang:type=MemoryPool,name=*", attributes: ["Type", "Usage", "CollectionUsage"] },
  {
    mbean: "java.lang:type=Threading",
    attributes: ["ThreadCount", "DaemonThreadCount", "PeakThreadCount", "TotalStartedThreadCount"],
  },
];

const starts: Readonly<Record<string, (options: ServiceOptions) => Promise<RunningService>>> = {
  small: startSmall,
  kafka: startKafka,
  cassandra: startCassandra,
};
const wanted = process.argv.slice(2);
for (const [name, start] of Object.entries(starts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const jdk of findJdks().filter(({ major }) => name === "small" || major === 17)) await measure(name, start, jdk);
}

async function measure(name: string, start: (options: ServiceOptions) => Promise<RunningService>, jdk: Jdk) {
  const service = await start({ jdk, withJolokia: true });
  try {
    const sets: readonly (readonly [string, readonly MBeanRead[], "observe" | "diagnose"])[] = [
      ["the standard set", standard, "observe"],
      ["buffers alone", standard.slice(3, 4), "observe"],
      [
        "the search for deadlocks",
        [{ mbean: "java.lang:type=Threading", attributes: ["findDeadlockedThreads()"] }],
        "diagnose",
      ],
    ];
    for (const [what, reads, policy] of sets)
      await measureSet(`${name}, JDK ${jdk.major}: ${what}`, service, { reads, policy });
  } finally {
    await service.stop();
  }
}

async function measureSet(
  title: string,
  service: RunningService,
  set: { readonly reads: readonly MBeanRead[]; readonly policy: "observe" | "diagnose" },
): Promise<void> {
  const mbeans = openMBeans({ url: service.jolokiaUrl!, deadlineMillis: 10_000, policy: set.policy });
  const { signal } = new AbortController();
  const look = async () => {
    const begun = performance.now();
    const answers = await mbeans.read(set.reads, signal);
    if (!answers.ok) throw new Error(answers.reason);
    return performance.now() - begun;
  };
  const first = await look();
  for (let times = 0; times < warmUps; times++) await look();
  const cpuBefore = cpuMillis(service.pid);
  const millis: number[] = [];
  for (let times = 0; times < looks; times++) millis.push(await look());
  const cpu = (cpuMillis(service.pid) - cpuBefore) / looks;
  mbeans.close();
  millis.sort((a, b) => a - b);
  const [p50, p95] = [millis[looks / 2]!, millis[Math.floor(looks * 0.95)]!];
  const text = `first ${first.toFixed(0)} ms, then p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`;
  console.log(`${title.padEnd(48)} ${text}; the JVM used ${cpu.toFixed(1)} ms of CPU for each`);
}

/** All that the process used, in user and kernel mode: fields 14 and 15 of its stat. */
function cpuMillis(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

async function startSmall(options: ServiceOptions): Promise<RunningService> {
  const folder = mkdtempSync(join(tmpdir(), "jprof-small-"));
  const source = join(import.meta.dirname, "../fixtures/leaky-store/LeakyStore.java");
  execFileSync(join(options.jdk.home, "bin/javac"), ["-nowarn", "-d", folder, source]);
  const start = { name: "small", classPath: folder, mainClass: "LeakyStore", flags: ["-Xmx256m"], args: [], folder };
  try {
    return await startService({ ...start, ports: { none: await freePort() }, ready: /^ready/ }, options);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
