import { describe, expect, test } from "vitest";
import type { Drawing } from "../drawn-recording.ts";
import { every, resultOfDrawing } from "./recording-findings.ts";

const mebibyte = 2 ** 20;
const startMillis = Date.UTC(2026, 0, 2);
/** A JVM that has run for an hour. */
const warm: Drawing = { startMillis, jvm: { startMillis: startMillis - 3_600_000, name: "OpenJDK 64-Bit Server VM" } };

describe("safepoint/time-to-safepoint", () => {
  const slow = {
    "jdk.SafepointBegin": [{ startTime: 10, duration: 0.4, safepointId: 7, totalThreadCount: 40 }],
    "jdk.ExecuteVMOperation": [
      {
        startTime: 10.4,
        duration: 0.01,
        operation: "G1CollectForAllocation",
        safepoint: true,
        safepointId: 7,
        caller: null,
      },
    ],
  };

  test("names the thread that was late where the recording saw it", () => {
    const latency = {
      startTime: 10,
      duration: 0.39,
      eventThread: "compactor",
      stackTrace: "a.Main.run;a.Checksum.update",
      threadState: "_thread_in_Java",
    };
    const found = resultOfDrawing({ tables: { ...slow, "jdk.SafepointLatency": [latency] } }).finding(
      "safepoint/time-to-safepoint",
    );
    expect(found?.severity).toBe("warning");
    expect(found?.evidence.find(({ label }) => label === "late: compactor")?.value).toBe(
      "390 ms in a.Checksum.update, _thread_in_Java",
    );
    expect(found?.evidence.find(({ label }) => label === "longest at")?.value).toBe(
      "+10 s, for G1CollectForAllocation",
    );
  });

  test("says how to find the thread where it did not, and when the machine is to blame", () => {
    const tables = { ...slow, "jdk.CPULoad": every(2, 60, () => ({ jvmUser: 0.1, jvmSystem: 0, machineTotal: 1 })) };
    const found = resultOfDrawing({ tables }).finding("safepoint/time-to-safepoint");
    expect(found?.advice).toContain("jdk.SafepointLatency");
    expect(found?.evidence.at(-1)?.label).toBe("the machine had no CPU left");
  });
});

describe("safepoint/long-operation", () => {
  test("thread dumps are told with who takes them, collections are not", () => {
    const operation = (name: string, caller: string | null) => ({
      duration: 0.3,
      operation: name,
      safepoint: true,
      caller,
      safepointId: 1,
    });
    const tables = {
      "jdk.ExecuteVMOperation": every(5, 60, (_, index) =>
        index % 2 === 0 ? operation("ThreadDump", "monitor") : operation("G1CollectFull", null),
      ),
    };
    const result = resultOfDrawing({ tables });
    expect(result.keys().filter((key) => key.startsWith("safepoint/"))).toEqual([
      "safepoint/long-operation#ThreadDump",
    ]);
    const found = result.finding("safepoint/long-operation#ThreadDump");
    expect(found?.title).toBe("ThreadDump stopped all threads for up to 300 ms, 6 times: 3.0 % of the time");
    expect(found?.evidence.at(-1)?.label).toBe("asked by thread monitor");
  });

  test("what stops no thread is no halt", () => {
    const tables = {
      "jdk.ExecuteVMOperation": [{ startTime: 1, duration: 9, operation: "HandshakeAllThreads", safepoint: false }],
    };
    expect(resultOfDrawing({ tables }).keys()).toEqual([]);
  });
});

test("jvm/halted is told only where collections are not all of it", () => {
  const pauses = { "jdk.GCPhasePause": every(5, 60, () => ({ duration: 0.5, gcId: 1, name: "GC Pause" })) };
  const dumps = {
    "jdk.ExecuteVMOperation": every(5, 60, (at) => ({
      startTime: at + 2,
      duration: 0.3,
      operation: "ThreadDump",
      safepoint: true,
    })),
  };
  expect(resultOfDrawing({ tables: pauses }).finding("jvm/halted")).toBeUndefined();
  expect(resultOfDrawing({ tables: { ...pauses, ...dumps } }).finding("jvm/halted")?.title).toContain(
    "16 % of the worst 1 min 0 s",
  );
});

