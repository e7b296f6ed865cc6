import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findProgram } from "../prometheus.ts";
import { healthyScenario } from "./healthy-scenarios.ts";
import { otherScenarios } from "./other-scenarios.ts";
import { scenarioOf, sicknesses } from "./sick-scenarios.ts";
import { alerts, failuresOf } from "./unit-tests-of-rules.ts";

const promtool = findProgram("promtool");
const rules = join(import.meta.dirname, "../../dashboards/generated/jprof-alerts.yaml");

describe.skipIf(promtool === undefined)("the alert rules", () => {
  test("promtool finds nothing wrong with the rule file", () => {
    const { status, stdout, stderr } = spawnSync(promtool!, ["check", "rules", rules], { encoding: "utf8" });
    expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: "" });
  });

  test.each(sicknesses)("$alert fires for: $what ($kind)", (sickness) => {
    expect(failuresOf(promtool!, [scenarioOf(sickness)])).toBe("");
  });

  test.each(otherScenarios)("$name", (scenario) => {
    expect(failuresOf(promtool!, [scenario])).toBe("");
  });

  test("each of them has a case in which it fires", () => {
    const expectations = [...sicknesses.map(scenarioOf), ...otherScenarios].flatMap(
      (scenario) => scenario.expectations,
    );
    const fired = new Set(expectations.filter(({ firing }) => firing.length > 0).map(({ alert }) => alert));
    expect(alerts.map(({ name }) => name).filter((name) => !fired.has(name))).toEqual([]);
  });

  test("all are silent for healthy services of every collector, over start, restarts and deployment", () => {
    expect(failuresOf(promtool!, [healthyScenario()])).toBe("");
  }, 120_000);
});
