import { expect, test } from "vitest";
import { cpuProfileOf, shareInterval } from "../../analyzers/cpu-profile.ts";
import { hotMethods } from "../../analyzers/hot-methods.ts";
import { profileOverview } from "../../analyzers/profile-overview.ts";
import { type DrawnSample, drawnRecording } from "../drawn-recording.ts";

const options = { top: 5, showValues: false };

/** Samples every 10 ms: `samplesOf("Thread.run;Store.get", 100)` is one second of one thread. */
function samplesOf(stack: string, count: number, more: Partial<DrawnSample> = {}): DrawnSample[] {
  return [{ stack, weight: count / 100, count, thread: "worker-1", ...more }];
}

function drawnCpu(...samples: readonly DrawnSample[]) {
  return drawnRecording({
    durationSeconds: 10,
    profiles: [
      { kind: "cpu", event: "jdk.ExecutionSample", unit: "seconds", samples, confidence: { intervalSeconds: 0.01 } },
    ],
  });
}

test("a method is told with its share, line, callers and pool", () => {
  const { profiles } = drawnCpu(
    ...samplesOf("java.lang.Thread.run;a.Main.serve;a.Crc.update", 800, { line: 17 }),
    ...samplesOf("java.lang.Thread.run;a.Main.serve", 200),
  );
  const [finding] = hotMethods.analyze({ profiles }, options).findings;
  expect(finding).toMatchObject({
    rule: "cpu/hot-method",
    key: "cpu/hot-method:a.Crc.update",
    severity: "warning",
    title: "`Crc.update` takes 80 % of the processor time, 0.8 threads on average",
  });
  expect(finding!.evidence.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    "samples: 800 of 1,000, so 77 % to 82 %",
    "line: 17 with 100 % of it",
    "by way of: Main.serve → Crc.update",
    "who: `worker-*` 100 %",
  ]);
});

test("what a library does is put down to its caller, and named", () => {
  const { profiles } = drawnCpu(
    ...samplesOf("a.Main.serve;a.Filter.accepts;java.util.regex.Pattern.matcher;java.util.Arrays.copyOf", 400),
    ...samplesOf("a.Main.serve;a.Filter.accepts;org.slf4j.Logger.info;java.util.regex.Pattern.matcher", 300),
    ...samplesOf("a.Main.serve;a.Other.work;java.util.HashMap.get", 300),
  );
  const titles = hotMethods.analyze({ profiles }, options).findings.map(({ title }) => title);
  expect(titles).toEqual([
    "`Filter.accepts` spends 40 % of the processor time in regular expressions, 0.4 threads on average",
    "`Filter.accepts` spends 30 % of the processor time in logging, 0.3 threads on average",
    "`Other.work` takes 30 % of the processor time, 0.3 threads on average",
  ]);
});

test("few samples, little time and the JVM's own threads accuse nobody", () => {
  const few = drawnCpu(...samplesOf("a.Main.serve", 40)).profiles;
  const idle = drawnRecording({
    durationSeconds: 600,
    profiles: [{ kind: "cpu", event: "jdk.ExecutionSample", unit: "seconds", samples: samplesOf("a.Main.serve", 900) }],
  }).profiles;
  const recorder = drawnCpu(...samplesOf("jdk.jfr.A.b;c.D.e", 900, { thread: "JFR Periodic Tasks" })).profiles;
  for (const profiles of [few, idle, recorder]) {
    expect(hotMethods.analyze({ profiles }, options).findings).toEqual([]);
  }
});

test("keys do not hold what differs from run to run", () => {
  const keyOf = (stack: string) =>
    hotMethods.analyze({ profiles: drawnCpu(...samplesOf(stack, 900)).profiles }, options).findings[0]!.key;
  expect(keyOf("a.Main.lambda$serve$12")).toBe(keyOf("a.Main.lambda$serve$3"));
  expect(keyOf("a.Main.go;a.Main$$Lambda/0x00007f12.apply")).toBe("cpu/hot-method:a.Main.go");
});

test("work without a hot method is told by the frame that most of it passes through", () => {
  const samples = Array.from({ length: 20 }, (_, i) => samplesOf(`a.Main.loop;a.Store.put;a.Part${i}.work`, 45)).flat();
  const { profiles } = drawnCpu(...samples, ...samplesOf("a.Main.loop", 100));
  const { findings } = hotMethods.analyze({ profiles }, options);
  expect(findings).toMatchObject([
    {
      rule: "cpu/hot-path",
      severity: "info",
      title: expect.stringContaining("90 % of the processor time passes through `Store.put`"),
    },
  ]);
});

test("two samplers of processor time are never added: the one that misses least is read", () => {
  const samples = samplesOf("a.B.c", 100);
  const { profiles } = drawnRecording({
    profiles: [
      { kind: "cpu", event: "jdk.ExecutionSample", unit: "seconds", samples: [...samples, ...samples] },
      { kind: "cpu", event: "jdk.CPUTimeSample", unit: "seconds", samples },
    ],
  });
  expect(cpuProfileOf(profiles)!.event).toBe("jdk.CPUTimeSample");
});

test("the interval of a share is Wilson's", () => {
  const { low, high } = shareInterval(50, 100);
  expect([low.toFixed(3), high.toFixed(3)]).toEqual(["0.404", "0.596"]);
  expect(shareInterval(0, 0)).toEqual({ low: 0, high: 1 });
});

test("the section has self and total of frames, stacks leaf first, hot paths by pool and what the numbers are worth", () => {
  const { profiles } = drawnCpu(
    ...samplesOf("a.Main.run;a.Store.get;a.Crc.update", 30),
    ...samplesOf("a.Main.run;a.Store.put", 10, { thread: "other" }),
  );
  const [section] = profileOverview.analyze({ profiles }, options).sections;
  const [profile] = section!.data as unknown[];
  expect(profile).toMatchObject({
    kind: "cpu",
    event: "jdk.ExecutionSample",
    unit: "seconds",
    samples: 40,
    total: 0.4,
    topFrames: [
      { frame: "a.Crc.update", self: 0.3, total: 0.3 },
      { frame: "a.Store.put", self: 0.1, total: 0.1 },
      { frame: "a.Main.run", self: 0, total: 0.4 },
      { frame: "a.Store.get", self: 0, total: 0.3 },
    ],
    topStacks: [
      { frames: ["a.Crc.update", "a.Store.get", "a.Main.run"], value: 0.3 },
      { frames: ["a.Store.put", "a.Main.run"], value: 0.1 },
    ],
    hotPaths: [
      { pool: "worker-*" },
      {
        pool: "other",
        frames: [
          { frame: "a.Main.run", share: 1 },
          { frame: "a.Store.put", share: 1 },
        ],
      },
    ],
    confidence: { sentences: ["sampled every 10 ms", "too few samples for shares to mean much"] },
  });
});
