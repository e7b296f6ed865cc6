import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { LiveMetadata } from "../../src/formats/jfr/live-metadata.ts";
import { chunkNames, openChunk, type Repository } from "../../src/recorders/repository.ts";
import { openRepositoryPart } from "../../src/recorders/repository-part.ts";
import { RepositoryTail } from "../../src/recorders/repository-tail.ts";
import { commonTypes, eventType, writeRecording } from "../jfr-writer.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function repository(): Repository & { readonly folder: string } {
  const root = mkdtempSync(join(tmpdir(), "jprof-repository-"));
  folders.push(root);
  const folder = join(root, "tmp/2026_01_02_03_04_05_7");
  mkdirSync(folder, { recursive: true });
  return { root, folder, path: "/tmp/2026_01_02_03_04_05_7", uid: process.getuid?.() ?? 0 };
}

const tick = eventType("test.Tick", [{ name: "number", type: "int" }]);
const types = [...commonTypes, tick];
const nanosOf = (second: number) => 1_700_000_000_000_000_000n + BigInt(second) * 1_000_000_000n;

/** A chunk with events of these numbers; with a state, one that is still open. */
function chunk(numbers: readonly number[], { state = 0, second = 0 } = {}): Uint8Array {
  const events = numbers.map((number) => ({ event: { type: "test.Tick", values: { startTime: 0, number } } }));
  const parts = [{ metadata: types }, { checkpoint: {} }, ...events];
  const bytes = writeRecording({ types, parts, startNanos: nanosOf(second) });
  bytes[64] = state;
  return bytes;
}

function tailOf(where: Repository) {
  const told: number[] = [];
  const visitor = { sinkOf: () => (slots: Float64Array) => void told.push(slots[1]!) };
  return { told, tail: new RepositoryTail(where, visitor, new LiveMetadata()) };
}

describe("following a repository", () => {
  test("tells each event once, through flushes, rotations of which several came at once, and deletions", () => {
    const where = repository();
    const put = (name: string, bytes: Uint8Array) => writeFileSync(join(where.folder, name), bytes);
    const { told, tail } = tailOf(where);
    tail.advance(0);
    put("2026_01_02_03_04_05.jfr", chunk([1], { state: 1 }));
    tail.advance(1);
    put("2026_01_02_03_04_05.jfr", chunk([1, 2], { state: 2 }));
    tail.advance(2);
    put("2026_01_02_03_04_05.jfr", chunk([1, 2, 3]));
    put("2026_01_02_03_04_05_1.jfr", chunk([4]));
    put("2026_01_02_03_04_09.jfr", chunk([5], { state: 1 }));
    tail.advance(3);
    for (const name of chunkNames(where)) rmSync(join(where.folder, name));
    tail.advance(4);
    put("2026_01_02_03_05_00.jfr", chunk([6], { state: 3 }));
    tail.advance(5);
    expect(told).toEqual([2, 3, 4, 5, 6]);
    expect(tail.totals()).toMatchObject({ chunks: 4, unreadBytes: 0, lastNewsMillis: 5 });
  });

  test("sorts chunks of one second by their number", () => {
    const { folder, ...where } = repository();
    const names = ["2026_01_02_03_04_05.jfr", "2026_01_02_03_04_05_2.jfr", "2026_01_02_03_04_05_10.jfr"];
    for (const name of [...names].reverse()) writeFileSync(join(folder, name), "");
    expect(chunkNames(where)).toEqual(names);
  });

  test("reads no link, no other user's file, no other name", () => {
    const { folder, ...where } = repository();
    writeFileSync(join(folder, "secret.txt"), "secret");
    symlinkSync("/etc/passwd", join(folder, "2026_01_02_03_04_05.jfr"));
    writeFileSync(join(folder, "2026_01_02_03_04_06.jfr"), chunk([1]));
    expect(chunkNames(where)).not.toContain("secret.txt");
    expect(openChunk(where, "2026_01_02_03_04_05.jfr")).toBeUndefined();
    expect(openChunk({ ...where, uid: 4242 }, "2026_01_02_03_04_06.jfr")).toBeUndefined();
    openChunk(where, "2026_01_02_03_04_06.jfr")!.close();
  });

  test("counts what is no recording as unread, and goes on", () => {
    const where = repository();
    const { told, tail } = tailOf(where);
    tail.advance(0);
    writeFileSync(join(where.folder, "2026_01_02_03_04_05.jfr"), chunk([1], { state: 1 }));
    tail.advance(1);
    const other = chunk([2]);
    other[5] = 9;
    writeFileSync(join(where.folder, "2026_01_02_03_04_06.jfr"), other);
    writeFileSync(join(where.folder, "2026_01_02_03_04_07.jfr"), chunk([3], { state: 1 }));
    tail.advance(2);
    expect(told).toEqual([3]);
    expect(tail.totals().unreadBytes).toBe(other.length);
  });
});

describe("the newest part of a repository", () => {
  test("has the chunks that reach back to a moment, of an open one what was flushed, and not too many", () => {
    const { folder, ...where } = repository();
    const chunks = [chunk([1], { second: 0 }), chunk([2], { second: 10 }), chunk([3, 4], { second: 20, state: 5 })];
    chunks.forEach((bytes, index) => {
      const unflushed = Buffer.alloc(index === 2 ? 9 : 0);
      writeFileSync(join(folder, `2026_01_02_03_04_0${index}.jfr`), Buffer.concat([bytes, unflushed]));
    });
    const startOf = (second: number) => Number(nanosOf(second)) / 1e6;
    const wholeBytes = chunks.reduce((sum, { length }) => sum + length, 0);
    const part = openRepositoryPart(where, { sinceMillis: startOf(12), mostBytes: 1e6 })!;
    expect(part).toMatchObject({ startMillis: startOf(10), isCut: false });
    const bytes = new Uint8Array(part.source.sizeBytes);
    expect(part.source.read(0, bytes)).toBe(bytes.length);
    expect(Buffer.compare(bytes, Buffer.concat(chunks.slice(1)))).toBe(0);
    part.source.close();
    const all = openRepositoryPart(where, { sinceMillis: 0, mostBytes: 1e6 })!;
    expect(all.source.sizeBytes).toBe(wholeBytes);
    all.source.close();
    const cut = openRepositoryPart(where, { sinceMillis: 0, mostBytes: chunks[2]!.length })!;
    expect(cut).toMatchObject({ startMillis: startOf(20), isCut: true });
    cut.source.close();
    expect(openRepositoryPart({ ...where, path: "/none" }, { sinceMillis: 0, mostBytes: 1e6 })).toBeUndefined();
  });
});
