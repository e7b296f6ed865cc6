import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nativeAnalyzers } from "../../analyzers/of-native.ts";
import { memorySource } from "../../src/bytes/byte-source.ts";
import { analyzeEvidence } from "../../src/cli/findings.ts";
import { joinNativeHeaps } from "../../src/formats/jemalloc/join-native-heaps.ts";
import { readNativeTracking } from "../../src/formats/nmt/read-native-tracking.ts";
import { readProcessMemory } from "../../src/formats/process-memory/read-process-memory.ts";
import type { Finding } from "../../src/model/finding.ts";
import { dumpIn } from "../formats/jemalloc/read-dump.ts";
import { jdksOf } from "../jdk.ts";
import { hasJemalloc, noJemalloc, type ProfiledRun, runProfiled } from "../profiled-jvm.ts";

const [jdk] = jdksOf(25, 17);
const options = { top: 10, showValues: false };
const why = jdk === undefined ? " (skipped: no JDK)" : noJemalloc;

describe.skipIf(!hasJemalloc || jdk === undefined)(
  `leaks of native memory under jemalloc${why}`,
  { timeout: 120_000 },
  () => {
    let deflaters: ProfiledRun;
    let unsafe: ProfiledRun;
    let healthy: ProfiledRun;

    beforeAll(async () => {
      deflaters = await runProfiled(jdk!, ["deflater", "leak", "800"]);
      unsafe = await runProfiled(jdk!, ["unsafe", "leak", "3000"]);
      healthy = await runProfiled(jdk!, ["deflater", "healthy", "800"]);
    }, 120_000);

    afterAll(() => {
      for (const run of [deflaters, unsafe, healthy]) run?.remove();
    });

    test("Deflaters that are never ended are named first, with the Java method", () => {
      const [first] = findingsOf(deflaters);
      expect(first).toMatchObject({ rule: "native/growth", severity: "warning" });
      expect(first!.title).toContain("`deflateInit2_` for `Deflater.init`");
      expect(first!.advice).toContain("Call end() on every Deflater");
    });

    test("so is memory of Unsafe, with the Java method that the map of compiled code gives", () => {
      const [first] = findingsOf(unsafe);
      expect(first).toMatchObject({ rule: "native/growth", severity: "warning" });
      expect(first!.title).toMatch(/Unsafe_AllocateMemory0|Unsafe\.allocateMemory0/);
      expect(first!.evidence.find(({ label }) => label === "stack")?.value).toMatch(
        /Unsafe\.allocateMemory0|Interpreter/,
      );
    });

    test("the same work without a leak is accused of nothing", () => {
      expect(findingsOf(healthy).filter(({ severity }) => severity !== "info")).toEqual([]);
    });

    test("categories of its native memory tracking add up to the JVM's total", () => {
      const { reports } = readNativeTracking(memorySource("nmt.txt", Buffer.from(unsafe.nativeMemory)));
      expect(reports[0]).toMatchObject({ scaleBytes: 1, reservedGapBytes: 0, committedGapBytes: 0 });
    });

    test("jemalloc's statistics are found among the lines of stderr", () => {
      const text = `before\n${unsafe.stderr}\nafter`;
      const { allocator } = readProcessMemory(
        memorySource("stderr.log", Buffer.from(text.slice(text.indexOf("{") - 1))),
      );
      expect(allocator).toMatchObject({ name: "jemalloc", jemalloc: { canProfile: true, isBackgroundThread: false } });
      expect(allocator!.allocatedBytes).toBeGreaterThan(100 * 2 ** 20);
    });
  },
);

function findingsOf({ dumps }: ProfiledRun): readonly Finding[] {
  const [series] = joinNativeHeaps(dumps.map((path) => dumpIn(path).evidence));
  expect(series!.evidence.dumps.length).toBeGreaterThan(3);
  return analyzeEvidence({ nativeHeap: series!.evidence }, nativeAnalyzers, options).findings;
}