describe("jvm/code-cache", () => {
  const part = (used: number) => ({
    codeBlobType: "CodeHeap 'profiled nmethods'",
    startAddress: 0x7000_0000,
    reservedTopAddress: 0x7000_0000 + 100 * mebibyte,
    unallocatedCapacity: (100 - used) * mebibyte,
    fullCount: 0,
  });

  test("full, nearly full, and collected for", () => {
    const full = { "jdk.CodeCacheFull": [{ startTime: 3, codeBlobType: "CodeCache", fullCount: 1 }] };
    expect(resultOfDrawing({ tables: full }).finding("jvm/code-cache")?.severity).toBe("critical");
    expect(
      resultOfDrawing({ tables: { "jdk.CodeCacheStatistics": [part(93)] } }).finding("jvm/code-cache")?.severity,
    ).toBe("warning");
    expect(
      resultOfDrawing({ tables: { "jdk.CodeCacheStatistics": [part(50)] } }).finding("jvm/code-cache"),
    ).toBeUndefined();
    const collected = {
      "jdk.GarbageCollection": every(5, 60, (_, gcId) => ({
        gcId,
        duration: 0.1,
        name: "SerialOld",
        cause: "CodeCache GC Aggressive",
        sumOfPauses: 0.1,
      })),
    };
    expect(resultOfDrawing({ tables: collected }).finding("jvm/code-cache#collections")?.severity).toBe("warning");
    expect(
      resultOfDrawing({ tables: collected })
        .keys()
        .some((key) => key.startsWith("gc/full")),
    ).toBe(false);
  });
});

describe("jvm/deoptimization-storm", () => {
  const deoptimization = (method: string) => ({
    method,
    reason: "class_check",
    action: "none",
    instruction: "invokevirtual",
    lineNumber: 12,
    compileId: 1,
  });

  test("one method over and over", () => {
    const found = resultOfDrawing({
      tables: { "jdk.Deoptimization": every(0.4, 60, () => deoptimization("a.Codec.read")) },
    });
    expect(found.finding("jvm/deoptimization-storm#method")?.title).toBe(
      "`a.Codec.read` fell back to the interpreter 150 times because of class_check",
    );
    expect(found.finding("jvm/deoptimization-storm#wave")).toBeUndefined();
  });

  test("many at once", () => {
    const wave = Array.from({ length: 1000 }, (_, index) => ({
      startTime: 20 + index / 200,
      ...deoptimization(`a.M${index}.run`),
    }));
    const found = resultOfDrawing({ tables: { "jdk.Deoptimization": wave } });
    expect(found.finding("jvm/deoptimization-storm#wave")?.title).toBe(
      "1,000 methods fell back to the interpreter in 10 s from +20 s",
    );
    expect(found.finding("jvm/deoptimization-storm#method")).toBeUndefined();
  });
});

describe("jvm/class-loading", () => {
  const loading = (perSecond: number) => ({
    "jdk.ClassLoadingStatistics": every(1, 60, (at) => ({
      loadedClassCount: 5000 + at * perSecond,
      unloadedClassCount: 0,
    })),
  });

  test("is told of a warm JVM, and is what a young one has to do", () => {
    expect(resultOfDrawing({ ...warm, tables: loading(120) }).finding("jvm/class-loading#rate")?.severity).toBe(
      "warning",
    );
    const young = { startMillis, jvm: { startMillis: startMillis - 1000 } };
    expect(resultOfDrawing({ ...young, tables: loading(120) }).finding("jvm/class-loading#rate")).toBeUndefined();
    expect(resultOfDrawing({ ...warm, tables: loading(0.5) }).keys()).toEqual([]);
  });

  test("loaders of one name that pile up are a leak, reflection's are not", () => {
    const round = (startTime: number, count: number, name: string) =>
      Array.from({ length: count }, () => ({ startTime, "classLoader.type": name, classCount: 3, chunkSize: 1000 }));
    const loaders = (name: string) => ({
      "jdk.ClassLoaderStatistics": [...round(0, 5, name), ...round(10, 40, name), ...round(20, 90, name)],
    });
    const found = resultOfDrawing({ tables: loaders("a.PluginLoader") });
    expect(found.finding("jvm/class-loading#a.PluginLoader")?.title).toBe(
      "90 loaders of class `a.PluginLoader` are alive, 85 more than at the recording's start",
    );
    expect(resultOfDrawing({ tables: loaders("jdk.internal.reflect.DelegatingClassLoader") }).keys()).toEqual([]);
  });
});

