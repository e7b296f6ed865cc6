import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { openLiveTarget } from "../../src/jvm/live-target.ts";
import { createTmpDiscovery } from "../../src/jvm/tmp-discovery.ts";
import type { DiscoveredJvm, LiveTarget } from "../../src/model/jvm-source.ts";
import { targetKeyOf } from "../../src/model/target.ts";
import { jdksOf } from "../jdk.ts";
import { idleClasses } from "./attach/idle-jvm.ts";
import { canBeElsewhere, launchElsewhere, type NamespaceProcess, sharedTmp } from "./pid-namespace.ts";

const signal = AbortSignal.timeout(120_000);
const jdks = jdksOf(17, 25);
if (jdks.length === 0) process.stderr.write("skipped: no JDK 17 nor 25 on this machine\n");

describe("a /tmp", () => {
  test("that is not there holds no JVM", () => {
    expect(createTmpDiscovery({ folders: ["/nowhere"] }).list([])).toEqual([]);
  });

  test("whose files hold anything whatever harms nothing, and is left alone", () => {
    const tmp = sharedTmp();
    mkdirSync(join(tmp, "hsperfdata_a"));
    writeFileSync(join(tmp, ".java_pid7"), "no socket");
    symlinkSync("/dev/zero", join(tmp, "hsperfdata_a/8"));
    execFileSync("mkfifo", [join(tmp, "hsperfdata_a/9")]);
    const discovery = createTmpDiscovery({ folders: [tmp] });
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .uint8Array({ maxLength: 200 })
        .map((rest) => Buffer.concat([Buffer.from([0xca, 0xfe, 0xc0, 0xc0, 1, 2]), rest])),
    );
    fc.assert(
      fc.property(bytes, (content) => {
        writeFileSync(join(tmp, "hsperfdata_a/7"), content);
        expect(discovery.list([])).toEqual([]);
      }),
      { seed: 8, numRuns: 200 },
    );
  });
});

