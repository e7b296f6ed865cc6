import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reportSchemaText } from "../../src/cli/output-schema.ts";
import { validReport } from "../valid-report.ts";

test("the committed schema is the one that the code describes (npm run docs)", () => {
  const committed = readFileSync(join(import.meta.dirname, "../../docs/report.schema.json"), "utf8");
  expect(committed).toBe(reportSchemaText());
});

test("what is not a report is refused, with every place", () => {
  expect(() => validReport('{"schemaVersion": 2, "summary": 1}')).toThrow(/\/schemaVersion.*\n.*\/summary|required/s);
});
