import { expect, test } from "vitest";
import { type Companion, type WatchPlan, watchTarget } from "../../src/agent/watched-target.ts";
import type { Collector } from "../../src/model/collector.ts";
import type { DiscoveredJvm, LiveTarget } from "../../src/model/jvm-source.ts";
import type { Metric, Sample } from "../../src/model/metric.ts";
import { until } from "../agent-process.ts";
import { fakeTarget } from "../collectors/fake-target.ts";

const target = fakeTarget();
const live: LiveTarget = {
  ...target,
  policy: "observe",
  tick: () => undefined,
  tiers: () => [],
  liveness: () => ({ isUp: true, reason: "" }),
  close: () => undefined,
};
const jvm: DiscoveredJvm = { kind: "hotspot", identity: target.identity, obstacles: [] };

test("a poll that goes wrong is told, and the next one is made all the same", async () => {
  const errors: unknown[] = [];
  const broken = () => {
    throw new Error("no derivation today");
  };
  const derivation = { name: "broken", description: "", metrics: [], needs: [], derive: broken };
  const watched = watchTarget(
    jvm,
    live,
    plan({ derivations: [derivation], failed: (_target, error) => errors.push(error) }),
  );
  await until(() => errors.length > 1, 5_000);
  await watched.stop();
  expect(String(errors[0])).toBe("Error: no derivation today");
});

test("a collector that runs seldom is told of when it ran, not with every poll", async () => {
  const told: string[] = [];
  const seldom = collector("seldom", 300);
  const often = collector("often");
  const polled: WatchPlan["polled"] = (_target, runs) => told.push(runs.map((run) => run.collector.name).join(" "));
  const watched = watchTarget(jvm, live, plan({ collectors: [seldom, often], polled }));
  await until(() => told.length > 2, 5_000);
  await watched.stop();
  expect(told.slice(0, 3)).toEqual(["seldom often", "often", "often"]);
});

test("what goes along is exported with each poll, and lets go before the JVM can no longer be asked", async () => {
  const events: string[] = [];
  const metric: Metric = { name: "x", unit: "1", kind: "gauge", help: "", labels: [], stability: "development" };
  const sample: Sample = { metric, value: 1, labels: {}, source: "recording", takenAtMillis: 0 };
  const companion: Companion = {
    samples: () => [sample],
    report: () => ({}),
    async stop() {
      await new Promise((resolve) => setTimeout(resolve, 20));
      events.push("companion stopped");
    },
  };
  const closing = { ...live, close: () => events.push("closed") };
  const watched = watchTarget(jvm, closing, plan({ accompany: () => companion }));
  await until(() => watched.samples().includes(sample), 5_000);
  await watched.stop();
  expect(events).toEqual(["companion stopped", "closed"]);
});

function collector(name: string, everySeconds?: number): Collector {
  const collect = async () => ({ samples: [], missing: [] });
  const base = { name, description: "", enabledByDefault: true, policy: "observe", metrics: [], collect } as const;
  return everySeconds === undefined ? base : { ...base, everySeconds };
}

function plan(parts: Partial<WatchPlan>): WatchPlan {
  return {
    ...{ collectors: [], derivations: [], exporters: [], pollMillis: 10, deadlineMillis: 50 },
    window: { pointsPerSeries: 8, seriesPerMetric: 8, ageSeconds: 60 },
    exportedTargetOf: () => ({ key: "1:2", resource: {}, startedAtMillis: 0, identity: undefined }),
    polled: () => undefined,
    failed: () => undefined,
    ...parts,
  };
}