describe.runIf(canBeElsewhere).each(jdks)("a JVM of another PID namespace, Java $major", ({ home, major }) => {
  const running: NamespaceProcess[] = [];
  const targets: LiveTarget[] = [];
  afterEach(async () => {
    for (const target of targets.splice(0)) target.close();
    await Promise.all(running.splice(0).map((jvm) => jvm.kill()));
  });

  async function start(tmp: string, ...flags: readonly string[]): Promise<NamespaceProcess> {
    const command = [join(home, "bin/java"), "-Xmx32m", "-XX:TieredStopAtLevel=1", ...flags, "-cp", "/mnt", "Idle"];
    const jvm = launchElsewhere({ tmp, mnt: await idleClasses(jdks[0]!), command });
    running.push(jvm);
    await jvm.line((line) => line === "ready");
    return jvm;
  }

  function open(jvm: DiscoveredJvm): LiveTarget {
    const options = { procRoot: "/proc", sysRoot: "/sys", policy: "observe", limits: {} } as const;
    const target = openLiveTarget(jvm, { ...options, audit: () => undefined, openMBeans: undefined });
    targets.push(target);
    return target;
  }

  test("is found by its socket and its counters, and asked by them", async () => {
    const tmp = sharedTmp();
    await start(tmp, "-XX:+StartAttachListener", "-XX:NativeMemoryTracking=summary");
    const found = createTmpDiscovery({ folders: [tmp] }).list([]);
    expect(found.map(({ identity, obstacles, tmpFolder }) => ({ ...identity, obstacles, tmpFolder }))).toMatchObject([
      {
        ...{ pid: 1, namespacePid: 1, uid: 65534, gid: 65534, name: "Idle", javaMajor: major, tmpFolder: tmp },
        obstacles: [{ code: "pid-namespace-hidden" }],
      },
    ]);
    const target = open(found[0]!);
    expect((await target.perfCounters(signal)).ok).toBe(true);
    expect((await target.gcActivity(signal)).ok).toBe(true);
    expect(await target.jcmd("VM.native_memory summary scale=b", signal)).toMatchObject({
      value: expect.stringContaining("Total: reserved="),
    });
    const hidden = { ok: false, code: "absent", reason: expect.stringContaining("another PID namespace") };
    expect(await target.readProc("status", signal)).toMatchObject(hidden);
    expect(await target.cgroup(signal)).toMatchObject(hidden);
    expect(await target.readProc("/stat", signal)).toMatchObject({ ok: true });
  });

  test("is not found once more where its process is seen", async () => {
    const tmp = sharedTmp();
    const jvm = await start(tmp, "-XX:+StartAttachListener");
    const discovery = createTmpDiscovery({ folders: [tmp] });
    const [found] = discovery.list([]);
    const seen = { ...found!, identity: { ...found!.identity, pid: jvm.pid() } };
    expect(discovery.list([seen])).toEqual([]);
    const other = { ...found!, identity: { ...found!.identity, pid: process.pid } };
    expect(discovery.list([other])).toHaveLength(1);
  });

  test("is gone when it was killed, and another one in its place", async () => {
    const tmp = sharedTmp();
    const first = await start(tmp, "-XX:+StartAttachListener");
    const discovery = createTmpDiscovery({ folders: [tmp] });
    const [before] = discovery.list([]);
    const target = open(before!);
    expect((await target.perfCounters(signal)).ok).toBe(true);
    await first.kill();
    expect(discovery.list([])).toEqual([]);
    expect(await target.jcmd("VM.version", signal)).toMatchObject({ ok: false, reason: /nobody listens/ });
    await start(tmp, "-XX:+StartAttachListener");
    const [after] = discovery.list([]);
    expect(after).toMatchObject({ identity: { pid: 1, name: "Idle" } });
    expect(targetKeyOf(after!.identity)).not.toBe(targetKeyOf(before!.identity));
    expect(await target.perfCounters(signal)).toMatchObject({ ok: false, code: "absent" });
    expect((await open(after!).perfCounters(signal)).ok).toBe(true);
  });

  test("without perf counters, tells over attach who it is", async () => {
    const tmp = sharedTmp();
    await start(tmp, "-XX:+StartAttachListener", "-XX:+PerfDisableSharedMem");
    const discovery = createTmpDiscovery({ folders: [tmp] });
    const [found] = discovery.list([]);
    expect(found).toMatchObject({ identity: { pid: 1, name: "java" } });
    expect(found!.obstacles.map(({ code }) => code)).toEqual(["pid-namespace-hidden", "perf-file-missing"]);
    expect(targetKeyOf(discovery.list([])[0]!.identity)).toBe(targetKeyOf(found!.identity));
    const target = open(found!);
    await target.gcActivity(signal);
    expect(target.identity).toMatchObject({ name: "Idle", javaMajor: major });
  });

  test("that does not listen is sent no signal, and is seen as long as its counters move", async () => {
    const tmp = sharedTmp();
    const jvm = await start(tmp);
    let nowMillis = Date.now();
    const discovery = createTmpDiscovery({ folders: [tmp], now: () => nowMillis });
    expect(discovery.list([])).toEqual([]);
    await sleep(200);
    // Later versions count nothing while nothing happens.
    const [found] = discovery.list([]);
    expect(found?.obstacles.map(({ code }) => code)).toEqual(
      major >= 25 && found === undefined ? undefined : ["pid-namespace-hidden", "attach-socket-missing"],
    );
    if (found !== undefined) {
      const target = open(found);
      expect(await target.jcmd("VM.version", signal)).toMatchObject({ reason: /-XX:\+StartAttachListener/ });
      expect((await target.perfCounters(signal)).ok).toBe(true);
    }
    await jvm.kill();
    discovery.list([]);
    nowMillis += 61_000;
    expect(discovery.list([])).toEqual([]);
    expect(jvm.lines.join()).not.toContain("thread dump");
  });
});
