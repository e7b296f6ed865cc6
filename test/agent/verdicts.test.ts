import { expect, test } from "vitest";
import { verdictsOf } from "../../src/agent/verdicts.ts";
import type { Sample } from "../../src/model/metric.ts";

const healthy = {
  "jprof.heap.live": 100,
  "jprof.heap.limit": 1000,
  "jprof.gc.overhead": 0.01,
  "jprof.thread.deadlocked": 0,
  "jvm.file_descriptor.count": 100,
  "jvm.file_descriptor.limit": 65536,
};

test("a healthy JVM has none", () => {
  expect(verdictsOf(samplesOf(healthy))).toEqual([]);
});

test("each has its number and its severity, and the worst comes first", () => {
  const ill = {
    ...healthy,
    "jprof.heap.live": 900,
    "jprof.gc.overhead": 0.4,
    "jprof.thread.deadlocked": 2,
    "jprof.heap.time_to_full": 7200,
    "jprof.heap.live.slope": 1024 * 1024,
    "jprof.container.memory.time_to_limit": 1800,
    "jprof.container.memory.unreclaimable": 95,
    "jprof.container.memory.limit": 100,
    "jvm.file_descriptor.count": 60_000,
  };
  expect(verdictsOf(samplesOf(ill)).map(({ severity, text }) => `${severity}: ${text}`)).toEqual([
    "critical: the kernel kills the container in 30 min at the present slope",
    "critical: collections stop the program for 40 % of the time",
    "critical: 2 threads wait for each other for ever",
    "warning: what survives collections grows by 60.0 MiB a minute: the heap is full in 2.0 h",
    "warning: 90 % of the heap was in use after the last collection",
    "warning: the container uses 95 % of its memory limit of 100 B",
    "warning: 60,000 of 65,536 file descriptors are open",
  ]);
});

function samplesOf(values: Readonly<Record<string, number>>): readonly Sample[] {
  return Object.entries(values).map(([name, value]) => ({
    metric: { name, unit: "1", kind: "gauge", help: "", labels: [], stability: "development" },
    ...{ value, labels: {}, source: "jprof", takenAtMillis: 0 },
  }));
}
