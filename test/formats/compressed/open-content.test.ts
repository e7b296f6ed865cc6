import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { ContentStream } from "../../../src/formats/compressed/content-stream.ts";
import { openContent, openForward } from "../../../src/formats/compressed/open-content.ts";
import { FormatError } from "../../../src/model/errors.ts";

const folder = mkdtempSync(join(tmpdir(), "jprof-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Bytes that do not repeat soon, so that a wrong offset shows. */
const contents = Uint8Array.from({ length: 20 << 20 }, (_, i) => (i * 31 + (i >>> 8) * 17 + (i >>> 16)) & 255);

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function readAll(path: string): Buffer {
  const source = openContent(path);
  const bytes = Buffer.alloc(source.sizeBytes);
  expect(source.read(0, bytes)).toBe(source.sizeBytes);
  source.close();
  return bytes;
}

test.each([
  ["plain", contents],
  ["gzip", gzipSync(contents)],
  ["gzip in two members", Buffer.concat([gzipSync(contents.subarray(0, 1000)), gzipSync(contents.subarray(1000))])],
  ["zstd", zstdCompressSync(contents)],
])("%s content is the same bytes", (name, bytes) => {
  expect(Buffer.compare(readAll(fileOf(name, bytes)), contents)).toBe(0);
});

test("a compressed file that was cut off gives what comes before the cut", () => {
  const whole = gzipSync(contents);
  const found = readAll(fileOf("cut.gz", whole.subarray(0, whole.length >> 1)));
  expect(found.length).toBeGreaterThan(contents.length / 4);
  expect(Buffer.compare(found, contents.subarray(0, found.length))).toBe(0);
});

test("a compressed file with damage inside gives what comes before it, or says that there is nothing", () => {
  const damaged = gzipSync(contents);
  damaged.fill(0xff, damaged.length >> 1, (damaged.length >> 1) + 100);
  const found = readAll(fileOf("damaged.gz", damaged));
  expect(found.length).toBeGreaterThan(0);
  expect(Buffer.compare(found.subarray(0, 1 << 20), contents.subarray(0, 1 << 20))).toBe(0);
  expect(() => openContent(fileOf("empty.gz", Uint8Array.of(0x1f, 0x8b, 8, 0)))).toThrow(FormatError);
});

test("a stream goes back a little from what it has at hand, and far by starting over", () => {
  const stream = new ContentStream({
    path: fileOf("stream.gz", gzipSync(contents)),
    head: new Uint8Array(0),
    compression: "gzip",
  });
  const piece = new Uint8Array(1000);
  for (const offset of [0, 5 << 20, (5 << 20) - 100, 19 << 20, 100, contents.length - 500]) {
    const expected = contents.subarray(offset, offset + 1000);
    expect(stream.read(offset, piece)).toBe(expected.length);
    expect(Buffer.compare(piece.subarray(0, expected.length), expected)).toBe(0);
  }
  stream.close();
});

test("content that is read forward does not know its size, and ends where it ends", () => {
  const path = fileOf("forward.gz", gzipSync(contents));
  const source = openForward("forward.gz", gzipSync(contents).subarray(0, 64), path);
  const bytes = new Uint8Array(contents.length + 1000);
  expect(source.read(0, bytes)).toBe(contents.length);
  source.close();
});
