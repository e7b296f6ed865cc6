import { stringify } from "yaml";
import { ruleGroups } from "./alerts/index.ts";
import { prometheusRuleOf, ruleFileOf } from "./alerts/rule-file.ts";
import { buildDashboard } from "./build.ts";
import { dashboards } from "./index.ts";

const note = `Alerts and recording rules of jprof. What each alert means and what to do is in docs/runbooks.
Written by \`npm run docs\` from dashboards/alerts; do not edit.`;

/** What is committed in dashboards/generated, and what \`jprof dashboards\` writes: text by the file's name. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const groups = ruleGroups();
  return new Map([
    ...dashboards.map((spec): [string, string] => [
      `${spec.file}.json`,
      `${JSON.stringify(buildDashboard(spec), undefined, 2)}\n`,
    ]),
    ["jprof-alerts.yaml", yaml(ruleFileOf(groups))],
    ["jprof-prometheus-rule.yaml", yaml(prometheusRuleOf(groups))],
  ]);
}

function yaml(content: object): string {
  const comment = note.replaceAll(/^/gm, "# ");
  return `${comment}\n\n${stringify(content, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
