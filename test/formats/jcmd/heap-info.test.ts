import { describe, expect, test } from "vitest";
import { type HeapInfo, parseHeapInfo } from "../../../src/formats/jcmd/heap-info.ts";
import {
  codeCache25,
  heapInfoG117,
  heapInfoG125,
  heapInfoParallel25,
  heapInfoSerial17,
  heapInfoShenandoah17,
  heapInfoZ25,
} from "./replies.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

describe("heap info", () => {
  test("Serial: both survivor spaces are committed, and spaces are told to the byte", () => {
    const info = parseHeapInfo(heapInfoSerial17);
    expect(info.collector).toBe("Serial");
    expect(info.areas).toEqual([
      {
        name: "def new generation",
        usedBytes: 1755 * KiB,
        committedBytes: (17472 + 2 * 2176) * KiB,
        reservedBytes: (17472 + 2 * 2176) * KiB,
        spaces: [
          { name: "eden", capacityBytes: 17472 * KiB, usedBytes: 0x1b6ef0 },
          { name: "from", capacityBytes: 2176 * KiB, usedBytes: 0 },
          { name: "to", capacityBytes: 2176 * KiB, usedBytes: 0 },
        ],
      },
      {
        name: "tenured generation",
        usedBytes: 0,
        committedBytes: 43712 * KiB,
        reservedBytes: 43712 * KiB,
        spaces: [{ name: "the", capacityBytes: 43712 * KiB, usedBytes: 0 }],
      },
    ]);
    expect(sumsOf(info)).toEqual([1755 * KiB, 64 * MiB, 64 * MiB]);
    expect(info.metaspace).toEqual({
      usedBytes: 132 * KiB,
      committedBytes: 320 * KiB,
      reservedBytes: 1114112 * KiB,
    });
    expect(info.classSpace?.usedBytes).toBe(3 * KiB);
  });

  test("Parallel: a heap that may grow has more reserved than committed; JDK 25 tells no metaspace", () => {
    const info = parseHeapInfo(heapInfoParallel25);
    expect(info.collector).toBe("Parallel");
    expect(sumsOf(info)).toEqual([(450 + 1166) * KiB, (6656 + 13824) * KiB, (21 + 43) * MiB]);
    expect(info.areas.map(({ spaces }) => spaces.map(({ name }) => name))).toEqual([
      ["eden", "from", "to"],
      ["object"],
    ]);
    expect(info.metaspace).toBeUndefined();
  });

  test("G1: JDK 25 writes what is reserved and committed, JDK 17 one total of both", () => {
    expect(parseHeapInfo(heapInfoG117)).toMatchObject({
      collector: "G1",
      usedBytes: 1316 * KiB,
      committedBytes: 64 * MiB,
      reservedBytes: 64 * MiB,
      regionBytes: MiB,
      youngRegions: 1,
      survivorRegions: 0,
      metaspace: { usedBytes: 77 * KiB },
    });
    const growing = heapInfoG125.replace("committed 65536K", "committed 10240K");
    expect(parseHeapInfo(growing)).toMatchObject({ committedBytes: 10 * MiB, reservedBytes: 64 * MiB });
  });

  test("ZGC and Shenandoah have one area", () => {
    expect(parseHeapInfo(heapInfoZ25)).toMatchObject({ collector: "ZGC", areas: [{ name: "ZHeap", spaces: [] }] });
    expect(sumsOf(parseHeapInfo(heapInfoZ25))).toEqual([2 * MiB, 64 * MiB, 64 * MiB]);
    expect(sumsOf(parseHeapInfo(heapInfoShenandoah17))).toEqual([1280 * KiB, 64 * MiB, 64 * MiB]);
    expect(parseHeapInfo(heapInfoShenandoah17).metaspace?.usedBytes).toBe(133 * KiB);
  });

  test("CMS of JDK 8 and the capacity that it tells of the metaspace (drawn after the source of JDK 8)", () => {
    const info =
      parseHeapInfo(` par new generation   total 19648K, used 1747K [0x00000000fc000000, 0x00000000fd550000, 0x00000000fd550000)
  eden space 17472K,  10% used [0x00000000fc000000, 0x00000000fc1b4c70, 0x00000000fd110000)
  from space 2176K,   0% used [0x00000000fd110000, 0x00000000fd110000, 0x00000000fd330000)
  to   space 2176K,   0% used [0x00000000fd330000, 0x00000000fd330000, 0x00000000fd550000)
 concurrent mark-sweep generation total 21844K, used 12K [0x00000000fd550000, 0x00000000feaa5000, 0x0000000100000000)
 Metaspace       used 2463K, capacity 4486K, committed 4864K, reserved 1056768K
  class space    used 267K, capacity 386K, committed 512K, reserved 1048576K
`);
    expect(info.collector).toBe("CMS");
    expect(sumsOf(info)).toEqual([1759 * KiB, (21824 + 21844) * KiB, 64 * MiB]);
    expect(info.metaspace).toEqual({
      usedBytes: 2463 * KiB,
      committedBytes: 4864 * KiB,
      reservedBytes: 1056768 * KiB,
    });
  });

  test("Shenandoah of JDK 11 says total for the most there may be (drawn after its source)", () => {
    const info = parseHeapInfo("Shenandoah Heap\n 8G total, 512M committed, 262144K used\n 2048 x 4096K regions\n");
    expect(sumsOf(info)).toEqual([256 * MiB, 512 * MiB, 8192 * MiB]);
  });

  test("Epsilon has one space and nothing around it (real, JDK 25)", () => {
    const info = parseHeapInfo(
      "Epsilon Heap\n Allocation space:\n  space 65536K,   1% used [0x00000000fc000000, 0x00000000fc0a87c8, 0x0000000100000000)\n",
    );
    expect(info.collector).toBe("Epsilon");
    expect(sumsOf(info)).toEqual([0xa87c8, 64 * MiB, undefined]);
  });

  test("a reply that is cut off tells what is there, and one to another command is refused", () => {
    expect(sumsOf(parseHeapInfo(""))).toEqual([undefined, undefined, undefined]);
    expect(parseHeapInfo(heapInfoSerial17.slice(0, 200)).areas).toMatchObject([
      { name: "def new generation", spaces: [{ name: "eden" }] },
    ]);
    expect(() => parseHeapInfo(codeCache25)).toThrow("expected the reply to GC.heap_info, got Compiler.codecache");
    expect(() => parseHeapInfo("java.lang.IllegalArgumentException: Unknown diagnostic command\n")).toThrow(
      'got an error: "java.lang.IllegalArgumentException: Unknown diagnostic command"',
    );
  });
});

function sumsOf({ usedBytes, committedBytes, reservedBytes }: HeapInfo): readonly (number | undefined)[] {
  return [usedBytes, committedBytes, reservedBytes];
}
