import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseCgroup } from "../../src/formats/proc/cgroup.ts";
import { parseMountInfo } from "../../src/formats/proc/mountinfo.ts";
import { readCgroup } from "../../src/host/cgroup.ts";
import { compileJava, type RunningJvm, someJdk, startJvm } from "../jdk.ts";

const { signal } = new AbortController();
const name = `jprof-test-${process.pid}`;
const jdk = someJdk();
const cpu = newGroup("cpu") ?? newGroup("unified", "cpu.max");
const accounting = newGroup("cpuacct");
const unified = newGroup("unified");
const groups = [cpu, accounting, unified].filter((group) => group !== undefined);
const canLimit = cpu !== undefined && jdk !== undefined;

afterAll(() => {
  for (const folder of new Set(groups)) rmdirSync(folder);
});

describe(`a JVM in a real control group${canLimit ? "" : " (skipped: no JDK, or none can be made here)"}`, () => {
  test.skipIf(!canLimit)("is throttled by its quota, and jprof sees how much", { timeout: 60_000 }, async () => {
    limit(cpu!);
    const jvm = await startBusyJvm();
    try {
      for (const folder of groups) writeFileSync(join(folder, "cgroup.procs"), String(jvm.pid));
      await expect.poll(async () => (await cpuOf(jvm))?.throttledPeriods, { timeout: 30_000 }).toBeGreaterThan(1);
      const now = await cpuOf(jvm);
      expect(now).toMatchObject({ limitCpus: 0.05 });
      expect(now?.usageSeconds).toBeGreaterThan(0);
      expect(now?.throttledSeconds).toBeGreaterThan(0);
      expect(now?.periods).toBeGreaterThanOrEqual(now!.throttledPeriods!);
      const answer = await readCgroup(jvm.pid, { procRoot: "/proc", sysRoot: "/sys" }, signal);
      if (unified !== undefined && existsSync(join(unified, "cpu.pressure"))) {
        expect(answer.ok && answer.value.pressure.cpu?.someSeconds).toBeGreaterThanOrEqual(0);
      }
    } finally {
      await jvm.stop();
    }
  });
});

async function cpuOf(jvm: RunningJvm) {
  const answer = await readCgroup(jvm.pid, { procRoot: "/proc", sysRoot: "/sys" }, signal);
  return answer.ok ? answer.value.cpu : undefined;
}

function limit(folder: string): void {
  if (existsSync(join(folder, "cpu.max"))) {
    writeFileSync(join(folder, "cpu.max"), "5000 100000");
    return;
  }
  writeFileSync(join(folder, "cpu.cfs_period_us"), "100000");
  writeFileSync(join(folder, "cpu.cfs_quota_us"), "5000");
}

/** Two threads that would use two CPUs. */
async function startBusyJvm(): Promise<RunningJvm> {
  const classPath = await compileJava(jdk!, join(import.meta.dirname, "Busy.java"));
  return startJvm(jdk!, { classPath, mainClass: "Busy", flags: ["-Xmx32m", "-XX:TieredStopAtLevel=1"] });
}

/**
 * Makes a group below the root of a hierarchy, where this process itself is in that root: so nothing that is set for this process is
 * evaded. Undefined where that is not so, or not allowed.
 */
function newGroup(controller: string, neededFile = "cgroup.procs"): string | undefined {
  try {
    const membership = parseCgroup(readFileSync("/proc/self/cgroup", "utf8")).find(({ controllers, hierarchy }) =>
      controller === "unified" ? hierarchy === 0 : controllers.includes(controller),
    );
    const mount = parseMountInfo(readFileSync("/proc/self/mountinfo", "utf8")).find(({ fileSystem, superOptions }) =>
      controller === "unified"
        ? fileSystem === "cgroup2"
        : fileSystem === "cgroup" && superOptions.includes(controller),
    );
    if (membership?.path !== "/" || mount?.root !== "/") return undefined;
    accessSync(mount.mountPoint, constants.W_OK);
    const folder = join(mount.mountPoint, name);
    mkdirSync(folder, { recursive: true });
    if (existsSync(join(folder, neededFile))) return folder;
    rmdirSync(folder);
  } catch {
    // No such hierarchy, or it may not be written: the test says that it is skipped.
  }
  return undefined;
}
