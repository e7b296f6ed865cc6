import { chmodSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../agent-process.ts";
import { mainFile } from "../cli/run-jprof.ts";
import { compileJava, jdksOf } from "../jdk.ts";
import { asUser, canRunOthers } from "../jvm/idle-jvms.ts";
import { canBeElsewhere, launchElsewhere, type NamespaceProcess, sharedTmp } from "../jvm/pid-namespace.ts";
import { readDeployed } from "./manifests.ts";

// The sidecar of deploy/kubernetes/sidecar-shared-tmp.yaml: service and agent each process 1 of a PID namespace of its own, one user, one /tmp.
const top = resolve(import.meta.dirname, "../..");
const jdks = jdksOf(17, 25);
/** The agent is started from here as another user. */
const canBeEntered = canBeElsewhere && canRunOthers([...asUser(65534), "test", "-r", mainFile]);

/** Node.js as it is seen where the project is shown as /mnt. */
function nodeInMnt(): string {
  const inside = relative(top, process.execPath);
  return inside.startsWith("..") ? process.execPath : join("/mnt", inside);
}

test("the manifest starts the service with a listener, since it cannot be asked for one", () => {
  expect(readDeployed("kubernetes/sidecar-shared-tmp.yaml")).toMatch(/value: -XX:\+StartAttachListener /);
});

describe.runIf(canBeEntered).each(jdks)("a sidecar that shares nothing but /tmp, Java $major", ({ home }) => {
  const running: NamespaceProcess[] = [];
  let url = "";
  const page = async (path: string) => (await fetch(`${url}${path}`)).text();
  beforeAll(async () => {
    const tmp = sharedTmp();
    const classes = await compileJava(jdks[0]!, join(top, "fixtures/churn/Churn.java"));
    chmodSync(classes, 0o755);
    const flags = ["-XX:+StartAttachListener", "-XX:NativeMemoryTracking=summary"];
    const environment = ["env", `JAVA_TOOL_OPTIONS=${flags.join(" ")}`];
    const service = [...environment, join(home, "bin/java"), "-Xmx48m", "-Drate.mb=10", "-cp", "/mnt", "Churn"];
    const jvm = launchElsewhere({ tmp, mnt: classes, command: service });
    running.push(jvm);
    await jvm.line((line) => line === "ready");
    const jprof = [nodeInMnt(), "/mnt/src/cli/main.ts", "agent", "--listen", "127.0.0.1:0", "--poll", "1"];
    const agent = launchElsewhere({ tmp, mnt: top, command: jprof });
    running.push(agent);
    const line = await agent.line((text) => text.includes('"msg":"listening"'));
    url = String(JSON.parse(line).url).replace(/\/metrics$/, "");
    await until(async () => (await fetch(`${url}/readyz`)).ok, 30_000);
  }, 60_000);
  afterAll(() => Promise.all(running.map((each) => each.kill())));

  test("shows collections, the heap, and native memory by attach", async () => {
    await until(async () => (await page("/metrics")).includes("jvm_gc_duration_seconds_count"), 20_000);
    const metrics = await page("/metrics");
    const own = 'service_name="Churn",process_pid="1"';
    expect(metrics).toContain(`jvm_gc_duration_seconds_bucket{${own}`);
    expect(metrics).toMatch(new RegExp(`^jprof_heap_used_bytes\\{${own}\\} \\d{6,}$`, "m"));
    expect(metrics).toMatch(/^jprof_nmt_committed_bytes\{.*jprof_nmt_category="Java Heap"\} \d{6,}$/m);
    expect(metrics).not.toMatch(/^process_memory_usage_bytes\{service_name="Churn"/m);
  });

  test("says what it cannot see, and why", async () => {
    const { targets } = JSON.parse(await page("/targets"));
    expect(targets).toHaveLength(1);
    expect(targets[0].obstacles.map(({ code }: { code: string }) => code)).toEqual(["pid-namespace-hidden"]);
    const states = targets[0].tiers.map(({ tier, state }: { tier: string; state: string }) => `${tier} ${state}`);
    expect(states).toEqual(["perf-counters ok", "proc absent", "cgroup absent", "attach ok", "mbeans absent"]);
  });

  test("ends as process 1 when it is asked to", async () => {
    const agent = running.pop()!;
    process.kill(agent.pid(), "SIGTERM");
    expect(await agent.exit).toBe(0);
    expect(agent.lines.at(-1)).toContain('"msg":"stopped"');
  });
});
