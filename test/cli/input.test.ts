import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { readInput } from "../../src/cli/input.ts";
import { formats } from "../../src/formats/index.ts";

const folder = mkdtempSync(join(tmpdir(), "jprof-input-"));
afterAll(() => rmSync(folder, { recursive: true }));

const content = Buffer.concat([Buffer.from("JAVA PROFILE 1.0.2\0"), Buffer.alloc(300_000, "some heap")]);

test.each([
  ["plain", content],
  ["gzip", gzipSync(content)],
  ["zstd", zstdCompressSync(content)],
  ["a cut-off gzip", gzipSync(content).subarray(0, 400)],
])("the head of %s content is the content's beginning", (_kind, bytes) => {
  const { head, fileBytes } = readInput(file(bytes));
  expect(Buffer.from(head.subarray(0, 40))).toEqual(content.subarray(0, 40));
  expect(head.length).toBeLessThanOrEqual(65_536);
  expect(fileBytes).toBe(bytes.length);
  expect(formats.filter(({ sniff }) => sniff(head, "x")).map(({ name }) => name)).toEqual(["hprof"]);
});

test.each([
  [() => join(folder, "gone"), "no such file; check the path"],
  [() => folder, "it is a folder; name the files in it"],
  [() => file(Buffer.alloc(0)), "is empty"],
  [() => file(Buffer.from("BZh91AY")), "run bunzip2 on it first"],
  [() => file(Buffer.from([0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9])), "cannot be unpacked"],
])("what cannot be read says why and what to do", (path, message) => {
  expect(() => readInput(path())).toThrow(message);
});

test("a named pipe is refused at once, with or without a writer", () => {
  const pipe = join(folder, "pipe");
  execFileSync("bash", ["-c", 'mkfifo "$1"', "bash", pipe]);
  expect(() => readInput(pipe)).toThrow("it is a pipe, and files are read more than once; send it to stdin");
});

let files = 0;
function file(bytes: Uint8Array): string {
  const path = join(folder, `input-${files++}`);
  writeFileSync(path, bytes);
  return path;
}
