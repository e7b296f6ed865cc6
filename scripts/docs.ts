import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentConfigDocument, agentConfigSchemaText, metricsDocument } from "../src/cli/agent-docs.ts";
import { reportSchemaText } from "../src/cli/output-schema.ts";
// Those in dashboards/generated are written by themselves.
import "./dashboards.ts";

// Everything in docs/ that is generated; test/cli/output-schema.test.ts and test/cli/agent-docs.test.ts fail when it is not current.
const files = {
  "report.schema.json": reportSchemaText(),
  "agent-config.schema.json": agentConfigSchemaText(),
  "agent-config.md": agentConfigDocument(),
  "metrics.md": metricsDocument(),
};
for (const [name, text] of Object.entries(files)) {
  const file = join(import.meta.dirname, "../docs", name);
  writeFileSync(file, text);
  console.error(`wrote ${file}`);
}
