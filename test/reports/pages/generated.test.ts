import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { pageModule } from "../../../scripts/page-bundle.ts";

const top = join(import.meta.dirname, "../../..");

test("the code of the pages is what scripts/pages.ts makes of the sources", async () => {
  const file = join(top, "src/reports/pages/generated/code.ts");
  expect(readFileSync(file, "utf8") === (await pageModule()), "run: node scripts/pages.ts").toBe(true);
});

test("the scripts of the pages are right in the types of a browser", async () => {
  await execa("tsc", ["-p", "src/reports/pages"], { cwd: top, preferLocal: true });
});
