import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type NativeMemory, parseNativeMemory } from "../../../src/formats/jcmd/native-memory.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";
import { differencesFromTotal } from "./native-sums.ts";
import { codeCache17, nativeMemory17 } from "./replies.ts";

const KiB = 1024;
const noChange = { reservedChangeBytes: 0, committedChangeBytes: 0, peakBytes: undefined };
const noPages = { reservedBytes: 0, committedBytes: 0, ...noChange };
const noBlocks = { bytes: 0, count: 0, changeBytes: 0, countChange: 0, peakBytes: undefined };

describe("native memory", () => {
  test("a summary of JDK 17 tells categories with all their parts", () => {
    const memory = reportOf(nativeMemory17);
    expect(memory.scaleBytes).toBe(1);
    expect(memory.total).toEqual({
      ...noChange,
      reservedBytes: 1495959416,
      committedBytes: 91203448,
      malloc: { ...noBlocks, bytes: 2639736, count: 5467 },
      mmap: { ...noChange, reservedBytes: 1493319680, committedBytes: 88563712 },
    });
    const [heap, classes, threads, tracking] = memory.categories;
    expect(heap).toMatchObject({ name: "Java Heap", committedBytes: 67108864, mmap: { committedBytes: 67108864 } });
    expect(classes).toMatchObject({
      classes: 506,
      arrayClasses: 87,
      malloc: { bytes: 73455, count: 550, peakBytes: 73455 },
      metadata: { reservedBytes: 67108864, committedBytes: 196608, usedBytes: 131344 },
      classSpace: { reservedBytes: 1073741824, committedBytes: 131072, usedBytes: 3904 },
    });
    expect(threads).toEqual({
      ...noChange,
      name: "Thread",
      reservedBytes: 14719776,
      committedBytes: 817952,
      malloc: { ...noBlocks, bytes: 24880, count: 88, peakBytes: 33264 },
      arena: { ...noBlocks, bytes: 14832, count: 26, peakBytes: 75488 },
      mmap: noPages,
      stack: { ...noChange, reservedBytes: 14680064, committedBytes: 778240 },
      overhead: noBlocks,
      threads: 14,
      classes: undefined,
      arrayClasses: undefined,
      metadata: undefined,
      classSpace: undefined,
    });
    expect(tracking?.overhead.bytes).toBe(87472);
  });

  test("JDK 25 writes tags, peaks of pages, and what of a category is read-only (real)", () => {
    const memory = reportOf(`
Native Memory Tracking:

(Omitting categories weighting less than 1KB)

Total: reserved=1738310KB, committed=364374KB
       malloc: 41578KB #11054, peak=41383KB #11055
       mmap:   reserved=1696732KB, committed=322796KB

-    Native Memory Tracking (reserved=488KB, committed=488KB)
                            (malloc=294KB tag=Native Memory Tracking #3606) (at peak)
                            (tracking overhead=194KB)

-        Shared class space (reserved=16384KB, committed=13908KB, readonly=0KB)
                            (mmap: reserved=16384KB, committed=13908KB, peak=14116KB)

`);
    expect(memory.scaleBytes).toBe(KiB);
    expect(memory.total?.malloc).toEqual({ ...noBlocks, bytes: 41578 * KiB, count: 11054, peakBytes: 41383 * KiB });
    expect(
      memory.categories.map(({ name, malloc, mmap }) => [name, malloc.count, malloc.peakBytes, mmap.peakBytes]),
    ).toEqual([
      ["Native Memory Tracking", 3606, 294 * KiB, undefined],
      ["Shared class space", 0, undefined, 14116 * KiB],
    ]);
  });

  test("a difference tells changes, with or without a unit (real, JDK 17 and 25; the arena is drawn after JDK 8)", () => {
    const memory = reportOf(`
Native Memory Tracking:

Total: reserved=1738950KB +19182KB, committed=365014KB -19182KB

malloc=42218KB +19182KB #11064 +2340

mmap: reserved=1696732KB, committed=322796KB

-                     Class (reserved=1048650KB, committed=202KB)
                            (classes #509)
                            (malloc=74KB #602 +9)
                            (mmap: reserved=1048576KB, committed=128KB)
                           : (  Metadata)
                            (    reserved=65536KB, committed=256KB +64KB)
                            (    used=155KB +24KB)
                            (    waste=101KB =39.49% +40KB)
                           : (  Class space)
                            (    reserved=1048576KB, committed=128KB)
                            (    used=5KB)
                            (    waste=123KB =96.00%)
 
-                  Compiler (reserved=168KB +1KB, committed=168KB +1KB)
                            (malloc=3KB -1KB #26 -1)
                            (arena=165KB +2 #5 +1)
 
-    Native Memory Tracking (reserved=450KB +182KB, committed=450KB +182KB)
                            (malloc=302KB +145KB #3717 +1866)
                            (tracking overhead=147KB +37KB)
 
`);
    expect(memory.total).toMatchObject({
      reservedChangeBytes: 19182 * KiB,
      committedChangeBytes: -19182 * KiB,
      malloc: { changeBytes: 19182 * KiB, count: 11064, countChange: 2340 },
      mmap: { committedBytes: 322796 * KiB, committedChangeBytes: 0 },
    });
    const [classes, compiler, tracking] = memory.categories;
    expect(classes).toMatchObject({
      malloc: { count: 602, countChange: 9, changeBytes: 0 },
      metadata: { committedBytes: 256 * KiB, usedBytes: 155 * KiB },
      classSpace: { committedBytes: 128 * KiB, usedBytes: 5 * KiB },
    });
    expect(compiler?.malloc).toMatchObject({ bytes: 3 * KiB, changeBytes: -KiB, count: 26, countChange: -1 });
    expect(compiler?.arena).toMatchObject({ bytes: 165 * KiB, changeBytes: 2 * KiB, count: 5, countChange: 1 });
    expect(tracking).toMatchObject({ reservedChangeBytes: 182 * KiB, overhead: { changeBytes: 37 * KiB } });
  });

  test("JDK 8 has no sums by kind, and calls a category's type (drawn after its source)", () => {
    const memory = reportOf(`
Native Memory Tracking:

Total: reserved=3MB, committed=2MB
-                    Thread (reserved=2MB, committed=1MB)
                            (thread #22)
                            (stack: reserved=2MB, committed=1MB)
                            (malloc=1MB #112) 
                            (arena=1MB #42)
 
`);
    expect(memory.total).toMatchObject({ reservedBytes: 3 * KiB * KiB, malloc: undefined, mmap: undefined });
    expect(memory.categories).toMatchObject([{ name: "Thread", threads: 22, arena: { count: 42 } }]);
  });

  test("amounts come in any scale", () => {
    const scales = ["", "KB", "MB", "GB"].map((unit) => {
      const text = `Native Memory Tracking:\n\nTotal: reserved=3${unit}, committed=2${unit}\n`;
      const { scaleBytes, total } = reportOf(text);
      return [scaleBytes, total?.reservedBytes, total?.committedBytes];
    });
    expect(scales).toEqual([1, KiB, KiB ** 2, KiB ** 3].map((bytes) => [bytes, 3 * bytes, 2 * bytes]));
  });

  test("tracking that is off, or has nothing to compare with, is a value that says why", () => {
    for (const reason of [
      "Native memory tracking is not enabled",
      "Detail tracking is not enabled",
      "No baseline for comparison",
      "No detail baseline for comparison",
      "Native memory tracking has been shutdown",
    ]) {
      expect(parseNativeMemory(`4711:\n${reason}\n`)).toEqual({ isTracked: false, reason });
    }
  });

  test("a reply that is cut off tells what is there, and one to another command is refused", () => {
    expect(reportOf("")).toMatchObject({ total: undefined, categories: [] });
    const cut = reportOf(nativeMemory17.slice(0, nativeMemory17.indexOf("(classes #506)")));
    expect(cut.categories.map(({ name }) => name)).toEqual(["Java Heap", "Class"]);
    expect(() => parseNativeMemory(codeCache17)).toThrow("got Compiler.codecache");
    expect(() => parseNativeMemory("Native Memory Tracking Statistics:\n")).toThrow("got its statistics");
  });

  test.skipIf(!hasCorpus)(`the categories of a summary add up to its total, within its rounding${noCorpus}`, () => {
    const services = ["kafka-4.1-jdk25-zgc", "cassandra-5.0-jdk17-g1"].map((name) => ["services", name, "nmt.txt"]);
    const reports = [17, 25].flatMap((major) =>
      ["summary", "summarydiff", "detail", "detaildiff"].map((kind) => ["native", `nmt${major}_${kind}.txt`]),
    );
    for (const path of [...services, ...reports]) {
      const memory = reportOf(readFileSync(corpusFile(...path), "utf8"));
      const { categories, scaleBytes } = memory;
      for (const difference of differencesFromTotal(memory)) {
        expect.soft(Math.abs(difference), path.join("/")).toBeLessThanOrEqual((scaleBytes - 1) * categories.length);
      }
    }
  });
});

function reportOf(text: string): NativeMemory {
  const memory = parseNativeMemory(text);
  if (!memory.isTracked) throw new Error(memory.reason);
  return memory;
}
