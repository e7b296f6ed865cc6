import { describe, expect, test } from "vitest";
import { gcLogOf, gcLogsOf, headOfG1, youngOfG1 } from "../../gc-log-of.ts";

const mebibyte = 2 ** 20;

describe("unified logging", () => {
  test("a young collection of G1 gives its pause, heap, cause, phase, processor time and safepoint", () => {
    const log = gcLogOf(headOfG1 + youngOfG1({ id: 0, at: 2, millis: 12.5 }));
    expect(log.collector).toBe("G1");
    expect(log.collections).toMatchObject([
      {
        gcId: 0,
        name: "Pause Young (Normal)",
        cause: "G1 Evacuation Pause",
        isYoung: true,
        isFull: false,
        pauseSeconds: 0.0125,
        usedBefore: 200 * mebibyte,
        usedAfter: 100 * mebibyte,
        capacityAfter: 400 * mebibyte,
        oldBefore: 90 * mebibyte,
        oldAfter: 92 * mebibyte,
        promotedBytes: 2 * mebibyte,
        humongousBefore: mebibyte,
        realSeconds: 0.01,
      },
    ]);
    expect(log.phases).toMatchObject([{ name: "Evacuate Collection Set", count: 1, total: 0.01 }]);
    expect(log.safepoints).toMatchObject([{ operation: "G1CollectForAllocation", reachSeconds: 50e-6 }]);
    expect(log.file).toMatchObject({ lines: 13, gcLines: 13, unparsedLines: 0 });
  });

  test("any decorations, prefixes of a logging system and lines of the program change nothing", () => {
    const plain = gcLogOf(headOfG1 + youngOfG1({ id: 0, at: 2 }));
    const lines = (headOfG1 + youngOfG1({ id: 0, at: 2 })).trimEnd().split("\n");
    const forms: Readonly<Record<string, (line: string) => string>> = {
      date: (line) => `[2026-11-22T12:30:17.434+0000]${line}`,
      everything: (line) =>
        `[2026-11-22T12:30:17.434+0000]${line.replace("][info", "][1763814617434ms][host-1][4711][4712][info")}`,
      "comma for point": (line) => line.replace(/^\[(\d+)\.(\d+)s/, "[$1,$2s"),
      container: (line) => `2026-11-22T12:30:17.434Z stdout F ${line}`,
      "program's lines": (line) => `[INFO] a line of the program [x]\n${line}\n12:00 WARN GC is mentioned (3)\n{"a":1}`,
      "carriage returns": (line) => `${line}\r`,
    };
    for (const [name, form] of Object.entries(forms)) {
      const log = gcLogOf(`${lines.map(form).join("\n")}\n`);
      expect(log.pauses, name).toEqual(plain.pauses);
      expect(log.collections, name).toEqual(plain.collections);
      expect(log.file.unparsedLines, name).toBe(0);
      expect(log.durationSeconds, name).toBeCloseTo(plain.durationSeconds, 9);
    }
  });

  test("without any decoration pauses have lengths, and no time", () => {
    const text = youngOfG1({ id: 0, at: 2 }).replace(/^\[.*?\] (?=GC|Safe)/gm, "");
    const log = gcLogOf(text);
    expect(log.pauseFigures).toMatchObject({ count: 1, total: 0.01 });
    expect(log.durationSeconds).toBe(0);
    expect(log.pauses[0]?.start).toBeNaN();
  });

  test("a full collection within a young one counts once", () => {
    const log = gcLogOf(`[0.010s][info][gc] Using Serial
[1.000s][info][gc,start] GC(5) Pause Young (Allocation Failure)
[1.010s][info][gc,start] GC(6) Pause Full (Allocation Failure)
[1.040s][info][gc      ] GC(6) Pause Full (Allocation Failure) 90M->40M(100M) 30.000ms
[1.045s][info][gc      ] GC(5) Pause Young (Allocation Failure) 95M->40M(100M) 45.000ms
`);
    expect(log.pauseFigures).toMatchObject({ count: 2, max: 0.045 });
    expect(log.pauseFigures.total).toBeCloseTo(0.045, 9);
    expect(log.fullPauses).toBe(1);
  });

  test("ZGC's stalls, generations and allocation during a cycle are told", () => {
    const log = gcLogOf(`[0.100s][info][gc] Using The Z Garbage Collector
[1.000s][info][gc         ] GC(0) Minor Collection (Allocation Rate)
[1.001s][info][gc,phases  ] GC(0) y: Young Generation
[1.001s][info][gc,phases  ] GC(0) y: Pause Mark Start 0.015ms
[1.020s][info][gc,phases  ] GC(0) y: Concurrent Mark 19.000ms
[1.020s][info][gc,phases  ] GC(0) y: Pause Mark End 0.020ms
[1.030s][info][gc         ] Allocation Stall (http-nio-8080 (exec) 1) 25.500ms
[1.040s][info][gc,heap    ] GC(0) y: Allocated:         -                 6M (2%)            6M (2%)           17M (7%)     
[1.040s][info][gc,heap    ] GC(0) y:  Promoted:         -                  -                 4M (2%)            5M (2%)     
[1.040s][info][gc,phases  ] GC(0) y: Young Generation 80M(31%)->58M(23%) 0.040s
[1.040s][info][gc         ] GC(0) Minor Collection (Allocation Rate) 80M(31%)->58M(23%) 0.040s
`);
    expect(log.stalls).toEqual([
      { start: expect.closeTo(1.0045 - 0.1, 6), seconds: 0.0255, thread: "http-nio-8080 (exec) 1" },
    ]);
    expect(log.collections).toMatchObject([
      { name: "Minor Collection", cause: "Allocation Rate", usedBefore: 80 * mebibyte, usedAfter: 58 * mebibyte },
    ]);
    expect(log.collections[0]?.seconds).toBeCloseTo(0.04, 9);
    expect(log.allocatedBytes).toBe(17 * mebibyte);
    expect(log.promotedBytes).toBe(5 * mebibyte);
    expect(log.pauseFigures).toMatchObject({ count: 2 });
  });

  test("lines that nothing is known about are counted by their shape", () => {
    const log = gcLogOf(`${headOfG1}[1.000s][info][gc] GC(0) Frobnicated 12 regions in 3 passes
[1.100s][info][gc] GC(1) Frobnicated 7 regions in 1 passes
[1.100s][debug][gc] GC(1) Frobbing 7
`);
    expect(log.file).toMatchObject({ unparsedLines: 2, detailLines: 1 });
    expect(log.file.unparsedShapes).toEqual([{ shape: "Frobnicated N regions in N passes", lines: 2 }]);
  });

  test("JVMs one after the other in a file are runs of one time without gaps", () => {
    const first = headOfG1 + youngOfG1({ id: 0, at: 5 }) + youngOfG1({ id: 1, at: 10 });
    const log = gcLogOf(first + headOfG1 + youngOfG1({ id: 0, at: 3, millis: 20 }));
    expect(log.runs.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual([
      [0, expect.closeTo(9.99, 6)],
      [expect.closeTo(9.99, 6), expect.closeTo(12.98, 6)],
    ]);
    expect(log.collections).toHaveLength(3);
    expect(log.collections[2]).toMatchObject({ gcId: 0, pauseSeconds: 0.02 });
    expect(log.pauseFigures.total).toBeCloseTo(0.04, 9);
  });

  test("a collection that begins in one file and ends in the next is one", () => {
    const text = headOfG1 + youngOfG1({ id: 0, at: 5 }) + youngOfG1({ id: 1, at: 10 });
    const whole = gcLogOf(text);
    const cut = text.indexOf("\n", text.indexOf("GC(1) Old regions")) + 1;
    expect(gcLogsOf(text.slice(0, cut), text.slice(cut)).collections).toEqual(whole.collections);
  });

  test("beyond the rows that are kept, counts, sums, causes and the longest pause stay exact", () => {
    const count = 70_000;
    const line = (id: number) =>
      `[${(1 + id / 10).toFixed(3)}s][info][gc] GC(${id}) Pause Young (Normal) (G1 Evacuation Pause) 9M->5M(20M) ${id === 12_345 ? "77.000" : "1.500"}ms\n`;
    const log = gcLogOf(headOfG1 + Array.from({ length: count }, (_, id) => line(id)).join(""));
    expect(log.pauseFigures).toMatchObject({ count, max: 0.077 });
    expect(log.pauseFigures.total).toBeCloseTo((count - 1) * 0.0015 + 0.077, 6);
    expect(log.pauseFigures.p99 / 0.0015).toBeCloseTo(1, 1);
    expect(log.causes).toMatchObject([{ collections: count, longestSeconds: 0.077 }]);
    expect(log.pauses.length + log.omittedPauses).toBe(count);
    expect(log.pauses.some(({ seconds }) => seconds === 0.077)).toBe(true);
    expect(log.longestPauses[0]?.pause).toMatchObject({ gcId: 12_345 });
    expect(log.allocatedBytes).toBe((count - 1) * 4 * mebibyte);
  });
});

describe("JDK 8", () => {
  test("Parallel, Serial, CMS and G1 give pauses, causes and heaps under the names of today", () => {
    const log = gcLogOf(`CommandLine flags: -XX:MaxHeapSize=1073741824 -XX:+PrintGCDetails -XX:+UseParallelGC
2015-03-01T10:00:01.100+0100: 1.100: [GC (Allocation Failure) [PSYoungGen: 65536K->10720K(76288K)] 65536K->12000K(251392K), 0.0123400 secs] [Times: user=0.03 sys=0.01, real=0.01 secs]
2015-03-01T10:00:02.100+0100: 2.100: [Full GC (Ergonomics) [PSYoungGen: 10720K->0K(76288K)] [ParOldGen: 170000K->90000K(175104K)] 180720K->90000K(251392K), [Metaspace: 3000K->3000K(1056768K)], 0.5000000 secs] [Times: user=0.90 sys=0.01, real=0.50 secs]
2015-03-01T10:00:03.100+0100: 3.100: [Full GC (System.gc()) 90000K->80000K(251392K), 0.2000000 secs]
`);
    expect(log.collector).toBe("Parallel");
    expect(log.collections).toMatchObject([
      {
        name: "Pause Young",
        cause: "Allocation Failure",
        usedBefore: 65536 * 1024,
        usedAfter: 12000 * 1024,
        userSeconds: 0.03,
      },
      { name: "Pause Full", cause: "Ergonomics", oldAfter: 90000 * 1024, isFull: true, metaspaceAfter: 3000 * 1024 },
      { name: "Pause Full", cause: "System.gc()" },
    ]);
    expect(log.pauseFigures.total).toBeCloseTo(0.71234, 9);
    expect(log.fullPauses).toBe(2);
  });

  test("CMS fails in its own way, and its concurrent phases are no pauses", () => {
    const log =
      gcLogOf(`1.000: [GC (Allocation Failure) 1.000: [ParNew: 78656K->8704K(78656K), 0.0200000 secs] 78656K->20000K(253440K), 0.0201000 secs] [Times: user=0.04 sys=0.00, real=0.02 secs]
2.000: [GC (CMS Initial Mark) [1 CMS-initial-mark: 110000K(174784K)] 120000K(253440K), 0.0030000 secs] [Times: user=0.00 sys=0.00, real=0.00 secs]
2.003: [CMS-concurrent-mark-start]
2.100: [CMS-concurrent-mark: 0.097/0.097 secs] [Times: user=0.10 sys=0.00, real=0.10 secs]
3.000: [Full GC (Allocation Failure) 3.000: [CMS3.100: [CMS-concurrent-sweep: 0.050/0.060 secs]
 (concurrent mode failure): 174784K->90000K(174784K), 1.2000000 secs] 250000K->90000K(253440K), [Metaspace: 2000K->2000K(1056768K)], 1.2100000 secs] [Times: user=1.20 sys=0.00, real=1.21 secs]
`);
    expect(log.collector).toBe("CMS");
    expect(log.pauses.map(({ name, seconds }) => [name, seconds])).toEqual([
      ["Pause Young", 0.0201],
      ["Pause Initial Mark", 0.003],
      ["Pause Full", 1.21],
    ]);
    expect(log.failures).toEqual(new Map([["concurrent mode failure", 1]]));
  });
});
