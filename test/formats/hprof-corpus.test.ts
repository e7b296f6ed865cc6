import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { memorySource, openFile } from "../../src/bytes/byte-source.ts";
import { openContent } from "../../src/formats/compressed/open-content.ts";
import { readHeap, readHistogram } from "../../src/formats/hprof/read-heap.ts";
import { buildDominators } from "../../src/graph/dominators.ts";
import type { HistogramEvidence } from "../../src/model/heap-evidence.ts";
import { shallowBytesOf } from "../../src/model/heap-graph.ts";
import {
  type ClassHistogram,
  differences,
  histogramOf,
  histogramOfCensus,
  parseClassHistogram,
} from "../class-histogram.ts";
import { corpusFile, hasCorpus, noCorpus } from "../corpus.ts";

const options = { sizes: "gaps", dump: undefined, threads: 1, progress: () => undefined } as const;

describe.runIf(hasCorpus)("jmap's histogram, taken with the dump", () => {
  /*
   * JDK 6 counts arrays of its own in the permanent generation as int[][], and mirrors (of classes that the dump does not list) and
   * one lock that the dump does not hold. Everything else: same objects, same bytes.
   */
  const inPermanentGeneration = ["int[][]", "java.lang.Class", "java.lang.Object"];

  test.each(["sun_jdk6_30_x64_compressedOops", "sun_jdk6_30_x64_nocompressedOops"])(
    "%s: every class, to the byte",
    async (name) => {
      const expected = parseClassHistogram(readFileSync(corpusFile("heap", `${name}.notes.txt`), "utf8"));
      const got = await countedIn(corpusFile("heap", `${name}.hprof`));
      expect(namesOf(differences(expected, got))).toEqual(inPermanentGeneration);
      expect(expected.get("java.lang.Class")!.bytes / 398).toBe(got.get("java.lang.Class")!.bytes / 385);
    },
  );

  test("sun_jdk5_13_x32, where the histogram is of another run: what both have is of the same size", async () => {
    const expected = parseClassHistogram(readFileSync(corpusFile("heap", "histogram_sun_jdk5_13_x32.txt"), "utf8"));
    const { sizeDiffers, countDiffers, common } = compareSizes(
      expected,
      await countedIn(corpusFile("heap", "sun_jdk5_13_x32.hprof")),
    );
    // 16 byte[] in both, one of them with other contents: 43,536 and 43,544 bytes.
    expect(sizeDiffers).toEqual(["byte[]"]);
    // JDK 5 makes mirrors when they are asked for, which a dump does for every class: 47 and 345.
    expect(countDiffers).toEqual(["char[]", "int[]", "java.lang.Class", "java.lang.Object", "java.lang.String"]);
    expect(common).toBe(127);
  });

  test("sun_jdk6_18_x64, where the histogram is of a smaller program: what both have is of the same size", async () => {
    const expected = parseClassHistogram(readFileSync(corpusFile("heap", "histogram_sun_jdk6_18_x64.txt"), "utf8"));
    const { sizeDiffers, common } = compareSizes(
      expected,
      await countedIn(corpusFile("heap", "sun_jdk6_18_x64.hprof")),
    );
    expect(sizeDiffers).toEqual([]);
    expect(common).toBe(146);
  });
});

describe.runIf(hasCorpus)("the JVM's histogram of a real service", () => {
  test("Cassandra 5.0, JDK 17, G1: every one of its classes, to the byte", { timeout: 60_000 }, async () => {
    const folder = "cassandra-5.0-jdk17-g1";
    const expected = parseClassHistogram(readFileSync(corpusFile("services", folder, "class_histogram.txt"), "utf8"));
    const got = await countedIn(corpusFile("services", folder, "heap.hprof.gz"));
    // 87 archived classes that were never loaded have a mirror, and the dump does not hold it.
    expect(differences(expected, got)).toEqual([
      "java.lang.Class: expected 11140 objects, 1338960 B; got 11053 objects, 1328752 B",
    ]);
  });

  test("Kafka 4.1, JDK 25, ZGC: the size of every class, and the bytes of every class that did not change meanwhile", {
    timeout: 60_000,
  }, async () => {
    const folder = "kafka-4.1-jdk25-zgc";
    const expected = parseClassHistogram(readFileSync(corpusFile("services", folder, "class_histogram.txt"), "utf8"));
    const { sizeDiffers, countDiffers, common } = compareSizes(
      expected,
      await countedIn(corpusFile("services", folder, "heap.hprof.gz")),
    );
    expect(sizeDiffers).toEqual([]);
    expect(common).toBe(3473);
    // The broker worked on between the dump and the histogram.
    expect(countDiffers.length).toBe(114);
  });
});

