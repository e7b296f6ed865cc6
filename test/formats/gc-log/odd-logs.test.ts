import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../../src/bytes/byte-source.ts";
import { readGcLog } from "../../../src/formats/gc-log/read-gc-log.ts";
import { FormatError } from "../../../src/model/errors.ts";
import type { GcLogEvidence } from "../../../src/model/gc-log-evidence.ts";
import { gcLogOf, headOfG1, youngOfG1 } from "../../gc-log-of.ts";

const seed = 20261125;
const encoder = new TextEncoder();

/** The evidence, or undefined where the reader says that it is no log. */
function read(bytes: Uint8Array): GcLogEvidence | undefined {
  try {
    return readGcLog(memorySource("gc.log", bytes));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

const unified = encoder.encode(
  headOfG1 + [1, 2, 3].map((id) => youngOfG1({ id, at: id * 2 + 0.5, millis: 10 * id })).join(""),
);
const legacy = encoder.encode(`OpenJDK 64-Bit Server VM (25.392-b08) for linux-amd64 JRE (1.8.0_392-b08)
CommandLine flags: -XX:MaxHeapSize=1073741824 -XX:+PrintGCDetails -XX:+UseG1GC
1.000: [GC pause (G1 Evacuation Pause) (young), 0.0200000 secs]
   [Parallel Time: 18.0 ms, GC Workers: 4]
   [Eden: 24.0M(24.0M)->0.0B(30.0M) Survivors: 0.0B->3.0M Heap: 24.0M(256.0M)->5.0M(256.0M)]
 [Times: user=0.06 sys=0.00, real=0.02 secs]
2.000: [Full GC (System.gc())  20M->5M(256M), 0.0500000 secs]
   [Eden: 15.0M(30.0M)->0.0B(30.0M) Survivors: 3.0M->0.0B Heap: 20.0M(256.0M)->5.0M(256.0M)], [Metaspace: 3000K->3000K(1056768K)]
 [Times: user=0.05 sys=0.00, real=0.05 secs]
`);

describe("a damaged log", () => {
  test.each([
    ["unified logging", unified],
    ["JDK 8", legacy],
  ])("cut off at any byte (%s) gives the pauses before the cut, and nothing else", (_, bytes) => {
    const whole = read(bytes)!.pauses.map(({ seconds }) => seconds);
    for (let length = 1; length < bytes.length; length++) {
      const pauses = read(bytes.subarray(0, length))?.pauses ?? [];
      expect(pauses.length).toBeLessThanOrEqual(whole.length);
      // The last line may be cut within its number, or before its unit.
      for (const [index, { seconds }] of pauses.slice(0, -1).entries()) expect(seconds).toBe(whole[index]);
    }
  });

  test("with bytes that flipped has no pause that is longer than the log says in digits", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(unified.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        (flips) => {
          const bytes = unified.slice();
          for (const [at, value] of flips) bytes[at] = value;
          const log = read(bytes);
          for (const { seconds } of log?.pauses ?? []) expect(seconds).toBeGreaterThanOrEqual(0);
          expect(log?.pauses.length ?? 0).toBeLessThanOrEqual(3);
          expect(log?.file.gcLines ?? 0).toBeLessThanOrEqual(log?.file.lines ?? 0);
        },
      ),
      { seed, numRuns: 500 },
    );
  });

  test("of random bytes is no log, or one without a pause", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => {
        expect(read(bytes)?.pauses ?? []).toEqual([]);
      }),
      { seed, numRuns: 200 },
    );
  });

  test("with a line of 10 MB names it, and reads on behind it", () => {
    const rubbish = `[1.000s][info][gc] ${"x".repeat(10 << 20)}\n`;
    const log = gcLogOf(headOfG1 + rubbish + youngOfG1({ id: 0, at: 2 }));
    expect(log.pauses).toHaveLength(1);
    expect(log.file.losses.map(({ reason }) => reason)).toEqual(["1 lines of more than 8 MiB were not read"]);
  });

  test("of two JVMs whose lines are mixed says so", () => {
    const lines = Array.from({ length: 600 }, (_, id) =>
      youngOfG1({ id, at: id % 2 === 0 ? 10 + id / 100 : 500 + id / 100 }),
    );
    const log = gcLogOf(headOfG1 + lines.join(""));
    expect(log.pauseFigures.count).toBe(600);
    expect(log.runs.length).toBeLessThanOrEqual(256);
    expect(log.file.losses.map(({ reason }) => reason).join()).toContain("mixed");
  });

  test("without any line of a collector is no log", () => {
    expect(read(encoder.encode("2026-11-22 12:00:00 INFO started\nGC is mentioned\n"))).toBeUndefined();
    expect(read(new Uint8Array(0))).toBeUndefined();
  });
});
