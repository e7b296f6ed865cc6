import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";

const schemaFile = join(import.meta.dirname, "../docs/report.schema.json");
const validate = new Ajv({ allErrors: true, strict: false, formats: { "date-time": true } }).compile(
  JSON.parse(readFileSync(schemaFile, "utf8")),
);

/** Parses the JSON that jprof wrote, and throws with every place where it does not follow the published schema. */
export function validReport<T = Record<string, unknown>>(json: string): T {
  const report: unknown = JSON.parse(json);
  if (validate(report)) return report as T;
  const errors = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || "/"} ${message}`);
  throw new Error(`the report does not follow docs/report.schema.json:\n${errors.join("\n")}`);
}
