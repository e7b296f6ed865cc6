import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buffersCollector } from "../../../collectors/buffers.ts";
import { allocatedBytesByMBeans, memoryByMBeans } from "../../../collectors/mbean-memory.ts";
import { mbeanRuntimeCollector } from "../../../collectors/mbean-runtime.ts";
import { deadlockedThreadsByMBeans, threadCountsByMBeans } from "../../../collectors/mbean-threads.ts";
import { jolokiaJar } from "../../../scripts/services/artifacts.ts";
import { freePort, untilListening } from "../../../scripts/services/java-service.ts";
import { GcByMBeans, gcReads } from "../../../src/jvm/mbeans/gc-by-mbeans.ts";
import { jolokiaEndpointOf } from "../../../src/jvm/mbeans/jolokia-endpoint.ts";
import { loadJolokiaAgent } from "../../../src/jvm/mbeans/load-agent.ts";
import { type MBeans, type MBeansOptions, openMBeans } from "../../../src/jvm/mbeans/open-mbeans.ts";
import type { Target } from "../../../src/model/target.ts";
import { fakeTarget } from "../../collectors/fake-target.ts";
import { compileJava, type Jdk, jdksOf, type RunningJvm, startJvm } from "../../jdk.ts";
import { attachLoad } from "./attach-load.ts";

const jar = jolokiaJar();
const jdks = jar === undefined ? [] : jdksOf(17, 25);
const skipped = jar === undefined ? " (skipped: no Jolokia agent; node scripts/services.ts fetch jolokia)" : "";
if (skipped !== "") process.stderr.write(`real Jolokia agents${skipped}\n`);
const { signal } = new AbortController();
const patience = { timeout: 10_000 };

