import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openContent } from "../../../src/formats/compressed/open-content.ts";
import { readThreadDumps } from "../../../src/formats/thread-dump/read-thread-dumps.ts";
import { StackInterner } from "../../../src/formats/thread-dump/stack-interner.ts";
import { ThreadBudget, ThreadList } from "../../../src/formats/thread-dump/thread-list.ts";
import { dumpsOf, threadOf } from "./read-dumps.ts";
import { jdk17 } from "./samples.ts";

const virtualThread = (id: number) => ({
  tid: String(id),
  virtual: true,
  name: id % 3 === 0 ? `é"\\{[${id}` : "",
  state: "WAITING",
  stack: [
    `java.base/java.lang.VirtualThread.park(VirtualThread.java:582)`,
    `demo.Task${id % 7}.run(Task.java:${id % 7})`,
  ],
});

describe("very many threads", () => {
  test("JSON of more than one window is read as JSON.parse reads it, compact or indented", () => {
    const threads = Array.from({ length: 12_000 }, (_, id) => virtualThread(id));
    const dump = {
      threadDump: {
        processId: "1",
        time: "2026-01-02T03:04:05Z",
        runtimeVersion: "25",
        threadContainers: [{ container: "<root>", threads }],
      },
    };
    for (const indent of [0, 2]) {
      const { dumps } = dumpsOf(JSON.stringify(dump, undefined, indent));
      expect(dumps[0]?.threads.map(({ name, javaId }) => [String(javaId), name])).toEqual(
        threads.map(({ tid, name }) => [tid, name]),
      );
      expect(new Set(dumps[0]?.threads.map(({ frames }) => frames)).size).toBe(7);
    }
  });

  test("beyond the limit threads are counted by stack, state and pool, and none is lost", () => {
    const list = new ThreadList(new ThreadBudget(10));
    const [thread] = dumpsOf(jdk17).dumps[0]?.threads ?? [];
    const stacks = new StackInterner();
    const stackOf = (line: number) =>
      stacks.stackOf([{ method: "a.B.c", module: undefined, file: "B.java", line, isNative: false }]);
    for (let index = 0; index < 1_010; index++)
      list.add({ ...thread!, pool: "p", isVirtual: true, frames: stackOf(index % 4) });
    expect(list.threads.length).toBe(10);
    expect(
      list.folded.map(({ pool, isVirtual, count, frames }) => [pool, isVirtual, count, frames[0]?.line]).sort(),
    ).toEqual([
      ["p", true, 250, 0],
      ["p", true, 250, 1],
      ["p", true, 250, 2],
      ["p", true, 250, 3],
    ]);
  });

  test("equal stacks are one array, and hidden classes have no number", () => {
    const stacks = new StackInterner();
    const frame = (method: string) => ({
      method,
      module: undefined,
      file: undefined,
      line: undefined,
      isNative: false,
    });
    const [one, other, old] = ["A$$Lambda/0x01.run", "A$$Lambda/0x02.run", "A$$Lambda$14/1234.run"].map((method) =>
      stacks.stackOf([frame(method)]),
    );
    expect([other, old]).toEqual([one, one]);
    expect(other).toBe(one);
  });

  test("a compressed dump is read like the text", () => {
    const folder = mkdtempSync(join(tmpdir(), "jprof-dumps-"));
    try {
      const file = join(folder, "dump.txt.gz");
      writeFileSync(file, gzipSync(jdk17));
      const source = openContent(file);
      try {
        expect(threadOf(readThreadDumps(source), "worker-1").javaId).toBe(12);
      } finally {
        source.close();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
