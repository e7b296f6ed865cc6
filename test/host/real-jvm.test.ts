import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hugePagesCollector } from "../../collectors/huge-pages.ts";
import { pressureCollector } from "../../collectors/pressure.ts";
import { processCollector } from "../../collectors/process.ts";
import { residentMemoryCollector } from "../../collectors/resident-memory.ts";
import { schedulingCollector } from "../../collectors/scheduling.ts";
import { parseStat } from "../../src/formats/proc/stat.ts";
import { readCgroup } from "../../src/host/cgroup.ts";
import { readProcFile } from "../../src/host/proc-file.ts";
import { ThreadTotals } from "../../src/host/thread-totals.ts";
import type { Collector } from "../../src/model/collector.ts";
import type { Target } from "../../src/model/target.ts";
import { fakeTarget } from "../collectors/fake-target.ts";
import { compileJava, type RunningJvm, someJdk, startJvm } from "../jdk.ts";

const { signal } = new AbortController();
const jdk = someJdk();
const folder = mkdtempSync(join(tmpdir(), "jprof-known-"));
const told = join(folder, "cpus");
let jvm: RunningJvm;
let target: Target;

describe.skipIf(jdk === undefined)("a real JVM", () => {
  beforeAll(async () => {
    const classPath = await compileJava(jdk!, join(import.meta.dirname, "Known.java"));
    jvm = await startJvm(jdk!, { classPath, mainClass: "Known", args: [told], flags: ["-Xmx64m", "-XX:+UseSerialGC"] });
    target = realTarget(jvm.pid);
  }, 90_000);

  afterAll(() => jvm.stop());

  test("has the CPUs that it counts itself, and used what it did", async () => {
    const values = await valuesOf(processCollector);
    expect(values["jvm.cpu.count"]).toBe(Number(readFileSync(told, "utf8")));
    expect(values["jvm.cpu.time"]).toBeGreaterThan(0.05);
    expect(values["process.thread.count"]).toBeGreaterThan(15);
    expect(values["jvm.file_descriptor.count"]).toBeGreaterThanOrEqual(20);
    expect(values["jvm.file_descriptor.limit"]).toBeGreaterThan(values["jvm.file_descriptor.count"]!);
    expect(values["process.paging.faults minor"]).toBeGreaterThan(6000);
  });

  test("has resident memory of each kind, which is what it has in all", async () => {
    const values = await valuesOf(residentMemoryCollector);
    const kinds = ["anonymous", "file", "shmem"].map((kind) => values[`jprof.process.memory.resident ${kind}`]!);
    expect(kinds[0]).toBeGreaterThan(24 * 2 ** 20);
    expect(kinds.reduce((sum, kind) => sum + kind, 0)).toBe(values["process.memory.usage"]);
    expect(Object.keys(await valuesOf(hugePagesCollector))).toContain("jprof.process.memory.huge_pages anonymous");
  });

  test("has threads that switch, which its main thread alone does not", async () => {
    await valuesOf(schedulingCollector);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const values = await valuesOf(schedulingCollector);
    expect(values["process.context_switches voluntary"]).toBeGreaterThan(100);
  });

  test.skipIf(noPressure())("runs on a host whose pressure is known", async () => {
    const values = await valuesOf(pressureCollector);
    expect(values["jprof.pressure.stall.time cpu some host"]).toBeGreaterThanOrEqual(0);
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Values by metric and labels, in the collector's order. */
async function valuesOf(collector: Collector): Promise<Readonly<Record<string, number>>> {
  const { samples } = await collector.collect(target, signal);
  return Object.fromEntries(
    samples.map(({ metric, labels, value }) => [[metric.name, ...Object.values(labels)].join(" "), value]),
  );
}

/** The host's part of a target: files and control groups of this machine. */
function realTarget(pid: number): Target {
  const { startTicks } = parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  const process = { pid, startTicks, procRoot: "/proc", threads: new ThreadTotals() };
  return {
    ...fakeTarget({ identity: { pid, startTicks, startedAtMillis: Date.now() } }),
    readProc: (file) => readProcFile(process, file, signal),
    cgroup: () => readCgroup(pid, { procRoot: "/proc", sysRoot: "/sys", startTicks }, signal),
  };
}

function noPressure(): boolean {
  try {
    return !readFileSync("/proc/pressure/cpu", "utf8").startsWith("some");
  } catch {
    return true;
  }
}
