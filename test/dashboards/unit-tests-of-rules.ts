import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { ruleGroups } from "../../dashboards/alerts/index.ts";
import { component, type PrometheusRuleEntry, type RuleFile, ruleFileOf } from "../../dashboards/alerts/rule-file.ts";
import type { Labels } from "../../src/model/metric.ts";
import type { SyntheticSeries } from "./synthetic-jvm.ts";

/** What an alert is to say at one time: its labels, once for each time it fires; none: it is silent. */
export interface Expectation {
  readonly alert: string;
  readonly minutes: number;
  readonly firing: readonly Labels[];
}

/** Series over some time, and what the rules make of them. */
export interface RuleScenario {
  readonly name: string;
  readonly lastMinute: number;
  readonly intervalMinutes: number;
  readonly series: readonly SyntheticSeries[];
  readonly expectations: readonly Expectation[];
}

const groups = ruleGroups();
const rules = ruleFileOf(groups).groups.flatMap((group) => group.rules);

export const alerts = groups.flatMap((group) => group.alerts);

/** What promtool says of the scenarios; empty where all is as expected. */
export function failuresOf(promtool: string, scenarios: readonly RuleScenario[]): string {
  const folder = mkdtempSync(join(tmpdir(), "jprof-rules-"));
  try {
    writeFileSync(join(folder, "rules.yaml"), stringify(rulesFor(scenarios)));
    writeFileSync(
      join(folder, "tests.yaml"),
      stringify(testFileOf(scenarios), { aliasDuplicateObjects: false, lineWidth: 0 }),
    );
    const { status, stdout, stderr } = spawnSync(promtool, ["test", "rules", join(folder, "tests.yaml")], {
      encoding: "utf8",
      timeout: 120_000,
      env: { ...process.env, GOMAXPROCS: "1" },
    });
    return status === 0 ? "" : `${stdout}${stderr}`.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Those that count, without annotations: promtool compares them to the letter, and what they say is tested on a real Prometheus. */
function rulesFor(scenarios: readonly RuleScenario[]): RuleFile {
  const asked = new Set(scenarios.flatMap(({ expectations }) => expectations.map(({ alert }) => alert)));
  const needed = namesNeededBy(asked);
  const isAsked = ({ alert = "", record = "" }: PrometheusRuleEntry) => asked.has(alert) || needed.has(record);
  return {
    groups: ruleFileOf(groups).groups.map((group) => ({
      ...group,
      rules: group.rules.filter(isAsked).map(({ annotations: _annotations, ...rule }) => rule),
    })),
  };
}

function testFileOf(scenarios: readonly RuleScenario[]) {
  return {
    rule_files: ["rules.yaml"],
    evaluation_interval: `${Math.max(...scenarios.map(({ intervalMinutes }) => intervalMinutes))}m`,
    tests: scenarios.map((scenario) => ({
      name: scenario.name,
      interval: `${scenario.intervalMinutes}m`,
      input_series: inputsOf(scenario),
      alert_rule_test: scenario.expectations.map(({ alert, minutes, firing }) => ({
        eval_time: `${minutes}m`,
        alertname: alert,
        exp_alerts: firing.map((labels) => ({ exp_labels: { ...labels, severity: severityOf(alert), component } })),
      })),
    })),
  };
}

function severityOf(alertName: string): string {
  return alerts.find(({ name }) => name === alertName)?.severity ?? "";
}

function inputsOf({ series, lastMinute, intervalMinutes, expectations }: RuleScenario) {
  const needed = namesNeededBy(new Set(expectations.map(({ alert }) => alert)));
  const points = Math.floor(lastMinute / intervalMinutes) + 1;
  return series
    .filter(({ name }) => needed.has(name))
    .map(({ name, labels, at }) => ({
      series: `${name}{${Object.entries(labels)
        .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
        .join(",")}}`,
      values: Array.from({ length: points }, (_, index) => at(index * intervalMinutes * 60) ?? "_").join(" "),
    }));
}

/** The series that alerts read, through recorded ones too. */
function namesNeededBy(alertNames: ReadonlySet<string>): ReadonlySet<string> {
  const names = new Set<string>();
  const pending = rules.filter(({ alert }) => alert !== undefined && alertNames.has(alert)).map(({ expr }) => expr);
  for (let expression = pending.pop(); expression !== undefined; expression = pending.pop()) {
    for (const word of expression.match(/[a-zA-Z_:][\w:]*/g) ?? []) {
      if (names.has(word)) continue;
      names.add(word);
      pending.push(...rules.filter(({ record }) => record === word).map(({ expr }) => expr));
    }
  }
  return names;
}