describe.runIf(hasCorpus)("Eclipse MAT 1.17, with its sizes and its references", () => {
  /*
   * Explained differences, the same in every dump:
   *
   * - MAT invents an object for the boot loader, a java.lang.ClassLoader at address 0 where the dump has none, and mirrors for array
   *   classes that the dump does not list, all of 0 bytes: jprof counts only what the dump holds.
   */
  const inventedLoader = (bytes: number): string => `java.lang.ClassLoader: expected 1 objects, ${bytes} B; got none`;
  const mirrors = (mat: number, bytes: number, dump: number): string =>
    `java.lang.Class: expected ${mat} objects, ${bytes} B; got ${dump} objects, ${bytes} B`;
  const histograms = {
    sun_jdk5_13_x32: [mirrors(317, 3640, 312), inventedLoader(56)],
    sun_jdk6_18_x64: [],
    sun_jdk6_30_x64_compressedOops: [mirrors(357, 4096, 355), inventedLoader(56)],
    sun_jdk6_30_x64_nocompressedOops: [mirrors(357, 5752, 355), inventedLoader(104)],
    oracle_jdk8_05_x64: [mirrors(574, 7272, 573), inventedLoader(64)],
  };

  test.each(Object.entries(histograms))(
    "%s: reachable objects of every class, and what dominates, to the byte",
    async (name, explained) => {
      const { histogram, dominators } = await asMatCounts(corpusFile("heap", `${name}.hprof`));
      const expected = histogramOf(
        matRows(`${name}.histogram.csv`).map(([className, objects, bytes]) => [className, objects!, bytes!]),
      );
      const listed = new Map([...histogram].filter(([className]) => expected.has(className)));
      expect(differences(expected, listed)).toEqual(explained);

      const held = new Map(
        matRows(`${name}.dominators_by_class.csv`).map(([className, ...row]) => [className, row.slice(0, 3)]),
      );
      const names = [...new Set([...held.keys(), ...dominators.keys()])].sort();
      const differing = names.filter((className) => String(held.get(className)) !== String(dominators.get(className)));
      expect(differing).toEqual(["java.lang.Class", "java.lang.ClassLoader"]);
      // Mirrors: only the invented ones, which have nothing.
      expect(dominators.get("java.lang.Class")!.slice(1)).toEqual(held.get("java.lang.Class")!.slice(1));
    },
  );
});

describe.runIf(hasCorpus)("other dumps", () => {
  test("NetBeans' dump has the 7,788 objects and 474 classes that NetBeans finds in it", async () => {
    const { classes, census, file } = await read(corpusFile("heap", "netbeans_heap_dump.hprof"));
    expect(file).toMatchObject({ format: "JAVA PROFILE 1.0.1", idBytes: 8, dumps: 1, losses: [] });
    expect(classes.length).toBe(474);
    expect(objectsIn(histogramOfCensus(classes, census))).toBe(7788 + 474);
  });

  test("each of two dumps in one file is read, the last one when not told which", async () => {
    const path = corpusFile("heap", "oracle_jdk7_21_hprofagent.hprof");
    const [first, second, last] = await Promise.all([1, 2, undefined].map((dump) => read(path, dump)));
    expect([first, second, last].map((each) => [each!.file.dump, each!.file.dumps, each!.file.losses.length])).toEqual([
      [1, 2, 0],
      [2, 2, 0],
      [2, 2, 0],
    ]);
    const strings = [first!, second!].map(
      ({ classes, census }) => histogramOfCensus(classes, census).get("java.lang.String")!.instances,
    );
    expect(strings).toEqual([840, 845]);
    // The agent writes `java.lang.Object[]` where JVMs write `[Ljava/lang/Object;`: arrays all the same.
    const arrays = last!.classes.filter(({ name, kind }) => name.endsWith("[]") && kind === "instance");
    expect(arrays).toEqual([]);
  });

  const bzip2 = (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, "bzip2")));
  test.runIf(bzip2)("py-hprof's dump, decompressed by bzip2, has its 23,961 objects and 504 classes", async () => {
    const bytes = execFileSync("bzip2", ["-dc", corpusFile("heap", "py-hprof-example-java.hprof.bz2")], {
      maxBuffer: 1 << 28,
    });
    const { classes, census, file } = await readHistogram(memorySource("py-hprof", new Uint8Array(bytes)), options);
    expect(file.losses).toEqual([]);
    expect(objectsIn(histogramOfCensus(classes, census))).toBe(23_961 + 504);
  });
});