describe("jvm/metaspace", () => {
  test("out of memory, near the limit, collected for", () => {
    const tables = {
      "jdk.MetaspaceOOM": [{ startTime: 5, size: 4096, stackTrace: "a.Main.main;a.Scripts.compile" }],
      "jdk.MetaspaceSummary": [
        {
          startTime: 5,
          gcId: 1,
          when: "After GC",
          "metaspace.used": 23 * mebibyte,
          "metaspace.committed": 24 * mebibyte,
        },
      ],
      "jdk.UnsignedLongFlag": [{ name: "MaxMetaspaceSize", value: 25 * mebibyte, origin: "Command line" }],
      "jdk.GarbageCollection": every(5, 60, (_, gcId) => ({
        gcId,
        duration: 0.1,
        name: "SerialOld",
        cause: "Metadata GC Threshold",
        sumOfPauses: 0.1,
      })),
    };
    const found = resultOfDrawing({ tables });
    expect(found.finding("jvm/metaspace#out-of-memory")?.evidence[1]?.value).toBe(
      "a.Scripts.compile ← a.Main.main (1)",
    );
    expect(found.finding("jvm/metaspace#limit")?.severity).toBe("warning");
    expect(found.finding("jvm/metaspace#threshold")?.severity).toBe("warning");
  });
});

describe("jvm/cpu", () => {
  const load = (jvm: number, machine: number) => ({
    "jdk.CPULoad": every(1, 60, () => ({ jvmUser: jvm * 0.9, jvmSystem: jvm * 0.1, machineTotal: machine })),
  });

  test("tells who has the CPU when there is none left", () => {
    expect(resultOfDrawing({ tables: load(0.2, 0.98) }).finding("jvm/cpu#busy")?.title).toBe(
      "The machine had no CPU left for 100 % of the time: this JVM used 20 % of it, others 78 %",
    );
    expect(resultOfDrawing({ tables: load(0.1, 0.5) }).finding("jvm/cpu#others")?.severity).toBe("info");
    expect(resultOfDrawing({ tables: load(0.5, 0.55) }).keys()).toEqual([]);
  });

  test("time in the kernel counts once the JVM uses some", () => {
    const kernel = (jvm: number) => ({
      "jdk.CPULoad": every(1, 60, () => ({ jvmUser: jvm * 0.4, jvmSystem: jvm * 0.6, machineTotal: jvm })),
    });
    expect(resultOfDrawing({ tables: kernel(0.3) }).keys()).toEqual(["jvm/cpu#kernel"]);
    expect(resultOfDrawing({ tables: kernel(0.02) }).keys()).toEqual([]);
  });
});

test("jvm/cpu-throttled takes the recording's part of counters that are older", () => {
  const row = (startTime: number, periods: number, throttled: number) => ({
    startTime,
    cpuElapsedSlices: periods,
    cpuThrottledSlices: throttled,
    cpuThrottledTime: throttled / 10,
  });
  const tables = {
    "jdk.ContainerCPUThrottling": [row(0, 1_000_000, 900_000), row(60, 1_000_600, 900_060)],
    "jdk.ContainerConfiguration": [{ cpuQuota: 0.2, cpuSlicePeriod: 0.1, effectiveCpuCount: 2 }],
  };
  const found = resultOfDrawing({ tables }).finding("jvm/cpu-throttled");
  expect(found?.title).toBe(
    "The CPU quota stopped this container in 10 % of its periods, 6 s of thread time within 1 min 0 s",
  );
  expect(found?.evidence[1]?.value).toBe("2.00");
});

