import { expect, test } from "vitest";
import { poll, type Unfinished } from "../../src/agent/poll.ts";
import { createTargetSamples, missingOf } from "../../src/agent/target-samples.ts";
import type { Collection, Collector } from "../../src/model/collector.ts";
import type { Metric } from "../../src/model/metric.ts";
import { fakeTarget } from "../collectors/fake-target.ts";

const metric: Metric = { name: "a.b", unit: "1", kind: "gauge", help: "", labels: [], stability: "development" };
const one: Collection = {
  samples: [{ metric, value: 1, labels: {}, source: "proc", takenAtMillis: Date.now() }],
  missing: [],
};
const never = new AbortController().signal;

test("a collector that hangs costs its own samples, and is not started again while it hangs", async () => {
  let starts = 0;
  let finish: (collection: Collection) => void = () => undefined;
  const hanging = collector("hanging", () => {
    starts++;
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  const unfinished: Unfinished = new Set();
  const options = { unfinished, deadlineMillis: 50, signal: never };
  const all = [hanging, collector("good", async () => one)];
  expect((await poll(fakeTarget(), all, options)).map(({ failure }) => failure)).toEqual([
    "it did not end in time",
    undefined,
  ]);
  expect((await poll(fakeTarget(), all, options)).map(({ failure }) => failure)).toEqual([
    "its last run has not ended yet",
    undefined,
  ]);
  expect(starts).toBe(1);
  finish(one);
  await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(unfinished.size).toBe(0);
});

test("a collector that throws is told with its words", async () => {
  const broken = collector("broken", async () => {
    throw new Error("no such luck");
  });
  const [run] = await poll(fakeTarget(), [broken], { unfinished: new Set(), deadlineMillis: 1_000, signal: never });
  expect(run).toMatchObject({ failure: "no such luck", collection: { samples: [] } });
  expect(missingOf({ name: "broken", lastRun: run!, lastGood: undefined, sources: new Set() })).toEqual([
    { metrics: ["a.b"], reason: "no such luck" },
  ]);
});

test("values are served while they are fresh, also over a run that failed, and not a moment longer", async () => {
  const samples = createTargetSamples(() => 30);
  const run = (startedAtMillis: number, failure?: string) => ({
    collector: collector("good", async () => one),
    startedAtMillis,
    seconds: 0.1,
    collection: failure === undefined ? one : { samples: [], missing: [] },
    failure,
  });
  samples.add([run(1_000)]);
  samples.add([run(11_000, "it did not end in time")]);
  expect(samples.current(31_000)).toHaveLength(1);
  expect(samples.current(31_001)).toEqual([]);
});

test("what a collector no longer tells is gone at once", () => {
  const samples = createTargetSamples(() => 30);
  const base = { collector: collector("good", async () => one), seconds: 0.1, failure: undefined };
  samples.add([{ ...base, startedAtMillis: 1_000, collection: one }]);
  samples.add([{ ...base, startedAtMillis: 2_000, collection: { samples: [], missing: [] } }]);
  expect(samples.current(2_000)).toEqual([]);
});

function collector(name: string, collect: Collector["collect"]): Collector {
  return { name, description: "", enabledByDefault: true, policy: "observe", metrics: [metric], collect };
}

test("what several collectors read is read once in a poll, and again in the next", async () => {
  let reads = 0;
  const target = {
    ...fakeTarget(),
    perfCounters: async () => ({ ok: false, code: "absent", reason: `${++reads}` }) as const,
  };
  const reader = (name: string) =>
    collector(name, async (asked) => {
      const answer = await asked.perfCounters(never);
      return { samples: [], missing: [{ metrics: [], reason: answer.ok ? "" : answer.reason }] };
    });
  const options = { unfinished: new Set<string>(), deadlineMillis: 1_000, signal: never };
  const reasons = async () =>
    (await poll(target, [reader("one"), reader("other")], options)).map(
      ({ collection }) => collection.missing[0]?.reason,
    );
  expect(await reasons()).toEqual(["1", "1"]);
  expect(await reasons()).toEqual(["2", "2"]);
});
