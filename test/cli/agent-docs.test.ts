import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { agentConfigDocument, agentConfigSchemaText, metricsDocument } from "../../src/cli/agent-docs.ts";

test.each([
  ["agent-config.md", agentConfigDocument],
  ["agent-config.schema.json", agentConfigSchemaText],
  ["metrics.md", metricsDocument],
])("docs/%s is current (`npm run docs`)", (name, make) => {
  expect(readFileSync(join(import.meta.dirname, "../../docs", name), "utf8")).toBe(make());
});
