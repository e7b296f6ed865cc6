import { runbookOf } from "../runbook.ts";
import type { Alert, Recording, RuleGroup } from "./rule.ts";

/** One rule as Prometheus reads it. */
export interface PrometheusRuleEntry {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What a rule file of Prometheus holds, and the `spec` of a PrometheusRule object too. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly PrometheusRuleEntry[] }[];
}

/** On every alert, to tell it from others of the same name. */
export const component = "jprof";

export function ruleFileOf(groups: readonly RuleGroup[]): RuleFile {
  return {
    groups: groups.map(({ name, recordings, alerts }) => ({
      name,
      rules: [...recordings.map(recordingEntry), ...alerts.map(alertEntry)],
    })),
  };
}

/** The object that the Prometheus Operator looks for. */
export function prometheusRuleOf(groups: readonly RuleGroup[]) {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "jprof", labels: { "app.kubernetes.io/name": "jprof" } },
    spec: ruleFileOf(groups),
  };
}

function recordingEntry({ name, expression }: Recording): PrometheusRuleEntry {
  return { record: name, expr: expression };
}

function alertEntry(alert: Alert): PrometheusRuleEntry {
  const { name, severity, expression, keepFiringFor, summary, description } = alert;
  return {
    alert: name,
    expr: expression,
    for: alert.for,
    ...(keepFiringFor === undefined ? {} : { keep_firing_for: keepFiringFor }),
    labels: { severity, component },
    annotations: { summary, description, runbook_url: runbookOf(name) },
  };
}
