import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkOutput, writeToFile } from "../../src/cli/output.ts";

const folder = mkdtempSync(join(tmpdir(), "jprof-output-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a file is replaced whole, and no other file stays", () => {
  writeFileSync(join(folder, "report"), "old");
  writeToFile(join(folder, "report"), "new");
  expect(readFileSync(join(folder, "report"), "utf8")).toBe("new");
  expect(readdirSync(folder)).toEqual(["report"]);
});

test("a link stays, and the file that it names is replaced with its permissions kept", () => {
  const target = join(folder, "target");
  const link = join(folder, "link");
  writeFileSync(target, "old");
  chmodSync(target, 0o640);
  symlinkSync(target, link);
  writeToFile(link, "new");
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(target, "utf8")).toBe("new");
  expect(statSync(target).mode & 0o777).toBe(0o640);
});

test("a device is written to, not replaced by a file", () => {
  writeToFile("/dev/null", "x");
  expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
});

test("a full disk is told as such", () => {
  expect(() => writeToFile("/dev/full", "x")).toThrow("cannot write /dev/full: no space left on the device");
});

test("what cannot be written is refused before the work begins", () => {
  mkdirSync(join(folder, "sub"));
  expect(() => checkOutput(join(folder, "gone", "report"))).toThrow(/cannot write .*: there is no folder .*gone;/);
  expect(() => checkOutput(join(folder, "sub"))).toThrow("it is a folder; give -o a file in it");
  expect(() => checkOutput("")).toThrow("-o takes the name of a file, got ''");
});
