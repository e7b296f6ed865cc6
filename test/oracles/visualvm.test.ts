import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFile } from "../../src/bytes/byte-source.ts";
import { type HeapColumns, readHeap } from "../../src/formats/hprof/read-heap.ts";
import { histogramOfCensus } from "../class-histogram.ts";
import { corpusFile, hasCorpus } from "../corpus.ts";
import { someJdk } from "../jdk.ts";

/*
 * VisualVM's heap library (Apache NetBeans, from Maven Central) as a second opinion. It needs Maven and a network the first time,
 * so it runs only when asked: JPROF_ORACLES=1 npx vitest run test/oracles
 */
const isAsked = process.env.JPROF_ORACLES === "1";
const jar = "org-netbeans-lib-profiler-RELEASE250.jar";
const oracles = join(import.meta.dirname, "../../build/oracles");
const folder = mkdtempSync(join(tmpdir(), "jprof-visualvm-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dumps: readonly { name: string; path: string; every: number }[] = [
  { name: "the demo", path: join(import.meta.dirname, "../../fixtures/demo.hprof.gz"), every: 7 },
  ...(hasCorpus
    ? [{ name: "Kafka", path: corpusFile("services/kafka-4.1-jdk25-zgc/heap.hprof.gz"), every: 31 }]
    : []),
];

describe.runIf(isAsked)("VisualVM's heap library agrees", () => {
  let classPath = "";
  beforeAll(async () => {
    classPath = await visualVm();
  }, 300_000);

  test.each(dumps)("on $name: objects of every class, fields, elements, distance to the nearest root", { timeout: 300_000 }, async ({ path, every }) => {
    const dump = join(folder, "heap.hprof");
    writeFileSync(dump, gunzipSync(readFileSync(path)));
    const args = ["-Xmx2g", "-cp", classPath, "NetBeansHeap", dump, String(every)];
    const theirs = (await execa(join(someJdk()!.home, "bin/java"), args)).stdout.split("\n");
    const source = openFile(dump);
    const heap = await readHeap(source, { sizes: "gaps", refs: "strong", dump: undefined, threads: 1, progress: () => undefined });
    const ours = new Set(linesOf(heap, objectsIn(theirs)));
    source.close();
    const known = theirs.filter((line) => line !== "" && !line.startsWith("class\tjava.lang.Class\t"));
    expect(known.length).toBeGreaterThan(1000);
    expect(known.filter((line) => !ours.has(line))).toEqual([]);
  });
});

test.runIf(!isAsked)("VisualVM's heap library (skipped: JPROF_ORACLES is not 1)", () => undefined);

/** Fetches the library once and compiles the program that prints what it sees. */
async function visualVm(): Promise<string> {
  mkdirSync(oracles, { recursive: true });
  if (!existsSync(join(oracles, jar))) {
    const artifact = "org.netbeans.modules:org-netbeans-lib-profiler:RELEASE250";
    const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy";
    await execa("mvn", ["-q", goal, `-Dartifact=${artifact}`, `-DoutputDirectory=${oracles}`], { cwd: folder });
  }
  const program = join(import.meta.dirname, "NetBeansHeap.java");
  await execa(join(someJdk()!.home, "bin/javac"), ["-cp", join(oracles, jar), "-d", folder, program]);
  return `${join(oracles, jar)}:${folder}`;
}

function objectsIn(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.filter((line) => line.startsWith("root\t")).map((line) => line.split("\t")[1]!));
}

/** The same lines from jprof, of the same objects. */
function* linesOf({ classes, census, graph, objects, roots }: HeapColumns, ids: ReadonlySet<string>): Generator<string> {
  const counted = histogramOfCensus(classes, census);
  for (const { name } of classes) {
    // VisualVM's names are the dump's: hidden classes have a + where Java says /.
    yield `class\t${name.replace("/0x", "+0x")}\t${counted.get(name)?.instances ?? 0}`;
  }
  const wanted: number[] = [];
  for (let ordinal = 1; ordinal <= graph.objectCount; ordinal++) if (ids.has(objects.idOf(ordinal))) wanted.push(ordinal);
  const idOf = (ordinal: number): string => (ordinal === 0 ? "0x0" : objects.idOf(ordinal));
  const steps = distances(graph, roots.map(({ ordinal }) => ordinal));
  for (const object of objects.read(wanted)) {
    if (object === undefined) continue;
    const id = idOf(object.ordinal);
    yield `root\t${id}\t${steps[object.ordinal]}`;
    for (const { name, type, value } of object.fields) {
      yield `field\t${id}\t${name}\t${type === "object" ? idOf(Number(value)) : value}`;
    }
    const elements = object.references ?? object.bytes ?? [];
    for (let i = 0; i < Math.min(elements.length, 50); i++) {
      yield `element\t${id}\t${i}\t${object.references ? idOf(object.references[i]!) : elements[i]}`;
    }
  }
}

function distances({ objectCount, firstEdge, edgeTo }: HeapColumns["graph"], roots: readonly number[]): Int32Array {
  const steps = new Int32Array(objectCount + 1).fill(-1);
  const queue = [...new Set(roots)];
  for (const root of queue) steps[root] = 0;
  for (const ordinal of queue) {
    for (let edge = firstEdge[ordinal]!; edge > 0; edge++) {
      const target = edgeTo[edge]! & 0x7fffffff;
      if (steps[target] === -1) {
        steps[target] = steps[ordinal]! + 1;
        queue.push(target);
      }
      if (edgeTo[edge]! < 0) break;
    }
  }
  return steps;
}
