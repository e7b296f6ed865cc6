import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type NativeMemory, parseNativeMemory } from "../../../src/formats/jcmd/native-memory.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";

const KiB = 1024;
const noChange = { reservedChangeBytes: 0, committedChangeBytes: 0, peakBytes: undefined };
const noPages = { reservedBytes: 0, committedBytes: 0, ...noChange };
const noBlocks = { bytes: 0, count: 0, changeBytes: 0, countChange: 0, peakBytes: undefined };

describe("native memory in detail", () => {
  test("a detailed report tells call sites and the map, as JDK 17 and as JDK 25 write them (real, shortened)", () => {
    const memory = reportOf(detail);
    const [heap, code] = memory.regions;
    expect(heap).toEqual({
      start: 0xf0000000,
      bytes: 256 * KiB * KiB,
      kind: "reserved and committed",
      category: "Java Heap",
      frames: [
        { address: "0x00007fb96811a27c", symbol: "ReservedSpace::reserve(unsigned long, char*, bool)+0xac" },
        { address: "0x00007fb96811ada9", symbol: "ReservedHeapSpace::try_reserve_range(char*)+0x149" },
      ],
      committed: [
        {
          start: 0xf0000000,
          bytes: 260096 * KiB,
          frames: [{ address: "0x00007fb967932e26", symbol: "G1PageBasedVirtualSpace::commit(unsigned long)+0x66" }],
        },
        { start: 0xffe00000, bytes: 468 * KiB, frames: [] },
      ],
    });
    expect(code).toMatchObject({ kind: "reserved", category: "Code", committed: [], frames: [{}] });
    expect(memory.regions[2]).toMatchObject({ kind: "allocated", start: 0, category: "Java Heap" });
    expect(memory.sites).toEqual([
      {
        frames: [
          { address: "0x00007fb9680d0c9c", symbol: "Unsafe_AllocateMemory0+0x7c" },
          { address: "0x00007fb957aca253", symbol: undefined },
        ],
        category: "Other",
        malloc: { ...noBlocks, bytes: 33024 * KiB, count: 516, peakBytes: 33024 * KiB },
        mmap: noPages,
      },
      {
        frames: [{ address: "0x00007fc8621d19df", symbol: "JavaMain+0x8f in libjli.so" }],
        category: "Native Memory Tracking",
        malloc: { ...noBlocks, bytes: 2048 * KiB, count: 2, peakBytes: 2049 * KiB },
        mmap: noPages,
      },
      {
        frames: [{ address: "0x00007fc8614befff", symbol: "PerfMemory::create_memory_region(unsigned long)+0xa1f" }],
        category: "Thread Stack",
        malloc: noBlocks,
        mmap: { ...noChange, reservedBytes: 32 * KiB, committedBytes: 20 * KiB, committedChangeBytes: 4 * KiB },
      },
    ]);
    expect(memory.omittedSites).toBe(1408);
  });

  test.skipIf(!hasCorpus)(`a detailed report has its call sites, regions and their frames${noCorpus}`, () => {
    const memory = [17, 25].map((major) =>
      reportOf(readFileSync(corpusFile("native", `nmt${major}_detail.txt`), "utf8")),
    );
    expect(memory.map(({ sites, regions, omittedSites }) => [sites.length, regions.length, omittedSites])).toEqual([
      [243, 37, 1466],
      [230, 34, 1408],
    ]);
    for (const { sites, regions } of memory) {
      expect(sites.filter(({ frames, category }) => frames.length === 0 || category === undefined)).toEqual([]);
      expect(regions.filter(({ frames, category }) => frames.length === 0 || category === undefined)).toEqual([]);
      expect(Math.max(...sites.map(({ frames }) => frames.length))).toBe(4);
    }
  });
});

function reportOf(text: string): NativeMemory {
  const memory = parseNativeMemory(text);
  if (!memory.isTracked) throw new Error(memory.reason);
  return memory;
}

const detail = `
Native Memory Tracking:

Total: reserved=1711000KB, committed=367000KB
       malloc: 49000KB #9367
       mmap:   reserved=1662000KB, committed=318000KB

-                 Safepoint (reserved=8KB, committed=8KB)
                            (mmap: reserved=8KB, committed=8KB) 
 
Virtual memory map:
 
[0x00000000f0000000 - 0x0000000100000000] reserved and committed 262144KB for Java Heap from
    [0x00007fb96811a27c] ReservedSpace::reserve(unsigned long, char*, bool)+0xac
    [0x00007fb96811ada9] ReservedHeapSpace::try_reserve_range(char*)+0x149

\t[0x00000000f0000000 - 0x00000000ffe00000] committed 260096KB from
            [0x00007fb967932e26] G1PageBasedVirtualSpace::commit(unsigned long)+0x66

\t[0x00000000ffe00000 - 0x00000000ffe75000] committed 468KB 
 
[0x00007fc861e8e000 - 0x00007fc861e9a000] reserved 48KB for Code from
    [0x00007fc8613ccb64]MemoryReserver::reserve_memory(char*, unsigned long, MemTag)+0x84

Memory file details

Memory map of ZGC heap backing file

[0x0000000000000000 - 0x0000000004000000] allocated 65536KB for Java Heap from
    [0x00007f977f31e0f3]ZPhysicalMemoryManager::commit(ZVirtualMemory const&, unsigned int)+0xf3

Details:

[0x00007fb9680d0c9c] Unsafe_AllocateMemory0+0x7c
[0x00007fb957aca253]
                             (malloc=33024KB type=Other #516) (at peak)

[0x00007fc8621d19df]JavaMain+0x8f in libjli.so
                             ((malloc=2048KB tag=Native Memory Tracking #2) (peak=2049KB #3))

[0x00007fc8614befff]PerfMemory::create_memory_region(unsigned long)+0xa1f
                             (mmap: reserved=32KB, committed=20KB +4KB Type=Thread Stack)

(1408 call sites weighting less than 1KB each omitted.)

`;
