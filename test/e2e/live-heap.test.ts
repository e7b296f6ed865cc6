import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFile } from "../../src/bytes/byte-source.ts";
import { readHistogram } from "../../src/formats/hprof/read-heap.ts";
import { type ClassHistogram, differences, histogramOfCensus, parseClassHistogram } from "../class-histogram.ts";
import { acceptsFlags, compileJava, type Jdk, jdksOf, startJvm } from "../jdk.ts";

/*
 * The JVM's own histogram is the truth: every class, objects and bytes. What it counts and the dump does not hold, measured on 35
 * configurations of JDK 17 and 25:
 *
 * - Mirrors of classes that are archived with the JDK and were never loaded: `java.lang.Class` in a JVM that maps an archived heap
 *   (17: G1; 25: all but ZGC, unless alignment or uncompressed class pointers prevent it). Where the counts agree, bytes do, too.
 * - JDK 19 and later call their fillers `jdk.internal.vm.FillerElement[]`; the dump says `int[]`. Fillers without elements cannot
 *   be told from the `int[0]` that the archived mirrors hold, so both rows are compared as one.
 *
 * Taking a histogram or a dump allocates nothing that either counts, once the first jcmd has been answered.
 */
const collectors = ["Serial", "Parallel", "G1", "Z", "Shenandoah"].map((name) => `-XX:+Use${name}GC`);
const layouts = [[], ["-XX:-UseCompressedOops"], ["-XX:ObjectAlignmentInBytes=16"]];
const onlyFor: Readonly<Record<number, readonly string[]>> = {
  17: ["-XX:-UseCompressedClassPointers"],
  25: ["-XX:-UseCompressedClassPointers", "-XX:+UseCompactObjectHeaders"],
};

const folder = mkdtempSync(join(tmpdir(), "jprof-live-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const jdks = jdksOf(17, 25);
test.runIf(jdks.length === 0)("live heaps (skipped: neither JDK 17 nor JDK 25 on this machine)", () => undefined);

describe.each(jdks)("JDK $major", (jdk) => {
  let classPath = "";
  beforeAll(async () => {
    classPath = await compileJava(jdk, join(import.meta.dirname, "../../fixtures/shapes/Shapes.java"));
  });

  const rows = configurations(jdk).map((flags) => ({ flags, title: flags.join(" ") }));
  test.concurrent.for(rows)(
    "every class has the JVM's count and bytes: $title",
    { timeout: 60_000 },
    async (row, { skip }) => {
      await inTurn(async () => {
        skip(!(await acceptsFlags(jdk, row.flags)), `JDK ${jdk.major} has no ${row.title}`);
        const { histogram, dump } = await evidenceOf(jdk, row.flags, classPath);
        const counted = await countedByJprof(dump);
        expect(counted.size).toBeGreaterThan(300);
        const [expected, got] = withoutUndumpedMirrors(withFillersAsInts(histogram), withFillersAsInts(counted));
        expect(differences(expected, got)).toEqual([]);
      });
    },
  );
});

/** Every collector as it is, and two of them with each other layout. ZGC has no compressed oops to turn off. */
function configurations({ major }: Jdk): readonly (readonly string[])[] {
  const special = (onlyFor[major] ?? []).map((flag) => [flag]);
  const plain = collectors.map((collector) => [collector]);
  const other = [...layouts.slice(1), ...special].flatMap((flags) =>
    ["-XX:+UseSerialGC", "-XX:+UseG1GC"].map((collector) => [collector, ...flags]),
  );
  return [...plain, ...other, ...(major >= 25 ? [["-XX:+UseZGC", "-XX:+UseCompactObjectHeaders"]] : [])];
}

/** A histogram and a dump of the same state: nothing may have changed from before the dump to after it. */
async function evidenceOf(
  jdk: Jdk,
  flags: readonly string[],
  classPath: string,
): Promise<{ histogram: ClassHistogram; dump: string }> {
  const jvm = await startJvm(jdk, { classPath, mainClass: "Shapes", flags: ["-Xmx128m", ...flags] });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      await jvm.jcmd("GC.run");
      await sleep(300);
      const dump = join(folder, `${jvm.pid}-${attempt}.hprof`);
      const before = await jvm.jcmd("GC.class_histogram", "-all");
      await jvm.jcmd("GC.heap_dump", "-all", dump);
      if ((await jvm.jcmd("GC.class_histogram", "-all")) === before)
        return { histogram: parseClassHistogram(before), dump };
      rmSync(dump);
    }
    throw new Error("the JVM did not come to rest");
  } finally {
    await jvm.stop();
  }
}

async function countedByJprof(dump: string): Promise<ClassHistogram> {
  const source = openFile(dump);
  const options = { sizes: "gaps", dump: undefined, threads: 1, progress: () => undefined } as const;
  const { classes, census } = await readHistogram(source, options);
  source.close();
  rmSync(dump);
  return histogramOfCensus(classes, census);
}

function withFillersAsInts(histogram: ClassHistogram): ClassHistogram {
  const [ints, fillers] = ["int[]", "jdk.internal.vm.FillerElement[]"].map((name) => histogram.get(name)) as [
    { instances: number; bytes: number },
    { instances: number; bytes: number } | undefined,
  ];
  if (fillers === undefined) return histogram;
  const merged = new Map(histogram);
  merged.delete("jdk.internal.vm.FillerElement[]");
  return merged.set("int[]", { instances: ints.instances + fillers.instances, bytes: ints.bytes + fillers.bytes });
}

function withoutUndumpedMirrors(expected: ClassHistogram, got: ClassHistogram): [ClassHistogram, ClassHistogram] {
  const [theirs, ours] = [expected, got].map((histogram) => histogram.get("java.lang.Class")?.instances ?? 0) as [
    number,
    number,
  ];
  if (theirs <= ours) return [expected, got];
  const without = (histogram: ClassHistogram): ClassHistogram =>
    new Map([...histogram].filter(([name]) => name !== "java.lang.Class"));
  return [without(expected), without(got)];
}

/** Two JVMs at a time: more would take longer each than one after the other. */
const waiting: (() => void)[] = [];
let running = 0;
async function inTurn(work: () => Promise<void>): Promise<void> {
  if (running >= 2) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    await work();
  } finally {
    running--;
    waiting.shift()?.();
  }
}
