import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentConfigDocument, agentConfigSchemaText, metricsDocument } from "../src/cli/agent-docs.ts";
import { reportSchemaText } from "../src/cli/output-schema.ts";
import { chartValuesSchemaText } from "./chart-values.ts";
// Those in dashboards/generated are written by themselves.
import "./dashboards.ts";

// Everything in docs/ and deploy/ that is generated; test/cli/output-schema.test.ts, test/cli/agent-docs.test.ts and test/deploy/chart.test.ts
// fail when it is not current.
const files = {
  "docs/report.schema.json": reportSchemaText(),
  "docs/agent-config.schema.json": agentConfigSchemaText(),
  "docs/agent-config.md": agentConfigDocument(),
  "docs/metrics.md": metricsDocument(),
  "deploy/helm/jprof/values.schema.json": chartValuesSchemaText(),
};
for (const [name, text] of Object.entries(files)) {
  const file = join(import.meta.dirname, "..", name);
  writeFileSync(file, text);
  console.error(`wrote ${file}`);
}
