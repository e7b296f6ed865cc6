import fc from "fast-check";
import { expect, test } from "vitest";
import { derivations } from "../../collectors/derived/index.ts";
import { collectors } from "../../collectors/index.ts";
import { ownMetrics } from "../../src/agent/own-metrics.ts";
import { nameCollisions } from "../../src/exporters/name-collisions.ts";
import type { Collection, Collector } from "../../src/model/collector.ts";
import type { Metric } from "../../src/model/metric.ts";
import type { Target } from "../../src/model/target.ts";
import { fakeTarget } from "../collectors/fake-target.ts";

const metrics: readonly Metric[] = [
  ...collectors.flatMap((collector) => collector.metrics),
  ...derivations.flatMap((derivation) => derivation.metrics),
  ...Object.values(ownMetrics),
];
const signal = new AbortController().signal;

test("every collector has its own name and says what it tells", () => {
  expect(new Set(collectors.map(({ name }) => name)).size).toBe(collectors.length);
  for (const { name, description, metrics: own } of collectors) {
    expect(name).toMatch(/^[a-z][a-z-]*$/);
    expect(description.length, name).toBeGreaterThan(10);
    expect(own.length, name).toBeGreaterThan(0);
  }
});

test("metrics of one name are one metric", () => {
  const byName = Map.groupBy(metrics, ({ name }) => name);
  const different = [...byName].filter(([, same]) => new Set(same.map(({ unit, kind }) => `${unit} ${kind}`)).size > 1);
  expect(different.map(([name]) => name)).toEqual([]);
});

test("no two metrics share a name under /metrics", () => {
  expect(nameCollisions(metrics)).toEqual([]);
});

test("every metric is named and documented as OpenTelemetry asks", () => {
  for (const { name, help, unit, labels } of metrics) {
    expect(name).toMatch(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$/);
    expect(help, name).toMatch(/^[A-Z0-9].*\.$/);
    expect(unit, name).toMatch(/^(By|s|1|By\/s|\{[a-z_]+\})$/);
    for (const label of labels) expect(label, name).toMatch(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/);
  }
});

test.each(collectors)("$name gives reasons, not errors, when nothing answers", async (collector) => {
  checkCollection(collector, await collector.collect(fakeTarget(), signal));
});

test.each(collectors)("$name invents nothing from garbage", async (collector) => {
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 300 }), async (garbage) => {
      const collection = await collector.collect(targetSaying(garbage), signal).catch((error: Error) => error);
      // The agent takes an error for what it is; a collector that returns must return what it declared.
      if (!(collection instanceof Error)) checkCollection(collector, collection);
    }),
    { seed: 4, numRuns: 50 },
  );
});

function checkCollection({ metrics: own }: Collector, { samples, missing }: Collection): void {
  for (const { metric, value, labels, takenAtMillis } of samples) {
    expect(own, metric.name).toContain(metric);
    expect(Number.isFinite(value), `${metric.name} ${value}`).toBe(true);
    expect(metric.labels, metric.name).toEqual(expect.arrayContaining(Object.keys(labels)));
    expect(takenAtMillis).toBeGreaterThan(1e12);
  }
  const names = own.map(({ name }) => name);
  for (const { metrics: without, reason } of missing) {
    expect(names).toEqual(expect.arrayContaining([...without]));
    expect(reason.length).toBeGreaterThan(3);
  }
}

/** A JVM whose every text is the same. */
function targetSaying(text: string): Target {
  const answer = async () => ({ ok: true, value: text, source: "attach", takenAtMillis: Date.now() }) as const;
  return { ...fakeTarget(), jcmd: answer, readProc: answer };
}
