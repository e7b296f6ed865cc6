import { expect, test } from "vitest";
import { ownCostCollector } from "../../collectors/own-cost.ts";
import type { RequestUsage } from "../../src/model/target.ts";
import { fakeTarget } from "./fake-target.ts";

const signal = new AbortController().signal;
const usage: readonly RequestUsage[] = [
  { command: "VM.uptime", outcome: "answered", requests: 3, seconds: 0.5, stoppedSeconds: 0.25 },
  { command: "VM.uptime", outcome: "timeout", requests: 1, seconds: 5, stoppedSeconds: 0 },
];

test("tells requests by outcome, and their time and stops by command", async () => {
  const { samples, missing } = await ownCostCollector.collect(fakeTarget({ usage, perfCounters: {} }), signal);
  expect(samples.map(({ metric, value, labels }) => [metric.name, value, labels["jprof.outcome"]])).toEqual([
    ["jprof.target.requests", 3, "answered"],
    ["jprof.target.requests", 1, "timeout"],
    ["jprof.target.request.time", 5.5, undefined],
    ["jprof.target.stopped.time", 0.25, undefined],
  ]);
  expect(missing).toEqual([]);
});

test("does not say that a JVM was not stopped where it cannot know", async () => {
  const { samples, missing } = await ownCostCollector.collect(fakeTarget({ usage }), signal);
  expect(samples.map(({ metric }) => metric.name)).not.toContain("jprof.target.stopped.time");
  expect(missing).toEqual([
    { metrics: ["jprof.target.stopped.time"], reason: expect.stringContaining("PerfDisableSharedMem") },
  ]);
});
