import { expect, test } from "vitest";
import { threadsCollector } from "../../collectors/threads.ts";
import { fakeTarget } from "./fake-target.ts";
import { sampleLines } from "./sample-lines.ts";

const { signal } = new AbortController();

test("daemons and others are counted apart, without asking the JVM anything", async () => {
  const perfCounters = {
    "java.threads.live": 23,
    "java.threads.daemon": 19,
    "java.threads.started": 40,
    "java.threads.livePeak": 25,
  };
  const target = fakeTarget({ perfCounters });
  const collection = await threadsCollector.collect(target, signal);
  expect(collection.missing).toEqual([]);
  expect(sampleLines(collection)).toEqual([
    "jprof.thread.peak 25",
    "jprof.thread.started 40",
    'jvm.thread.count{jvm.thread.daemon="false"} 4',
    'jvm.thread.count{jvm.thread.daemon="true"} 19',
  ]);
  expect(collection.samples[0]?.source).toBe("perf-counters");
  expect(target.commands).toEqual([]);
});

test("without perf counters, the JVM's MBean tells the same", async () => {
  const mbeans = {
    "java.lang:type=Threading": {
      ThreadCount: 23,
      DaemonThreadCount: 19,
      PeakThreadCount: 25,
      TotalStartedThreadCount: 40,
    },
  };
  const collection = await threadsCollector.collect(fakeTarget({ mbeans }), signal);
  expect(collection.missing).toEqual([]);
  expect(sampleLines(collection)).toEqual([
    "jprof.thread.peak 25",
    "jprof.thread.started 40",
    'jvm.thread.count{jvm.thread.daemon="false"} 4',
    'jvm.thread.count{jvm.thread.daemon="true"} 19',
  ]);
  expect(collection.samples[0]?.source).toBe("mbeans");
});

test("without either, or with strange counters, both reasons are told", async () => {
  const metrics = threadsCollector.metrics.map(({ name }) => name);
  const noMBeans = "no MBeans: the JVM has no Jolokia agent";
  expect(await threadsCollector.collect(fakeTarget(), signal)).toEqual({
    samples: [],
    missing: [{ metrics, reason: `no perf counters: -XX:+PerfDisableSharedMem; ${noMBeans}` }],
  });
  const strange = fakeTarget({ perfCounters: { "java.threads.live": 23 } });
  expect((await threadsCollector.collect(strange, signal)).missing).toEqual([
    { metrics, reason: `no perf counters of threads; ${noMBeans}` },
  ]);
});
