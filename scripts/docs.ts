import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportSchemaText } from "../src/cli/output-schema.ts";

// Everything in docs/ that is generated; test/cli/output-schema.test.ts fails when it is not current.
const file = join(import.meta.dirname, "../docs/report.schema.json");
writeFileSync(file, reportSchemaText());
console.error(`wrote ${file}`);
