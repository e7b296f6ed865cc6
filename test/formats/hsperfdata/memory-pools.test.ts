import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { heapKindOf } from "../../../src/formats/hsperfdata/heap-kind.ts";
import { heapPoolsOf, heapUseOf, isUseLive, poolUseOf } from "../../../src/formats/hsperfdata/memory-pools.ts";
import { parsePerfData } from "../../../src/formats/hsperfdata/perf-data.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";
import { perfDataOf } from "../../perf-data-of.ts";

const maxMib = 128;

/** By file: the pools as the JVM's MXBeans name them, and whether counters tell their use between collections. */
const heaps: readonly (readonly [file: string, pools: readonly string[], isLive: boolean])[] = [
  ["jdk17-Serial", ["Eden Space", "Survivor Space", "Tenured Gen"], true],
  ["jdk25-Serial", ["Eden Space", "Survivor Space", "Tenured Gen"], false],
  ["jdk17-Parallel", ["PS Eden Space", "PS Survivor Space", "PS Old Gen"], true],
  ["jdk25-Parallel", ["PS Eden Space", "PS Survivor Space", "PS Old Gen"], false],
  ["jdk17-G1", ["G1 Eden Space", "G1 Survivor Space", "G1 Old Gen"], true],
  ["jdk25-G1", ["G1 Eden Space", "G1 Survivor Space", "G1 Old Gen"], true],
  ["jdk17-Z", ["ZHeap"], false],
  ["jdk25-Z", ["ZGC Young Generation", "ZGC Old Generation"], false],
  ["jdk17-Shenandoah", ["Shenandoah"], true],
  ["jdk25-Shenandoah", ["Shenandoah"], true],
  ["jdk25-GenShenandoah", [], true],
];

describe.skipIf(!hasCorpus)(`the heap of a real JVM${noCorpus}`, () => {
  test.for(heaps)("%s has the pools of its MXBeans, within one maximum", ([file, names, isLive]) => {
    const { counters } = parsePerfData(readFileSync(corpusFile("hsperfdata", `${file}.hsperfdata`)));
    const kind = heapKindOf(counters)!;
    const pools = heapPoolsOf(kind);
    expect(pools.map(({ name }) => name)).toEqual(names);
    expect(isUseLive(kind, counters)).toBe(isLive);
    const heap = heapUseOf(counters)!;
    const uses = pools.map((pool) => poolUseOf(pool, counters)!);
    if (uses.length > 0) expect(uses.reduce((sum, { usedBytes }) => sum + usedBytes, 0)).toBe(heap.usedBytes);
    expect(heap.usedBytes).toBeLessThanOrEqual(heap.committedBytes);
    expect(heap.committedBytes).toBeLessThanOrEqual(heap.limitBytes!);
    expect(heap.limitBytes! >> 20).toBeGreaterThan(maxMib * 0.9);
    expect(heap.limitBytes! >> 20).toBeLessThanOrEqual(maxMib);
  });
});

test("The heap of an unknown collector is not told", () => {
  const { counters } = parsePerfData(perfDataOf({ "java.threads.live": 1 }));
  expect(heapKindOf(counters)).toBeUndefined();
  expect(heapUseOf(counters)).toBeUndefined();
});
