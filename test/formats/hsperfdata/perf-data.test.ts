import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOutdated, parseLayout } from "../../../src/formats/hsperfdata/layout.ts";
import { countersOf, parsePerfData } from "../../../src/formats/hsperfdata/perf-data.ts";
import { parsePrologue } from "../../../src/formats/hsperfdata/prologue.ts";
import { FormatError } from "../../../src/model/errors.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";
import { perfDataOf } from "../../perf-data-of.ts";

const drawn = {
  "sun.os.hrt.frequency": 1_000_000_000,
  "sun.gc.collector.0.time": 1_500_000_000,
  "sun.gc.cause": "No GC",
  "java.threads.live": 11,
};

describe("a file of perf counters", () => {
  test("gives its numbers, texts and times by name, in either byte order", () => {
    for (const littleEndian of [true, false]) {
      const { counters, layout } = parsePerfData(perfDataOf(drawn, { littleEndian }));
      expect(counters.names).toEqual(Object.keys(drawn));
      expect(counters.number("java.threads.live")).toBe(11);
      expect(counters.text("sun.gc.cause")).toBe("No GC");
      expect(counters.seconds("sun.gc.collector.0.time")).toBe(1.5);
      expect(counters.seconds("java.threads.live")).toBeUndefined();
      expect(counters.number("sun.gc.cause")).toBeUndefined();
      expect(counters.text("java.threads.live")).toBeUndefined();
      expect(counters.number("no.such.counter")).toBeUndefined();
      expect(layout.lost).toBeUndefined();
    }
  });

  test("gives numbers beyond 2^53 rounded, and negative ones", () => {
    const { counters } = parsePerfData(perfDataOf({ big: 2n ** 62n + 1n, negative: -14 }));
    expect(counters.number("big")).toBe(2 ** 62);
    expect(counters.number("negative")).toBe(-14);
  });

  test("is read at known places when its values change", () => {
    const layout = parseLayout(perfDataOf(drawn));
    const later = perfDataOf({ ...drawn, "java.threads.live": 12 });
    expect(countersOf(layout, later).number("java.threads.live")).toBe(12);
    expect(isOutdated(layout, parsePrologue(later))).toBe(false);
  });

  test("is outdated when the JVM adds counters, or has finished its first ones", () => {
    const layout = parseLayout(perfDataOf(drawn, { accessible: false }));
    expect(layout.prologue.accessible).toBe(false);
    expect(isOutdated(layout, parsePrologue(perfDataOf(drawn)))).toBe(true);
    const grown = perfDataOf({ ...drawn, "java.threads.daemon": 10 }, { accessible: false });
    expect(isOutdated(layout, parsePrologue(grown))).toBe(true);
  });

  test("says which counters found no room", () => {
    expect(parseLayout(perfDataOf(drawn, { overflowBytes: 640 })).lost).toMatch(/640 bytes .* PerfDataMemorySize/);
  });

  test("gives what is whole when it is cut off at any byte", () => {
    const whole = perfDataOf(drawn, { sizeBytes: 600 });
    for (let length = 0; length < whole.length; length++) {
      const cut = whole.subarray(0, length);
      if (length < 32) {
        expect(() => parsePerfData(cut)).toThrow(FormatError);
        continue;
      }
      const { counters, layout } = parsePerfData(cut);
      expect(counters.names.length === 4).toBe(layout.lost === undefined);
      for (const name of counters.names) counters.number(name) ?? counters.text(name);
    }
  });

  test("is refused or read, and nothing else, when any bytes are damaged", () => {
    const whole = perfDataOf(drawn, { sizeBytes: 1024 });
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 30 });
    const claim = fc.property(damage, (changes) => {
      const damaged = Buffer.from(whole);
      for (const [offset, byte] of changes) damaged[offset] = byte;
      readOrRefuse(damaged);
    });
    fc.assert(claim, { seed: 1, numRuns: 2000 });
  });

  test("is refused or read when it is random behind its magic", () => {
    const claim = fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      readOrRefuse(bytes);
      readOrRefuse(Buffer.concat([Buffer.from("cafec0c001020001", "hex"), bytes]));
    });
    fc.assert(claim, { seed: 1, numRuns: 2000 });
  });
});

describe.skipIf(!hasCorpus)(`the files of real JVMs${noCorpus}`, () => {
  const folder = hasCorpus ? readdirSync(corpusFile("hsperfdata")) : [];

  test.each(folder)("%s has every counter, and they make sense", (file) => {
    const { counters, layout } = parsePerfData(readFileSync(corpusFile("hsperfdata", file)));
    expect(layout.lost).toBeUndefined();
    expect(layout.entries.size).toBe(layout.prologue.entryCount);
    expect(counters.text("java.property.java.version")).toMatch(file.startsWith("jdk17") ? /^17\./ : /^25\./);
    expect(counters.number("sun.rt.createVmBeginTime")).toBeGreaterThan(1.7e12);
    expect(counters.seconds("sun.rt.applicationTime")).toBeGreaterThan(1);
    expect(counters.number("java.cls.sharedLoadedClasses")).toBeGreaterThan(400);
  });

  test("every counter of a real file is a number or a text", () => {
    for (const file of folder) {
      const { counters } = parsePerfData(readFileSync(corpusFile("hsperfdata", file)));
      const without = counters.names.filter((name) => (counters.number(name) ?? counters.text(name)) === undefined);
      expect(without).toEqual([]);
    }
  });
});

function readOrRefuse(bytes: Uint8Array): void {
  try {
    const { counters } = parsePerfData(bytes);
    for (const name of counters.names) counters.number(name) ?? counters.text(name);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
  }
}
