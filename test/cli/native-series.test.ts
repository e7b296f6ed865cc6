import { expect, test } from "vitest";
import { memorySource } from "../../src/bytes/byte-source.ts";
import { joinNativeInputs } from "../../src/cli/native-series.ts";
import { jemallocSummaryOf, nmtSummaryOf } from "../../src/cli/native-summaries.ts";
import { readNativeTracking } from "../../src/formats/nmt/read-native-tracking.ts";
import { dumpOf } from "../formats/jemalloc/read-dump.ts";

const common = { analyzers: [], close: () => undefined };

function heap(name: string, libc: string) {
  const text = `heap_v2/1024\n  t*: 1: 4096 [0: 0]\n@ 0x1001\n  t*: 1: 4096 [0: 0]\n\nMAPPED_LIBRARIES:\n${libc} r-xp 00000000 08:01 1 /usr/lib/libc.so.6\n`;
  const { evidence } = dumpOf(text, name);
  const read = { ...common, evidence: { nativeHeap: evidence }, summary: jemallocSummaryOf(name, evidence) };
  return { name, format: "jemalloc", fileBytes: text.length, seconds: 1, read };
}

function tracking(name: string, pid: number) {
  const text = `${pid}:\n\nNative Memory Tracking:\n\nTotal: reserved=8KB, committed=4KB\n\n-      Other (reserved=8KB, committed=4KB)\n\n`;
  const evidence = readNativeTracking(memorySource(name, Buffer.from(text)));
  const read = { ...common, evidence: { nativeMemory: evidence }, summary: nmtSummaryOf(name, evidence) };
  return { name, format: "nmt", fileBytes: text.length, seconds: 1, read };
}

test("files of one process become one input where the first of them stood, others stay their own", () => {
  const joined = joinNativeInputs([
    heap("je.7.1.i1.heap", "7f00-7f10"),
    tracking("a.txt", 7),
    heap("je.8.0.i0.heap", "7e00-7e10"),
    tracking("b.txt", 8),
    heap("je.7.0.i0.heap", "7f00-7f10"),
    tracking("c.txt", 7),
  ]);
  expect(joined.map(({ name, seconds }) => [name, seconds])).toEqual([
    ["je.7.0.i0.heap, je.7.1.i1.heap", 2],
    ["a.txt, c.txt", 2],
    ["je.8.0.i0.heap", 1],
    ["b.txt", 1],
  ]);
  expect(joined[0]!.read.summary).toMatchObject({ kind: "jemalloc", dumps: 2, stacks: 1 });
  expect(joined[1]!.read.summary).toMatchObject({ kind: "nmt", reports: 2, committedBytes: 4096 });
});