describe("jvm/native-memory-growth", () => {
  const resident = (bytesAt: (seconds: number) => number) => ({
    "jdk.ResidentSetSize": every(1, 600, (at) => ({ size: bytesAt(at) * mebibyte })),
  });
  const tracked = (bytesAt: (seconds: number) => number) => ({
    "jdk.NativeMemoryUsageTotal": every(1, 600, (at) => ({ committed: bytesAt(at) * mebibyte })),
    "jdk.NativeMemoryUsage": every(1, 600, (at) => ({ type: "Class", committed: bytesAt(at) * mebibyte })),
  });
  const leak = (seconds: number) => 500 + seconds;

  test("tells what the JVM does not account for", () => {
    const found = resultOfDrawing({
      durationSeconds: 600,
      tables: { ...resident(leak), ...tracked(() => 400) },
    }).finding("jvm/native-memory-growth");
    expect(found?.severity).toBe("warning");
    expect(found?.title).toBe(
      "The process grows by 60.0 MiB a minute, to 1.07 GiB; what native memory tracking counts accounts for 0 % of that",
    );
    expect(found?.advice).toContain("Native code outside of the JVM");
  });

  test("growth that is explained, or only touches what was committed, is a remark", () => {
    const explained = resultOfDrawing({
      durationSeconds: 600,
      tables: { ...resident(leak), ...tracked((at) => 400 + at) },
    }).finding("jvm/native-memory-growth");
    expect(explained?.severity).toBe("info");
    const touched = resultOfDrawing({
      durationSeconds: 600,
      tables: { ...resident(leak), ...tracked(() => 4000) },
    }).finding("jvm/native-memory-growth");
    expect(touched?.title).toContain("used for the first time");
  });

  test("what goes up and down is none", () => {
    const tables = resident((at) => 500 + 100 * Math.sin(at / 20));
    expect(resultOfDrawing({ durationSeconds: 600, tables }).keys()).toEqual([]);
  });
});

describe("other memory and threads", () => {
  test("direct buffers near their limit", () => {
    const tables = {
      "jdk.DirectBufferStatistics": every(5, 60, () => ({
        maxCapacity: 100 * mebibyte,
        memoryUsed: 96 * mebibyte,
        count: 960,
        totalCapacity: 1,
      })),
    };
    expect(resultOfDrawing({ tables }).finding("jvm/direct-buffers")?.severity).toBe("critical");
  });

  test("the machine's memory is a hint of a JVM that counts the kernel's cache as used", () => {
    const tables = { "jdk.PhysicalMemory": [{ totalSize: 1000 * mebibyte, usedSize: 995 * mebibyte }] };
    const of = (version: string) =>
      resultOfDrawing({
        tables,
        jvm: { version: `OpenJDK 64-Bit Server VM (${version}) for linux-amd64 JRE (${version})` },
      });
    expect(of("17.0.15+6").finding("jvm/physical-memory#machine")?.severity).toBe("info");
    expect(of("25.0.3+9").finding("jvm/physical-memory#machine")?.severity).toBe("critical");
  });

  test("threads that only become more, with who starts them", () => {
    const tables = {
      "jdk.JavaThreadStatistics": every(1, 300, (at) => ({
        activeCount: 50 + at,
        accumulatedCount: 50 + at,
        daemonCount: 10,
        peakCount: 50 + at,
      })),
      "jdk.ThreadStart": every(1, 300, (at) => ({
        thread: `worker-${at}`,
        stackTrace: "a.Main.main;a.Server.accept;java.lang.Thread.start",
      })),
    };
    const found = resultOfDrawing({ durationSeconds: 300, tables }).finding("jvm/threads-growing");
    expect(found?.title).toBe("Threads become 60 more each minute: 349 threads at the end");
    expect(found?.evidence[1]?.value).toBe("a.Server.accept ← a.Main.main (300)");
  });

  test("objects that wait for finalizers", () => {
    const tables = {
      "jdk.FinalizerStatistics": [
        { startTime: 50, finalizableClass: "a.Handle", objects: 20_000, totalFinalizersRun: 5 },
      ],
    };
    expect(resultOfDrawing({ tables }).finding("jvm/finalizers")?.severity).toBe("warning");
  });
});

