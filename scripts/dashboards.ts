import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "../dashboards/files.ts";

// Everything in dashboards/generated; test/dashboards/files.test.ts fails when it is not current.
const folder = join(import.meta.dirname, "../dashboards/generated");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const [name, text] of generatedFiles()) writeFileSync(join(folder, name), text);
console.error(`wrote ${folder}`);
