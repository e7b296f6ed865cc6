import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nativeAnalyzers } from "../../../analyzers/of-native.ts";
import { memorySource, openFile } from "../../../src/bytes/byte-source.ts";
import { analyzeEvidence } from "../../../src/cli/findings.ts";
import { processMemoryFormat } from "../../../src/formats/process-memory/format.ts";
import { readProcessMemory } from "../../../src/formats/process-memory/read-process-memory.ts";
import { FormatError } from "../../../src/model/errors.ts";
import type { ProcessMemoryEvidence } from "../../../src/model/process-memory.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";
import { vmInfo17 } from "../jcmd/vm-info-reply.ts";

const read = (text: string) => readProcessMemory(memorySource("memory.txt", Buffer.from(text)));
const findingsOf = (processMemory: ProcessMemoryEvidence) =>
  analyzeEvidence({ processMemory }, nativeAnalyzers, { top: 10, showValues: false }).findings;

const mapping = (range: string, permissions: string, path: string, rss: number) =>
  `${range} ${permissions} 00000000 00:00 0 ${path}\nSize: 1 kB\nRss:          ${rss} kB\nPrivate_Dirty: ${rss} kB\nAnonHugePages: 0 kB\n`;
const smaps = [
  mapping("55d000000000-55d000100000", "rw-p", "                    [heap]", 1024),
  mapping("7f0000000000-7f0000200000", "rw-p", "", 2048),
  mapping("7f0000200000-7f0004000000", "---p", "", 0),
  mapping("7f0010000000-7f0010004000", "---p", "", 0),
  mapping("7f0010004000-7f0010104000", "rw-p", "", 100),
  mapping("7f0020000000-7f0020100000", "rwxp", "", 512),
  mapping("7f0030000000-7f0030100000", "r-xp", "/usr/lib/libc.so.6", 256),
].join("");

const mallocInfo = `4711:
<malloc version="1">
${[0, 1, 2, 3, 4, 5, 6, 7, 8]
  .map(
    (nr) => `<heap nr="${nr}">
<sizes>
</sizes>
<total type="fast" count="0" size="0"/>
<total type="rest" count="1" size="${nr === 0 ? 1_000_000 : 50_000_000}"/>
<system type="current" size="${nr === 0 ? 2_000_000 : 60_000_000}"/>
<system type="max" size="60000000"/>
</heap>
`,
  )
  .join("")}<total type="fast" count="0" size="0"/>
<total type="rest" count="9" size="401000000"/>
<total type="mmap" count="1" size="3000000"/>
<system type="current" size="482000000"/>
<system type="max" size="482000000"/>
</malloc>
`;

const stats = `{"jemalloc":{"version":"5.3.0","config":{"prof":true},"opt":{"background_thread":false},"arenas":{"page":4096},
"stats":{"allocated":100000000,"active":110000000,"metadata":5000000,"resident":400000000,"mapped":500000000,"retained":0},
"stats.arenas":{"merged":{},"0":{"pactive":100,"pdirty":50,"pmuzzy":0,"small":{"allocated":1000},"large":{"allocated":2000}}}}}`;

describe("mappings", () => {
  test("are added up by use", () => {
    const { uses, residentBytes } = read(smaps);
    expect(residentBytes).toBe((1024 + 2048 + 100 + 512 + 256) * 1024);
    expect(Object.fromEntries(uses.map((each) => [each.use, each.residentBytes / 1024]))).toMatchObject({
      "malloc, main arena": 1024,
      "malloc, other arenas": 2048,
      "compiled code": 512,
      "thread stacks": 100,
      libraries: 256,
    });
  });

  test("of this process add up to what the kernel says is resident", () => {
    const text = readFileSync("/proc/self/smaps", "utf8");
    const { uses, residentBytes } = read(text);
    expect(uses.reduce((sum, each) => sum + each.residentBytes, 0)).toBe(residentBytes);
  });
});

test("memory that malloc keeps in many arenas is told apart from what is given out", () => {
  const evidence = read(mallocInfo);
  expect(evidence.allocator).toMatchObject({ name: "glibc", allocatedBytes: 84_000_000, freeBytes: 401_000_000 });
  expect(findingsOf(evidence).map(({ rule, severity }) => [rule, severity])).toEqual([
    ["native/retention", "warning"],
    ["native/arenas", "warning"],
  ]);
});

test("jemalloc's statistics are read among other lines, and tell of pages that an idle process keeps", () => {
  const evidence = read(`{\n${stats}`.slice(2));
  expect(evidence.allocator).toMatchObject({ allocatedBytes: 1e8, freeBytes: 295e6, jemalloc: { canProfile: true } });
  const [finding] = findingsOf(evidence);
  expect(finding!.advice).toContain("background_thread:true");
});

test("what malloc has given out and the JVM does not know of is said", () => {
  const text = vmInfo17.replace(/C-Heap outstanding allocations: \S+, /, "C-Heap outstanding allocations: 1827504K, ");
  const evidence = read(text);
  expect(evidence.file.format).toBe("VM.info");
  const withTracking = { ...evidence, trackedMallocBytes: 40 * 2 ** 20 };
  const finding = findingsOf({
    ...withTracking,
    allocator: { ...evidence.allocator!, allocatedBytes: 1_827_504 * 1024 },
  });
  expect(finding[0]).toMatchObject({ rule: "native/untracked", severity: "warning" });
  expect(findingsOf({ ...withTracking, allocator: { ...evidence.allocator!, allocatedBytes: 50 * 2 ** 20 } })).toEqual(
    [],
  );
});

test(`real files are understood${noCorpus}`, { skip: !hasCorpus }, () => {
  const readFile = (...path: string[]) => {
    const source = openFile(corpusFile(...path));
    const evidence = readProcessMemory(source);
    source.close();
    return evidence;
  };
  const map = readFile("native", "dm25.txt");
  expect(map.uses.reduce((sum, { mappings }) => sum + mappings, 0)).toBe(218);
  expect(map.residentBytes).toBe(429_195_264);
  const heap = readFile("native", "nhi25.txt");
  expect(heap.allocator!.allocatedBytes).toBe(1_804_546_048 - heap.allocator!.freeBytes + 10_391_552);
  expect(readFile("services", "kafka-4.1-jdk25-zgc", "smaps_rollup.txt").residentBytes).toBeGreaterThan(4e8);
});

test("damaged texts are read as far as they go, or refused", () => {
  for (const text of [smaps, mallocInfo, stats]) {
    fc.assert(
      fc.property(fc.nat(text.length), fc.string({ maxLength: 20 }), (at, noise) => {
        try {
          read(text.slice(0, at) + noise + text.slice(at + noise.length));
          read(text.slice(0, at));
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { seed: 6, numRuns: 150 },
    );
  }
});

test("files are known by what is in them", () => {
  for (const text of [smaps, mallocInfo, stats, vmInfo17]) {
    expect(processMemoryFormat.sniff(Buffer.from(text), "x")).toBe(true);
  }
  for (const text of ["", "<malloc>", '{"a":1}', "some text that is nothing"]) {
    expect(processMemoryFormat.sniff(Buffer.from(text), "smaps"), text).toBe(false);
  }
});
