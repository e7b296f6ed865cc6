import { describe, expect, test } from "vitest";
import { nameCollisions } from "../../src/exporters/name-collisions.ts";
import { metricOf } from "./drawn-samples.ts";

describe("collisions of names", () => {
  test("the same metric twice is none, nor are metrics with names of their own", () => {
    const used = metricOf("jvm.memory.used By updowncounter");
    expect(nameCollisions([used, used, metricOf("jvm.memory.limit By updowncounter")])).toEqual([]);
  });

  test("two that differ in what they are say in what", () => {
    expect(
      nameCollisions([metricOf("a.b By gauge"), metricOf("a_b By counter"), metricOf("a_b.bytes {x} gauge")]),
    ).toEqual([
      {
        prometheusName: "a_b_bytes",
        metrics: ["a.b", "a_b"],
        reason: "they differ in name, kind, help",
      },
      { prometheusName: "a_b_bytes", metrics: ["a.b", "a_b.bytes"], reason: "they differ in name, unit, help" },
    ]);
  });

  test("a gauge that is called as a part of a histogram collides with it", () => {
    const [found] = nameCollisions([metricOf("a s histogram"), metricOf("a.seconds.count {x} gauge")]);
    expect(found?.prometheusName).toBe("a_seconds_count");
  });

  test("a counter takes its name without _total too, as OpenMetrics names its family", () => {
    expect(nameCollisions([metricOf("a {x} counter"), metricOf("a {x} gauge")])).toHaveLength(1);
  });
});