let classPath: string;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "jprof-mbeans-"));
  const [jdk] = jdks;
  if (jdk !== undefined)
    classPath = await compileJava(jdk, join(import.meta.dirname, "../../../fixtures/mbeans/OddBeans.java"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Running {
  readonly jvm: RunningJvm;
  readonly mbeans: MBeans;
  readonly target: Target;
  stop(): Promise<void>;
}

/** Runs the odd program with an agent, and finds the agent as jprof does. */
async function startOdd(
  jdk: Jdk,
  agentOptions: string,
  options: Partial<MBeansOptions> & { args?: string[]; flags?: string[] } = {},
): Promise<Running> {
  const port = await freePort();
  const agent = `-javaagent:${jar}=host=127.0.0.1,port=${port}${agentOptions}`;
  const { args = [], flags = [], ...rest } = options;
  const jvm = await startJvm(jdk, { classPath, mainClass: "OddBeans", flags: ["-Xmx64m", agent, ...flags], args });
  const { url } = jolokiaEndpointOf([agent])!;
  const mbeans = openMBeans({ url, deadlineMillis: 20_000, ...rest });
  await untilListening(port, 20_000);
  return {
    jvm,
    mbeans,
    target: { ...fakeTarget(), mbeans: (reads, by) => mbeans.read(reads, by) },
    async stop() {
      mbeans.close();
      await jvm.stop();
    },
  };
}

describe.runIf(jdks.length > 0).each(jdks)(`a real agent on JDK $major${skipped}`, (jdk) => {
  let running: Running;
  const safepoints = () => readFileSync(join(folder, `safepoints-${jdk.major}.log`), "utf8");

  beforeAll(async () => {
    const log = `-Xlog:safepoint=info:file=${join(folder, `safepoints-${jdk.major}.log`)}`;
    running = await startOdd(jdk, "", { policy: "diagnose", args: ["deadlock"], flags: ["-XX:+UseG1GC", log] });
  });
  afterAll(() => running?.stop());

  test("tells every buffer pool, and the buffers that the program holds", async () => {
    const { samples, missing } = await buffersCollector.collect(running.target, signal);
    expect(missing).toEqual([]);
    const direct = samples.filter(({ labels }) => labels["jvm.buffer.pool.name"] === "direct");
    const [used = 0, limit = 0, count = 0] = direct.map(({ value }) => value);
    expect(used).toBeGreaterThanOrEqual(3 << 20);
    expect(used).toBeLessThan(4 << 20);
    expect(limit).toBeGreaterThanOrEqual(3 << 20);
    expect(count).toBeGreaterThanOrEqual(3);
    expect(new Set(samples.map(({ labels }) => labels["jvm.buffer.pool.name"]))).toContain("mapped");
  });

  test("tells memory, threads, load and allocation, and stops no thread for that", async () => {
    const all = () =>
      Promise.all([
        memoryByMBeans(running.target, signal),
        threadCountsByMBeans(running.target, signal),
        allocatedBytesByMBeans(running.target, signal),
      ]);
    for (let times = 0; times < 10; times++) await all();
    const [memory, threads, allocated] = await all();
    expect(memory).toMatchObject({ ok: true, value: { heap: { limit: 64 << 20 } } });
    const pools = memory.ok ? memory.value.pools.map(({ name }) => name) : [];
    expect(pools).toEqual(
      expect.arrayContaining(["G1 Eden Space", "G1 Old Gen", "Metaspace", "CodeHeap 'non-nmethods'"]),
    );
    expect(threads).toMatchObject({ ok: true, value: { live: expect.any(Number) } });
    expect(allocated.ok && allocated.value).toBeGreaterThan(0);
    const { missing } = await mbeanRuntimeCollector.collect(running.target, signal);
    expect(missing.flatMap(({ metrics }) => metrics)).not.toContain("jvm.system.cpu.load_1m");
    const stops = [...safepoints().matchAll(/Safepoint "(\w+)"/g)].map(([, operation]) => operation!);
    expect(stops.filter((operation) => /Thread|Deadlock|Dump|HeapWalk/.test(operation))).toEqual([]);
  });

  test("tells a deadlock, for which it stops the JVM", async () => {
    expect(await deadlockedThreadsByMBeans(running.target, signal)).toMatchObject({ ok: true, value: 2 });
    await expect.poll(safepoints, patience).toContain('Safepoint "FindDeadlocks"');
  });

  test("tells a collection between two looks", async () => {
    const gc = new GcByMBeans();
    const look = async () => {
      const answers = await running.mbeans.read(gcReads, signal);
      return answers.ok ? gc.accept(answers.value) : answers;
    };
    await look();
    await running.jvm.jcmd("GC.run");
    const activity = await look();
    expect(activity).toMatchObject({ ok: true, value: { lostEvents: 0, allocationQuality: "exact" } });
    if (!activity.ok) return;
    const full = activity.value.events.filter(({ name }) => name === "G1 Old Generation");
    expect(full).toMatchObject([{ action: "end of major GC", kind: "pause", endSeconds: expect.any(Number) }]);
    expect(full[0]!.durationSeconds).toBeGreaterThan(0);
    expect(activity.value.usedAfterGc.get("G1 Old Gen")).toBeGreaterThan(0);
  });

  test("gives odd values, and the reasons of those that it cannot give", async () => {
    const all = ["Huge", "Nan", "Text", "Throws", "Nope"];
    const answers = await running.mbeans.read(
      [
        { mbean: "test:type=Odd,name=plain", attributes: all },
        { mbean: String.raw`test:type=Odd,name="a,b=c:d\*"`, attributes: ["Huge"] },
        { mbean: "test:type=Odd,name=plain", attributes: ["Throws"] },
        { mbean: "test:type=Odd,name=plain", attributes: ["Nope"] },
        { mbean: "test:type=Odd,name=*", attributes: ["Nope"] },
        { mbean: "test:type=Odd,name=none", attributes: ["Huge"] },
        { mbean: "none:type=*", attributes: ["Huge"] },
        { mbean: "none:type=None,*", attributes: ["Huge"] },
      ],
      signal,
    );
    expect(answers.ok && answers.value).toMatchObject([
      { ok: true, value: { Huge: 2 ** 63, Nan: null, Text: 'ERROR: of the program, € "quoted"' } },
      { ok: true, value: { Huge: 2 ** 63 } },
      { ok: false, code: "failed", reason: expect.stringContaining("boom") },
      { ok: false, code: "absent" },
      { ok: false, code: "absent" },
      { ok: false, code: "absent", reason: 'there is no MBean "test:type=Odd,name=none"' },
      { ok: false, code: "forbidden" },
      { ok: false, code: "absent" },
    ]);
    expect(running.mbeans.agentVersion()).toMatch(/^2\./);
  });
});

describe.runIf(jdks.length > 0)(`a guarded agent${skipped}`, () => {
  test("wants TLS and a password, and forbids what its policy forbids", async () => {
    const policy = join(folder, "policy.xml");
    const denied = "<mbean><name>java.lang:type=Threading</name><attribute>*</attribute></mbean>";
    writeFileSync(policy, `<restrict><deny>${denied}</deny></restrict>`);
    const guards = `,protocol=https,user=me,password=secret,policyLocation=file://${policy}`;
    const login = { user: "me", password: "secret", rejectUnauthorized: false };
    const { mbeans, stop, target } = await startOdd(jdks.at(-1)!, guards, login);
    expect(await threadCountsByMBeans(target, signal)).toMatchObject({
      ok: false,
      code: "denied",
      reason: expect.stringContaining("the policy of the JVM's Jolokia agent forbids it"),
    });
    expect(await memoryByMBeans(target, signal)).toMatchObject({ ok: true });
    expect(mbeans.status()).toMatchObject({ state: "ok" });
    await stop();
  });
});

describe.runIf(jdks.length > 0).each(jdks)(`loading the agent into JDK $major${skipped}`, (jdk) => {
  async function load(flags: readonly string[], jarPath: string) {
    const start = { classPath, mainClass: "OddBeans", flags: ["-Xmx64m", "-XX:+StartAttachListener", ...flags] };
    const jvm = await startJvm(jdk, start);
    const port = await freePort();
    const by = (args: readonly string[]) => attachLoad(jvm.pid, args);
    const loaded = await loadJolokiaAgent(
      {
        policy: "intrude",
        jarPath,
        port,
        deadlineMillis: 20_000,
        load: by,
        options: { user: "me", password: "a,b\\c" },
      },
      signal,
    );
    const mbeans = openMBeans({
      url: `http://127.0.0.1:${port}/jolokia`,
      user: "me",
      password: "a,b\\c",
      deadlineMillis: 5_000,
    });
    const answers = await mbeans.read([{ mbean: "test:type=Odd,name=plain", attributes: ["Huge"] }], signal);
    await jvm.stop();
    return { loaded, answers };
  }

  test("makes its MBeans readable", async () => {
    const { loaded, answers } = await load([], jar!);
    expect(loaded).toMatchObject({ ok: true, source: "attach" });
    expect(answers).toMatchObject({ ok: true, value: [{ ok: true }] });
  });

  test("is told apart from a path that the JVM does not know, and from a JVM that takes no agents", async () => {
    const { loaded } = await load(["-XX:-EnableDynamicAgentLoading"], jar!);
    expect(loaded).toMatchObject({
      ok: false,
      code: "denied",
      reason: expect.stringContaining("EnableDynamicAgentLoading"),
    });
    const { loaded: missing } = await load([], "/nowhere/jolokia.jar");
    expect(missing).toMatchObject({ ok: false, reason: expect.stringContaining("finds no agent there") });
  });
});
