import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeToFile } from "../../src/cli/output.ts";

const folder = mkdtempSync(join(tmpdir(), "jprof-output-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a file is replaced whole, and no other file stays", () => {
  writeFileSync(join(folder, "report"), "old");
  writeToFile(join(folder, "report"), "new");
  expect(readFileSync(join(folder, "report"), "utf8")).toBe("new");
  expect(readdirSync(folder)).toEqual(["report"]);
});

test("a folder that is not there is the user's to mend", () => {
  expect(() => writeToFile(join(folder, "gone", "report"), "x")).toThrow(/cannot write .*ENOENT.*give -o a file/);
});