describe("jvm/leak-candidates", () => {
  const samples = (className: string, allocationAt: (index: number) => number) =>
    Array.from({ length: 20 }, (_, index) => ({
      startTime: 60,
      allocationTime: allocationAt(index),
      objectAge: 60 - allocationAt(index),
      objectSize: 1000,
      object: className,
      "object.referenceChain": "static a.Index.ENTRIES → java.util.HashMap.table",
      root: "Global Object Handle in Code Cache",
      stackTrace: "a.Main.main;a.Index.add;java.util.HashMap.put",
    }));

  test("is a hint, of what was allocated all along and never let go", () => {
    const found = resultOfDrawing({
      tables: { "jdk.OldObjectSample": samples("a.Entry", (index) => index * 3) },
    }).finding("jvm/leak-candidates");
    expect(found?.severity).toBe("info");
    expect(found?.title).toBe("`a.Entry` from a.Index.add is 100 % of the sampled objects that stayed alive");
    expect(found?.evidence.at(-1)?.value).toBe(
      "Global Object Handle in Code Cache: static a.Index.ENTRIES → java.util.HashMap.table",
    );
  });

  test("what a program keeps from its start is none", () => {
    expect(resultOfDrawing({ tables: { "jdk.OldObjectSample": samples("a.Entry", () => 1) } }).keys()).toEqual([]);
  });
});

describe("jvm/flags", () => {
  const flag = (name: string, value: boolean, origin = "Command line") => ({ name, value, origin });

  test("the size at which references double, and the collector for small containers", () => {
    const heap = { maxSize: 34 * 2 ** 30, initialSize: 34 * 2 ** 30, usesCompressedOops: false };
    const cliff = resultOfDrawing({
      tables: { "jdk.BooleanFlag": [flag("UseG1GC", true)], "jdk.GCHeapConfiguration": [heap] },
    });
    expect(cliff.finding("jvm/flags#MaxHeapSize")?.severity).toBe("warning");
    const zgc = resultOfDrawing({
      tables: { "jdk.BooleanFlag": [flag("UseZGC", true)], "jdk.GCHeapConfiguration": [heap] },
    });
    expect(zgc.keys()).toEqual([]);
    const serial = resultOfDrawing({ tables: { "jdk.BooleanFlag": [flag("UseSerialGC", true, "Ergonomic")] } });
    expect(serial.keys()).toEqual(["jvm/flags#UseSerialGC"]);
    expect(resultOfDrawing({ tables: { "jdk.BooleanFlag": [flag("UseSerialGC", true)] } }).keys()).toEqual([]);
  });

  test("one that is given twice", () => {
    const of = (jvmArguments: string) =>
      resultOfDrawing({ jvm: { jvmArguments }, tables: { "jdk.BooleanFlag": [flag("UseG1GC", true)] } }).keys();
    expect(of("-Xmx1g -XX:+UseG1GC -Xmx2g")).toEqual(["jvm/flags#-Xmx"]);
    expect(of("-XX:+UseG1GC -XX:-UseG1GC")).toEqual(["jvm/flags#-XX:UseG1GC"]);
    expect(of("-Xmx1g -Xms1g -Dx=1 -Dx=2 -XX:+UseG1GC -XX:MaxGCPauseMillis=100")).toEqual([]);
  });
});