test.runIf(!hasCorpus)(`the corpus's dumps${noCorpus}`, () => undefined);

async function read(path: string, dump?: number): Promise<HistogramEvidence> {
  const source = openContent(path, () => undefined);
  try {
    return await readHistogram(source, { ...options, dump });
  } finally {
    source.close();
  }
}

async function countedIn(path: string): Promise<ClassHistogram> {
  const { classes, census } = await read(path);
  return histogramOfCensus(classes, census);
}

/** Classes of which both have objects: where the size of one object differs (of arrays: the bytes of as many), and where the count does. */
function compareSizes(expected: ClassHistogram, got: ClassHistogram) {
  const common = [...expected.keys()].filter((name) => got.has(name)).sort();
  const countDiffers = common.filter((name) => expected.get(name)!.instances !== got.get(name)!.instances);
  const sizeDiffers = common.filter((name) => {
    const [wanted, counted] = [expected.get(name)!, got.get(name)!];
    if (wanted.instances === counted.instances) return wanted.bytes !== counted.bytes;
    const isFixed = !name.endsWith("]") && name !== "java.lang.Class";
    return isFixed && wanted.bytes / wanted.instances !== counted.bytes / counted.instances;
  });
  return { common: common.length, countDiffers, sizeDiffers };
}

/** What MAT lists: reachable objects by class, and by class the objects that nothing but the roots dominates: count, shallow, retained. */
async function asMatCounts(
  path: string,
): Promise<{ histogram: ClassHistogram; dominators: ReadonlyMap<string, readonly number[]> }> {
  const source = openFile(path);
  const { classes, graph } = await readHeap(source, { ...options, sizes: "mat", refs: "mat" });
  source.close();
  const { dominatorOf, retainedUnits } = buildDominators(graph);
  const reachable: [string, number, number][] = [];
  const dominators = new Map<string, [number, number, number]>();
  for (let ordinal = 1; ordinal <= graph.objectCount; ordinal++) {
    if (dominatorOf[ordinal]! < 0) continue;
    const [{ name }, bytes] = [classes[graph.classOf[ordinal]!]!, shallowBytesOf(graph, ordinal)];
    reachable.push([name, 1, bytes]);
    if (dominatorOf[ordinal] !== 0) continue;
    const [objects, shallow, retained] = dominators.get(name) ?? [0, 0, 0];
    dominators.set(name, [objects + 1, shallow + bytes, retained + retainedUnits[ordinal]! * 8]);
  }
  return { histogram: histogramOf(reachable), dominators };
}

function matRows(file: string): [string, ...number[]][] {
  const [, ...lines] = readFileSync(corpusFile("heap", "mat", file), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => {
    const [name, ...numbers] = line.split(",");
    return [name!, ...numbers.map(Number)];
  });
}

function namesOf(lines: readonly string[]): string[] {
  return lines.map((line) => line.slice(0, line.indexOf(":")));
}

function objectsIn(histogram: ClassHistogram): number {
  return [...histogram.values()].reduce((sum, { instances }) => sum + instances, 0);
}
