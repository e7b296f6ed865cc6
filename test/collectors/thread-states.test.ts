import { expect, test } from "vitest";
import { threadStatesCollector } from "../../collectors/thread-states.ts";
import { vthreadScheduler25 } from "../formats/jcmd/replies.ts";
import { threadPrint8, threadPrint25 } from "../formats/jcmd/thread-replies.ts";
import { fakeTarget, noAnswer } from "./fake-target.ts";
import { sampleLines } from "./sample-lines.ts";

const { signal } = new AbortController();

test("states, deadlocks and carriers are told, without the threads that only the JVM sees", async () => {
  const target = fakeTarget({
    jcmd: {
      "Thread.print": threadPrint25,
      "Thread.vthread_scheduler": vthreadScheduler25.replace("tasks = 0", "tasks = 7"),
    },
  });
  const collection = await threadStatesCollector.collect(target, signal);
  expect(collection.missing).toEqual([]);
  const state = (name: string, daemon: boolean) => `{jvm.thread.state="${name}", jvm.thread.daemon="${daemon}"}`;
  expect(sampleLines(collection)).toEqual([
    "jprof.thread.deadlocked 4",
    `jprof.thread.states${state("blocked", true)} 2`,
    `jprof.thread.states${state("runnable", true)} 2`,
    `jprof.thread.states${state("timed_waiting", false)} 1`,
    `jprof.thread.states${state("timed_waiting", true)} 1`,
    `jprof.thread.states${state("waiting", true)} 3`,
    "jprof.thread.virtual.carriers 1",
    "jprof.thread.virtual.mounted 1",
    "jprof.thread.virtual.parallelism 2",
    "jprof.thread.virtual.queued 7",
  ]);
});

test("a JVM without virtual threads is not asked for their scheduler, which would make one", async () => {
  const target = fakeTarget({ jcmd: { "Thread.print": threadPrint8 } });
  const { samples, missing } = await threadStatesCollector.collect(target, signal);
  expect(target.commands).toEqual(["Thread.print"]);
  expect(sampleLines({ samples, missing })).toContain("jprof.thread.deadlocked 0");
  expect(missing).toEqual([
    {
      metrics: ["jprof.thread.virtual.queued", "jprof.thread.virtual.carriers", "jprof.thread.virtual.parallelism"],
      reason: "the program has not used virtual threads, or the JVM is older than 24",
    },
  ]);
});

test("a scheduler that is not the JVM's own, or no answer, is a reason", async () => {
  const reasonsOf = async (scheduler: string | ReturnType<typeof noAnswer>) => {
    const target = fakeTarget({ jcmd: { "Thread.print": threadPrint25, "Thread.vthread_scheduler": scheduler } });
    const { missing } = await threadStatesCollector.collect(target, signal);
    return missing.map(({ reason }) => reason);
  };
  expect(await reasonsOf("com.example.Scheduler@1\n")).toEqual([
    "the scheduler of virtual threads is not the JVM's own",
  ]);
  expect(await reasonsOf(noAnswer("no time", "timeout"))).toEqual(["no time"]);
});

test("without attach, the JVM's MBean tells deadlocks at least", async () => {
  const mbeans = { "java.lang:type=Threading": [21, 22] };
  const noAttach = noAnswer("-XX:+DisableAttachMechanism", "absent");
  const collection = await threadStatesCollector.collect(
    fakeTarget({ jcmd: { "Thread.print": noAttach }, mbeans }),
    signal,
  );
  expect(sampleLines(collection)).toEqual(["jprof.thread.deadlocked 2"]);
  expect(collection.missing).toEqual([
    {
      metrics: threadStatesCollector.metrics
        .map(({ name }) => name)
        .filter((name) => name !== "jprof.thread.deadlocked"),
      reason: "-XX:+DisableAttachMechanism",
    },
  ]);
});

test("where a dump is forbidden, nothing is told but why", async () => {
  const forbidden = noAnswer("Thread.print needs the policy diagnose", "forbidden");
  const mbeans = { "java.lang:type=Threading": [] };
  const target = fakeTarget({ jcmd: { "Thread.print": forbidden }, mbeans });
  expect(await threadStatesCollector.collect(target, signal)).toEqual({
    samples: [],
    missing: [
      {
        metrics: threadStatesCollector.metrics.map(({ name }) => name),
        reason: "Thread.print needs the policy diagnose",
      },
    ],
  });
  expect(target.mbeanReads).toEqual([]);
});
