import { describe, expect, test } from "vitest";
import { classesCollector } from "../../collectors/classes.ts";
import { gcCpuCollector } from "../../collectors/gc-cpu.ts";
import { jitCollector } from "../../collectors/jit.ts";
import { safepointsCollector } from "../../collectors/safepoints.ts";
import type { Collection } from "../../src/model/collector.ts";
import { fakeTarget } from "./fake-target.ts";

const signal = new AbortController().signal;

function linesOf({ samples }: Collection): readonly string[] {
  return samples.map(({ metric, value, labels, source }) => {
    return [metric.name, ...Object.values(labels), value, source].join(" ");
  });
}

describe("what perf counters count", () => {
  test("are safepoints and their times, in seconds", async () => {
    const perfCounters = {
      "sun.rt.safepoints": 34,
      "sun.rt.safepointTime": 66_000_000,
      "sun.rt.safepointSyncTime": 250_000,
      "sun.rt.applicationTime": 2_500_000_000,
    };
    expect(linesOf(await safepointsCollector.collect(fakeTarget({ perfCounters }), signal))).toEqual([
      "jprof.safepoint.count 34 perf-counters",
      "jprof.safepoint.time 0.066 perf-counters",
      "jprof.safepoint.sync.time 0.00025 perf-counters",
      "jprof.safepoint.application.time 2.5 perf-counters",
    ]);
  });

  test("are classes, shared ones too", async () => {
    const perfCounters = {
      "java.cls.loadedClasses": 12,
      "java.cls.sharedLoadedClasses": 638,
      "java.cls.unloadedClasses": 5,
      "java.cls.sharedUnloadedClasses": 0,
      "sun.cls.time": 14_000_000,
    };
    expect(linesOf(await classesCollector.collect(fakeTarget({ perfCounters }), signal))).toEqual([
      "jvm.class.loaded 650 perf-counters",
      "jvm.class.unloaded 5 perf-counters",
      "jvm.class.count 645 perf-counters",
      "jprof.class.load.time 0.014 perf-counters",
    ]);
  });

  test("are compilations by kind", async () => {
    const perfCounters = {
      "sun.ci.standardCompiles": 44,
      "sun.ci.osrCompiles": 1,
      "java.ci.totalTime": 11_000_000,
      "sun.ci.totalInvalidates": 0,
      "sun.ci.totalBailouts": 2,
    };
    expect(linesOf(await jitCollector.collect(fakeTarget({ perfCounters }), signal))).toEqual([
      "jprof.jit.compilations standard 44 perf-counters",
      "jprof.jit.compilations osr 1 perf-counters",
      "jprof.jit.time 0.011 perf-counters",
      "jprof.jit.invalidations 0 perf-counters",
      "jprof.jit.bailouts 2 perf-counters",
    ]);
  });

  test("is the collector's CPU time on JDK 25, and missing with a reason where it is not counted", async () => {
    const perfCounters = {
      "sun.threads.cpu_time.gc_parallel_workers": 69_000_000,
      "sun.threads.cpu_time.gc_conc_mark": 0,
      "sun.threads.cpu_time.vm": 14_000_000,
    };
    const told = await gcCpuCollector.collect(fakeTarget({ perfCounters }), signal);
    expect(linesOf(told)).toEqual([
      "jprof.gc.cpu.time parallel_workers 0.069 perf-counters",
      "jprof.gc.cpu.time conc_mark 0 perf-counters",
      "jprof.vm_thread.cpu.time 0.014 perf-counters",
    ]);
    const older = await gcCpuCollector.collect(fakeTarget({ perfCounters: { "sun.rt.safepoints": 1 } }), signal);
    expect(older.samples).toEqual([]);
    expect(older.missing).toEqual([
      {
        metrics: ["jprof.gc.cpu.time", "jprof.vm_thread.cpu.time"],
        reason: expect.stringContaining("does not count it"),
      },
    ]);
  });
});

describe("without perf counters", () => {
  test("classes and the time of compilations are told by MBeans, and the rest is missing", async () => {
    const mbeans = {
      "java.lang:type=ClassLoading": { TotalLoadedClassCount: 700, UnloadedClassCount: 10, LoadedClassCount: 690 },
      "java.lang:type=Compilation": { TotalCompilationTime: 1500 },
    };
    const classes = await classesCollector.collect(fakeTarget({ mbeans }), signal);
    expect(linesOf(classes)).toEqual([
      "jvm.class.loaded 700 mbeans",
      "jvm.class.unloaded 10 mbeans",
      "jvm.class.count 690 mbeans",
    ]);
    expect(classes.missing).toEqual([
      { metrics: ["jprof.class.load.time"], reason: "no perf counters: -XX:+PerfDisableSharedMem" },
    ]);
    expect(linesOf(await jitCollector.collect(fakeTarget({ mbeans }), signal))).toEqual(["jprof.jit.time 1.5 mbeans"]);
  });

  test("and without MBeans both reasons are told", async () => {
    const { missing } = await classesCollector.collect(fakeTarget(), signal);
    expect(missing[0]?.reason).toMatch(/PerfDisableSharedMem; and by MBeans: no MBeans/);
  });
});
