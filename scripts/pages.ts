import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pageModule } from "./page-bundle.ts";

// The code of the HTML pages; test/reports/pages/generated.test.ts fails when it is not current.
const file = join(import.meta.dirname, "../src/reports/pages/generated/code.ts");
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, await pageModule());
console.error(`wrote ${file}`);
