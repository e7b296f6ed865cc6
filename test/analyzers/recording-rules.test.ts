import { describe, expect, test } from "vitest";
import { every, resultOfDrawing } from "./recording-findings.ts";

describe("recording/data-loss", () => {
  test("what the JVM lost is told with what to do about it", () => {
    const tables = { "jdk.DataLoss": [{ startTime: 5, amount: 50_000, total: 50_000 }] };
    const found = resultOfDrawing({ tables, lostBytes: 50_000 }).finding("recording/data-loss");
    expect(found?.severity).toBe("warning");
    expect(found?.title).toContain("lacks 48.8 KiB (4.8 %)");
  });

  test("a whole recording says nothing, and neither does one in a thousand names", () => {
    expect(resultOfDrawing({}).keys()).toEqual([]);
    expect(resultOfDrawing({ eventCounts: { "jdk.ThreadPark": 10_000 }, unresolvedConstants: 10 }).keys()).toEqual([]);
  });
});

describe("recording/blind-spots", () => {
  test("an event that is off is a question without an answer", () => {
    const found = resultOfDrawing({
      settings: { "jdk.ExecutionSample#enabled": "false", "jdk.GCHeapSummary#enabled": "true" },
    }).finding("recording/blind-spots");
    expect(found?.title).toBe("This recording cannot tell where CPU time goes");
    expect(found?.advice).toContain("jdk.ExecutionSample#enabled=true");
  });

  test("an event that is on and never came is an answer", () => {
    expect(
      resultOfDrawing({
        settings: { "jdk.ExecutionSample#enabled": "true", "jdk.JavaMonitorEnter#enabled": "true" },
      }).keys(),
    ).toEqual([]);
  });

  test("a throttle that was reached makes totals too small", () => {
    const settings = { "jdk.FileRead#enabled": "true", "jdk.FileRead#throttle": "100/s" };
    expect(
      resultOfDrawing({ settings, eventCounts: { "jdk.FileRead": 5_900 } }).finding("recording/blind-spots")?.title,
    ).toBe("This recording cannot tell the true totals of jdk.FileRead");
    expect(resultOfDrawing({ settings, eventCounts: { "jdk.FileRead": 500 } }).keys()).toEqual([]);
  });

  test("stacks that are cut, from one in a hundred", () => {
    const profile = (truncatedStacks: number) =>
      resultOfDrawing({
        profiles: [
          {
            kind: "cpu",
            event: "jdk.ExecutionSample",
            unit: "count",
            samples: [{ stack: "a;b", weight: 1, count: 1000 }],
            confidence: { truncatedStacks },
          },
        ],
      });
    expect(profile(5).keys()).toEqual([]);
    expect(profile(50).finding("recording/blind-spots#stack-depth")?.severity).toBe("info");
  });

  test("a recording of samples alone says so", () => {
    expect(
      resultOfDrawing({ jvm: { profiler: "async-profiler 4.5" } }).finding("recording/blind-spots")?.evidence[0]?.value,
    ).toBe("async-profiler 4.5 recorded samples only");
  });
});

describe("recording/secrets", () => {
  const secret = "hunter2-hunter2";
  const drawing = {
    jvm: {
      jvmArguments: `-Xmx1g -Ddb.password=${secret} -Dkeystore.path=/etc/x -javaagent:/opt/a.jar=token:${secret}`,
      javaArguments: `a.Main --url=jdbc:db://user:${secret}@host/x`,
    },
    tables: {
      "jdk.InitialEnvironmentVariable": [
        { key: "AWS_SECRET_ACCESS_KEY", value: secret },
        { key: "PWD", value: "/root" },
        { key: "TOKEN_FILE", value: "/var/run/token" },
      ],
      "jdk.InitialSystemProperty": [{ key: "javax.net.ssl.keyStorePassword", value: secret }],
      "jdk.SystemProcess": [{ startTime: 1, pid: "4", commandLine: `psql --password=${secret}` }],
    },
  };

  test("are told by name, and never by value", () => {
    const found = resultOfDrawing(drawing).finding("recording/secrets");
    expect(found?.evidence.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      "environment variables: AWS_SECRET_ACCESS_KEY",
      "system properties: javax.net.ssl.keyStorePassword",
      "arguments of this JVM: --url, -Ddb.password",
      "command lines of other processes: 1 process",
    ]);
  });

  test("nothing that any analyzer says has the value", () => {
    const { findings, sections } = resultOfDrawing(drawing);
    expect(JSON.stringify([findings, sections])).not.toContain(secret);
  });
});

test("jvm/duration-too-short is told of a moment", () => {
  expect(resultOfDrawing({ durationSeconds: 5 }).finding("jvm/duration-too-short")?.title).toBe(
    "The recording is only 5 s long: shares and rates are those of a moment",
  );
});

test("the section of the JVM has the shape that reports take their header from", () => {
  const { sections } = resultOfDrawing({
    jvm: {
      name: "OpenJDK 64-Bit Server VM",
      version: "OpenJDK 64-Bit Server VM (17.0.15+6) for linux-amd64 JRE (17.0.15+6)",
      jvmArguments: "-Xmx1g -XX:+UseG1GC -Dsecret=x",
      javaArguments: "kafka.Kafka server.properties",
    },
    tables: { "jdk.GCConfiguration": [{ youngCollector: "G1New", oldCollector: "G1Old" }] },
  });
  expect(sections.find(({ name }) => name === "jvm")?.data).toEqual({
    name: "OpenJDK",
    version: "17.0.15",
    collector: "G1",
    vmVersion: "17.0.15+6",
    mainClass: "kafka.Kafka",
    arguments: ["-Xmx1g", "-XX:+UseG1GC", "-Dsecret=(redacted)"],
    properties: [],
  });
});

test("a healthy recording is silent", () => {
  const tables = {
    "jdk.CPULoad": every(1, 120, (at) => ({ jvmUser: 0.3, jvmSystem: 0.05, machineTotal: 0.4 + (at % 7) / 100 })),
    "jdk.GarbageCollection": every(4, 120, (_, gcId) => ({
      gcId,
      duration: 0.02,
      name: "G1New",
      cause: "G1 Evacuation Pause",
      sumOfPauses: 0.02,
      longestPause: 0.02,
    })),
    "jdk.GCPhasePause": every(4, 120, (_, gcId) => ({ gcId, duration: 0.02, name: "GC Pause" })),
    "jdk.GCHeapSummary": every(4, 120, (at, gcId) => ({
      gcId,
      when: "After GC",
      heapUsed: (100 + (at % 16)) * 2 ** 20,
      "heapSpace.reservedSize": 2 ** 29,
      "heapSpace.committedSize": 2 ** 29,
    })),
    "jdk.ResidentSetSize": every(1, 120, (at) => ({ size: (800 + (at % 5)) * 2 ** 20 })),
    "jdk.JavaThreadStatistics": every(1, 120, (at) => ({
      activeCount: 60 + (at % 3),
      accumulatedCount: 60 + at / 100,
    })),
    "jdk.SafepointBegin": every(4, 120, (_, safepointId) => ({ duration: 0.0004, safepointId, totalThreadCount: 60 })),
    "jdk.ExecuteVMOperation": every(4, 120, () => ({
      duration: 0.02,
      operation: "G1CollectForAllocation",
      safepoint: true,
    })),
    "jdk.BooleanFlag": [{ name: "UseG1GC", value: true, origin: "Ergonomic" }],
  };
  expect(resultOfDrawing({ durationSeconds: 120, tables }).keys()).toEqual([]);
});
