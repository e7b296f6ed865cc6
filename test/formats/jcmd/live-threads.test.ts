import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { threadStatesCollector } from "../../../collectors/thread-states.ts";
import { parseThreadDumpJson } from "../../../src/formats/jcmd/thread-dump-json.ts";
import { parseThreadPrint } from "../../../src/formats/jcmd/thread-print.ts";
import { parseVthreadScheduler } from "../../../src/formats/jcmd/vthread-scheduler.ts";
import { fakeTarget } from "../../collectors/fake-target.ts";
import { compileJava, jdksOf, type RunningJvm, startJvm } from "../../jdk.ts";
import { perfCountersOf } from "./perf-counters-text.ts";

const jdks = jdksOf(17, 25);
if (jdks.length === 0) process.stderr.write("skipped: no JDK 17 or 25 on this machine\n");

describe.skipIf(jdks.length === 0).each(jdks)("threads of JDK $major", (jdk) => {
  let jvm: RunningJvm;
  let classPath = "";
  let text = "";
  const folder = mkdtempSync(join(tmpdir(), "jprof-threads-"));

  beforeAll(async () => {
    classPath = await compileJava(jdk, join(import.meta.dirname, "../../../fixtures/threads/Threads.java"));
    jvm = await startJvm(jdk, {
      classPath,
      mainClass: "Threads",
      flags: ["-Xmx64m", "-XX:+UseSerialGC"],
      args: ["deadlock", "virtual"],
    });
    text = await jvm.jcmd("Thread.print", "-l", ...(jdk.major > 8 ? ["-e"] : []));
  });

  afterAll(async () => {
    await jvm?.stop();
    for (const each of [folder, classPath]) rmSync(each, { recursive: true, force: true });
  });

  test("every thread is read, and as many as the JVM lists", () => {
    const { javaThreads, unknownLines } = parseThreadPrint(text);
    expect(unknownLines).toBe(0);
    expect(javaThreads.length).toBe(Number(/_java_thread_list=\S+ length=(\d+)/.exec(text)?.[1]));
    expect(
      javaThreads.filter(({ nativeId, allocatedBytes }) => nativeId === undefined || allocatedBytes === undefined),
    ).toEqual([]);
  });

  test("states are as the program has them", () => {
    const states = new Map(
      parseThreadPrint(text).javaThreads.map(({ name, state, stateDetail }) => [name, [state, stateDetail]]),
    );
    expect(states.get("holder")).toEqual(["TIMED_WAITING", "sleeping"]);
    expect(states.get("blocked")).toEqual(["BLOCKED", "on object monitor"]);
    expect(states.get("waiting")).toEqual(["WAITING", "on object monitor"]);
    expect(states.get("parked")).toEqual(["WAITING", "parking"]);
    expect(states.get("latched")).toEqual(["WAITING", "parking"]);
    expect(states.get('odd "name" #7 [8] daemon prio=9')).toEqual(["TIMED_WAITING", "sleeping"]);
  });

  test("both deadlocks are found, and nothing else", () => {
    const { deadlocks, javaThreads } = parseThreadPrint(text);
    const heldBy = deadlocks.map(({ threads }) => threads.map((thread) => `${thread.name} ← ${thread.heldBy}`).sort());
    expect(heldBy.sort()).toEqual([
      ["lock-1 ← lock-2", "lock-2 ← lock-1"],
      ["monitor-1 ← monitor-2", "monitor-2 ← monitor-1"],
    ]);
    const waitedFor = deadlocks.flatMap(({ threads }) => threads.map(({ waitsFor }) => waitsFor?.address));
    const owned = javaThreads.flatMap(({ frames, ownedSynchronizers }) => [
      ...frames.flatMap(({ locks }) => locks.filter(({ relation }) => relation === "locked")),
      ...ownedSynchronizers,
    ]);
    expect(owned.map(({ address }) => address)).toEqual(expect.arrayContaining(waitedFor));
  });

  test("the states that are collected add up to the JVM's own count", async () => {
    const counters = perfCountersOf(await jvm.jcmd("PerfCounter.print"));
    const { samples } = await threadStatesCollector.collect(
      fakeTarget({ jcmd: { "Thread.print": text } }),
      new AbortController().signal,
    );
    const states = samples.filter(({ metric }) => metric.name === "jprof.thread.states");
    const daemons = states.filter(({ labels }) => labels["jvm.thread.daemon"] === "true");
    const sum = (list: typeof states) => list.reduce((count, { value }) => count + value, 0);
    expect([sum(states), sum(daemons)]).toEqual(
      ["java.threads.live", "java.threads.daemon"].map((name) => Number(counters.get(name))),
    );
  });

  test.skipIf(jdk.major < 24)("the virtual thread that keeps its carrier is on it, here and in the JSON", async () => {
    const mounted = parseThreadPrint(text).javaThreads.flatMap((thread) => thread.mounted ?? []);
    expect(mounted.length).toBe(1);
    expect(mounted[0]?.frames.map(({ method }) => method)).toContain("Threads.pin");

    const file = join(folder, "threads.json");
    await jvm.jcmd("Thread.dump_to_file", "-format=json", file);
    const threads = parseThreadDumpJson(readFileSync(file, "utf8")).containers.flatMap(
      (container) => container.threads,
    );
    const pinned = threads.find(({ name }) => name === "pinned");
    expect(pinned).toMatchObject({ isVirtual: true, javaId: mounted[0]?.javaId });
    expect(threads.find(({ javaId }) => javaId === pinned?.carrierId)?.name).toContain("ForkJoinPool");
    expect(threads.filter(({ isVirtual }) => isVirtual).length).toBe(2);

    const scheduler = parseVthreadScheduler(await jvm.jcmd("Thread.vthread_scheduler"));
    expect(scheduler).toMatchObject({ active: 1, queued: 0, submissions: 0 });
    expect(scheduler?.parallelism).toBeGreaterThan(0);
  });
});
