import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { GcByEvents } from "../../src/jvm/gc-by-events.ts";
import { openPerfCounters } from "../../src/jvm/perf-counters.ts";
import { pauseLogSelectors, pausesOfLog } from "../gc-log-pauses.ts";
import { compileJava, jdksOf, startJvm } from "../jdk.ts";

const jdks = new Map(jdksOf(17, 25).map((jdk) => [jdk.major, jdk]));
const source = join(import.meta.dirname, "../../fixtures/churn/Churn.java");

describe("a JVM without counters", () => {
  test.for([
    [17, "Serial", ["-XX:+UseSerialGC"]],
    [25, "G1", ["-XX:+UseG1GC"]],
  ] as const)("tells its collections by VM.events: JDK %i with %s", async ([major, collector, flags], context) => {
    const jdk = jdks.get(major);
    if (jdk === undefined) return context.skip(`no JDK ${major}`);
    const folder = mkdtempSync(join(tmpdir(), "jprof-events-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const log = join(folder, "gc.log");
    const selectors = `-Xlog:${pauseLogSelectors}:file=${log}:uptimenanos,level,tags:filecount=0`;
    const churn = ["-Drate.mb=40", "-Dquiet.millis=2000", "-Dfull.millis=1000"];
    const startedAtMillis = Date.now();
    const jvm = await startJvm(jdk, {
      classPath: await compileJava(jdk, source),
      mainClass: "Churn",
      flags: ["-Xmx64m", "-XX:+PerfDisableSharedMem", selectors, ...churn, ...flags],
    });
    onTestFinished(() => jvm.stop());
    const counters = openPerfCounters({ pid: jvm.pid, namespacePid: jvm.pid, startedAtMillis });
    onTestFinished(() => counters.close());
    expect(counters.read()).toMatchObject({ ok: false, reason: expect.stringContaining("PerfDisableSharedMem") });
    const watch = new GcByEvents("all");
    watch.take(await jvm.jcmd("VM.events"));
    const before = pausesOfLog(log, collector).length;
    await sleep(3_500);
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) {
      watch.take(await jvm.jcmd("VM.events"));
      seen.push(...watch.activity().events.map(({ name }) => name));
      await sleep(500);
    }
    const logged = pausesOfLog(log, collector)
      .slice(before)
      .map(({ name }) => name);
    expect(seen.length).toBeGreaterThan(3);
    expect(watch.activity().lostEvents).toBe(0);
    expect(logged.slice(0, seen.length).sort()).toEqual(seen.sort());
    expect(watch.activity().usedAfterGc.size).toBe(3);
  });
});
