import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AgentProcess, startAgentProcess, until } from "../agent-process.ts";
import { compileJava, type RunningJvm, someJdk, startJvm } from "../jdk.ts";

const jdk = someJdk();
/** A name that no other JVM of this machine has. */
const mainClass = "Churn";
const folder = mkdtempSync(join(tmpdir(), "jprof-agent-"));
const config = join(folder, "jprof.yaml");
const settings = "pollSeconds: 1\ndiscoverySeconds: 1\njvms:\n  include: [Churn]\n";

describe.skipIf(jdk === undefined)("jprof agent on real JVMs", { timeout: 60_000 }, () => {
  let classPath: string;
  let agent: AgentProcess;
  let first: RunningJvm;
  const others: RunningJvm[] = [];

  beforeAll(async () => {
    classPath = await compileJava(jdk!, join(import.meta.dirname, "../../fixtures/churn/Churn.java"));
    first = await start("first");
    writeFileSync(config, settings);
    agent = await startAgentProcess({ args: ["--config", config] });
  });

  afterAll(async () => {
    await agent?.stop();
    await Promise.all([first, ...others].map((jvm) => jvm?.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  test("every tier that the JVM has tells something", async () => {
    await until(
      async () => /^jvm_gc_duration_seconds_count\{[^}]*jprof_gc_kind="pause"/m.test(await agent.page("/metrics")),
      20_000,
    );
    await until(async () => (await tierOf(agent, first, "attach")) === "ok", 20_000);
    await until(async () => (await agent.page("/metrics")).includes("jprof_nmt_committed_bytes"), 10_000);
    const page = await agent.page("/metrics");
    const value = (name: string) =>
      Number(new RegExp(`^${name}\\{[^}]*process_pid="${first.pid}"[^}]*\\} (\\S+)$`, "m").exec(page)?.[1]);
    expect(value("jprof_target_up")).toBe(1);
    expect(value("jprof_heap_limit_bytes")).toBeGreaterThan(32e6);
    expect(value("jprof_heap_live_bytes")).toBeGreaterThan(1e6);
    expect(value("jvm_memory_allocation_bytes_total")).toBeGreaterThan(1e6);
    expect(value("jprof_nmt_committed_bytes")).toBeGreaterThan(1e6);
    expect(value("process_memory_usage_bytes")).toBeGreaterThan(10e6);
    expect(value("jprof_safepoint_time_seconds_total")).toBeGreaterThan(0);
    expect(page).toMatch(/^target_info\{[^}]*service_name="Churn"/m);
  });

  test("/targets says how each tier does, and why something is missing", async () => {
    const { targets } = JSON.parse(await agent.page("/targets"));
    const target = targets.find(({ pid }: { pid: number }) => pid === first.pid);
    expect(target).toMatchObject({
      name: mainClass,
      service: mainClass,
      policy: "observe",
      javaVersion: expect.any(String),
    });
    const states = Object.fromEntries(
      target.tiers.map(({ tier, state }: { tier: string; state: string }) => [tier, state]),
    );
    expect(states).toMatchObject({ "perf-counters": "ok", attach: "ok", proc: "ok", mbeans: "absent" });
    const buffers = target.collectors.find(({ name }: { name: string }) => name === "buffers");
    expect(buffers.missing[0].reason).toContain("Jolokia");
  });

  test("under observe, no JVM stops for it", () => {
    const reasons = [...readFileSync(join(folder, "first.log"), "utf8").matchAll(/Safepoint "(\w+)"/g)].map(
      ([, reason]) => reason!,
    );
    expect(reasons.length).toBeGreaterThan(0);
    expect(
      reasons.filter(
        (reason) =>
          !/^(Cleanup|ICBufferFull|GenCollect\w+|SerialCollect\w+|CollectForMetadata\w+|SerialGCCollect|GenCollectFull|SerialFullGC|Serial\w+)$/.test(
            reason,
          ),
      ),
    ).toEqual([]);
  });

  test("a JVM that stands still costs the others nothing, and is seen again when it goes on", async () => {
    const other = await start("other");
    others.push(other);
    await until(async () => (await tierOf(agent, other, "attach")) === "ok", 20_000);
    process.kill(first.pid, "SIGSTOP");
    try {
      const polls = await pollsOf(agent, first);
      await until(async () => (await upOf(agent, first)) === 0, 30_000);
      expect((await pollsOf(agent, first)) - polls).toBeLessThanOrEqual(3);
      expect(await upOf(agent, other)).toBe(1);
      await until(async () => (await tierOf(agent, first, "attach")) !== "ok", 30_000);
      const began = performance.now();
      const page = await agent.page("/metrics");
      expect(performance.now() - began).toBeLessThan(1_000);
      expect(page).toContain(`process_pid="${other.pid}"`);
      expect(await tierOf(agent, other, "attach")).toBe("ok");
    } finally {
      process.kill(first.pid, "SIGCONT");
    }
    await until(async () => (await upOf(agent, first)) === 1, 30_000);
    await until(async () => (await tierOf(agent, first, "attach")) === "ok", 30_000);
  });

  test("series end with their JVM", async () => {
    const other = others.pop()!;
    await other.stop();
    await until(async () => !(await agent.page("/metrics")).includes(`process_pid="${other.pid}"`), 15_000);
    expect(await agent.page("/metrics")).toContain(`process_pid="${first.pid}"`);
  });

  test("a new configuration is taken while it runs, a wrong one is not", async () => {
    const messages = () => agent.log.map(({ msg }) => msg);
    writeFileSync(config, `${settings}policy: never\n`);
    process.kill(agent.pid, "SIGHUP");
    await until(() => messages().includes("the configuration stays as it was"), 10_000);
    expect(JSON.stringify(agent.log)).toContain("jprof.yaml:5: policy");
    writeFileSync(config, `${settings}attributes:\n  deployment.environment.name: test\n`);
    process.kill(agent.pid, "SIGHUP");
    await until(() => messages().includes("the new configuration is in force"), 20_000);
  });

  test("it ends when it is asked to, with 0", async () => {
    expect(await agent.stop()).toBe(0);
  });

  function start(name: string): Promise<RunningJvm> {
    const log = `-Xlog:safepoint:file=${join(folder, `${name}.log`)}`;
    const flags = [
      "-Xmx64m",
      "-XX:+UseSerialGC",
      "-XX:NativeMemoryTracking=summary",
      log,
      "-Drate.mb=20",
      "-Dfull.millis=0",
    ];
    return startJvm(jdk!, { classPath, mainClass, flags });
  }
});

async function tierOf(agent: AgentProcess, jvm: RunningJvm, wanted: string): Promise<string | undefined> {
  return (await targetOf(agent, jvm))?.tiers.find(({ tier }) => tier === wanted)?.state;
}

async function upOf(agent: AgentProcess, jvm: RunningJvm): Promise<number> {
  const page = await agent.page("/metrics");
  return Number(new RegExp(`^jprof_target_up\\{[^}]*process_pid="${jvm.pid}"[^}]*\\} (\\d)$`, "m").exec(page)?.[1]);
}

async function pollsOf(agent: AgentProcess, jvm: RunningJvm): Promise<number> {
  return (await targetOf(agent, jvm))?.polls ?? 0;
}

interface TargetEntry {
  readonly pid: number;
  readonly polls: number;
  readonly tiers: readonly { readonly tier: string; readonly state: string }[];
}

async function targetOf(agent: AgentProcess, jvm: RunningJvm): Promise<TargetEntry | undefined> {
  const { targets } = JSON.parse(await agent.page("/targets")) as { readonly targets: readonly TargetEntry[] };
  return targets.find(({ pid }) => pid === jvm.pid);
}
