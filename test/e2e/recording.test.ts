import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AgentProcess, startAgentProcess, until } from "../agent-process.ts";
import { compileJava, jdksOf, type RunningJvm, someJdk, startJvm } from "../jdk.ts";

const jdk = jdksOf(25)[0] ?? someJdk();
const folder = mkdtempSync(join(tmpdir(), "jprof-recording-"));
const config = join(folder, "jprof.json");

describe.skipIf(jdk === undefined)("an agent that records", { timeout: 90_000 }, () => {
  let agent: AgentProcess;
  let jvm: RunningJvm;
  let plain: RunningJvm;

  beforeAll(async () => {
    const common = {
      classPath: await compileJava(jdk!, join(import.meta.dirname, "../../fixtures/hotpaths/HotPaths.java")),
    };
    const start = (mainClass: string, args: readonly string[], classPath = common.classPath) =>
      startJvm(jdk!, { classPath, mainClass, args, flags: ["-Xmx64m", "-XX:+UseSerialGC", "-Dhotpaths.seconds=200"] });
    jvm = await start("HotPaths", ["lock-convoy"]);
    plain = await start(
      "Idle",
      [],
      await compileJava(jdk!, join(import.meta.dirname, "../../fixtures/idle/Idle.java")),
    );
    const services = [{ match: "HotPaths", policy: "diagnose", recording: { enabled: true, maxAgeMinutes: 1 } }];
    const seconds = { pollSeconds: 1, discoverySeconds: 1 };
    writeFileSync(config, JSON.stringify({ ...seconds, jvms: { include: ["HotPaths", "Idle"] }, services }));
    agent = await startAgentProcess({ args: ["--config", config] });
    await until(async () => (await agent.page("/metrics")).includes("jprof_lock_wait_time_seconds_total{"), 60_000);
  }, 120_000);

  afterAll(async () => {
    await agent?.stop();
    await Promise.all([jvm, plain].map((one) => one?.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (query: string) => {
    const answer = await fetch(`${agent.url}/profile?${query}`);
    return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
  };

  test("tells of the JVM that it shall record, and of no other", async () => {
    const page = await agent.page("/metrics");
    expect(page).toMatch(/^jprof_recording_state\{[^}]*jprof_state="recording"\} 1$/m);
    expect(page).toContain('jprof_class="java.util.concurrent.locks.ReentrantLock$NonfairSync"');
    expect(page).not.toMatch(new RegExp(`^jprof_recording\\w+\\{[^}]*process_pid="${plain.pid}"`, "m"));
    const { targets } = JSON.parse(await agent.page("/targets"));
    const of = (pid: number) => targets.find((target: { pid: number }) => target.pid === pid);
    expect(of(jvm.pid).recording).toMatchObject({ state: "recording", reason: "", coarseness: 0 });
    expect(of(jvm.pid).recording.profiles[0]).toBe(`/profile?pid=${jvm.pid}&kind=cpu&seconds=60&format=html`);
    expect(of(plain.pid).recording).toBeUndefined();
  });

  test("shows profiles of what was recorded, in every format", async () => {
    const query = `pid=${jvm.pid}&kind=lock&seconds=60&event=jdk.ThreadPark`;
    const collapsed = await ask(`${query}&format=collapsed`);
    expect(collapsed).toMatchObject({ status: 200, type: "text/plain; charset=utf-8" });
    expect(collapsed.text).toMatch(/^.*HotPaths\$Store\.appendUnderLock;.* \d+$/m);
    const [json, speedscope, html, pprof] = [
      await ask(`${query}&format=json`),
      await ask(`${query}&format=speedscope`),
      await ask(query),
      await ask(`${query}&format=pprof`),
    ];
    expect(JSON.parse(json.text).profiles).toEqual([
      expect.objectContaining({ kind: "lock", event: "jdk.ThreadPark" }),
    ]);
    expect(JSON.parse(speedscope.text).profiles.length).toBeGreaterThan(0);
    expect(html.text).toContain("flame");
    expect(pprof.status).toBe(200);
  });

  test("says why there is no profile", async () => {
    expect(await ask("pid=1")).toMatchObject({ status: 404 });
    expect(await ask("kind=cpu")).toMatchObject({ status: 400 });
    expect(await ask(`pid=${jvm.pid}&kind=heap`)).toMatchObject({ status: 400 });
    expect(await ask(`pid=${jvm.pid}&seconds=-1`)).toMatchObject({ status: 400 });
    const unrecorded = await ask(`pid=${plain.pid}`);
    expect(unrecorded).toMatchObject({ status: 409, text: expect.stringContaining("recording.enabled") });
    const both = await Promise.all([ask(`pid=${jvm.pid}&kind=all`), ask(`pid=${jvm.pid}&kind=all`)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 503]);
  });

  test("goes on when a JVM that it records is killed", async () => {
    await jvm.stop();
    await until(async () => !(await agent.page("/metrics")).includes(`process_pid="${jvm.pid}"`), 20_000);
    expect(await agent.page("/metrics")).toContain(`process_pid="${plain.pid}"`);
    expect(await ask(`pid=${jvm.pid}`)).toMatchObject({ status: 404 });
    expect(agent.log.filter(({ level }) => level === "error")).toEqual([]);
  });
});
