import { describe, expect, test } from "vitest";
import { parseCodeCache } from "../../../src/formats/jcmd/code-cache.ts";
import { codeCache17, codeCache25, heapInfoG117 } from "./replies.ts";

const KiB = 1024;

describe("the code cache", () => {
  test("has segments, and JDK 17 and 25 tell the same in other words (real)", () => {
    expect(parseCodeCache(codeCache17)).toEqual({
      heaps: [
        {
          name: "CodeHeap 'non-profiled nmethods'",
          sizeBytes: 120036 * KiB,
          usedBytes: KiB,
          maxUsedBytes: KiB,
          freeBytes: 120034 * KiB,
          committedBytes: 0x270000,
        },
        {
          name: "CodeHeap 'profiled nmethods'",
          sizeBytes: 120032 * KiB,
          usedBytes: 4 * KiB,
          maxUsedBytes: 4 * KiB,
          freeBytes: 120027 * KiB,
          committedBytes: 0x270000,
        },
        {
          name: "CodeHeap 'non-nmethods'",
          sizeBytes: 5692 * KiB,
          usedBytes: 1023 * KiB,
          maxUsedBytes: 1034 * KiB,
          freeBytes: 4668 * KiB,
          committedBytes: 0x270000,
        },
      ],
      blobs: 285,
      nmethods: 5,
      adapters: 195,
      fullCount: 0,
      isCompiling: true,
      compilation: "enabled",
      stoppedCount: 0,
      restartedCount: 0,
    });
    expect(parseCodeCache(codeCache25)).toMatchObject({
      heaps: [{ usedBytes: 2 * KiB }, { usedBytes: 3 * KiB }, { usedBytes: 1202 * KiB }],
      blobs: 309,
      nmethods: 7,
      adapters: 208,
      fullCount: 0,
      isCompiling: true,
    });
  });

  test("is one piece without segments (real, JDK 17 and 25)", () => {
    const bounds = " bounds [0x00007ff5b1400000, 0x00007ff5b1670000, 0x00007ff5c0400000]\n";
    for (const text of [
      `CodeCache: size=245760Kb used=1119Kb max_used=1120Kb free=244640Kb\n${bounds} total_blobs=351 nmethods=72 adapters=195\n compilation: enabled\n              stopped_count=0, restarted_count=0\n full_count=0\n`,
      `CodeCache: size=245760Kb used=1119Kb max_used=1120Kb free=244640Kb\n${bounds} total_blobs=351, nmethods=72, adapters=195, full_count=0\nCompilation: enabled, stopped_count=0, restarted_count=0\n`,
    ]) {
      expect(parseCodeCache(text)).toMatchObject({
        heaps: [{ name: "CodeCache", sizeBytes: 245760 * KiB, usedBytes: 1119 * KiB, committedBytes: 0x270000 }],
        blobs: 351,
        fullCount: 0,
        stoppedCount: 0,
      });
    }
  });

  test("says when it is full, or the JVM only interprets (drawn after the source of JDK 17 and 25)", () => {
    const full = codeCache17
      .replace("enabled", "disabled (not enough contiguous free space left)")
      .replace("stopped_count=0", "stopped_count=2")
      .replace("full_count=0", "full_count=3");
    expect(parseCodeCache(full)).toMatchObject({
      isCompiling: false,
      compilation: "disabled (not enough contiguous free space left)",
      stoppedCount: 2,
      fullCount: 3,
    });
    expect(parseCodeCache(codeCache25.replace("enabled", "disabled (interpreter mode)"))).toMatchObject({
      isCompiling: false,
      compilation: "disabled (interpreter mode)",
    });
  });

  test("a reply that is cut off tells what is there, and one to another command is refused", () => {
    expect(parseCodeCache("")).toMatchObject({ heaps: [], blobs: undefined, isCompiling: undefined });
    expect(parseCodeCache(codeCache17.slice(0, codeCache17.indexOf(" bounds")))).toMatchObject({
      heaps: [{ committedBytes: undefined }],
    });
    expect(() => parseCodeCache(heapInfoG117)).toThrow("expected the reply to Compiler.codecache, got GC.heap_info");
  });
});
