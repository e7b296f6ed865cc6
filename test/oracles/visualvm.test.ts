import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFile } from "../../src/bytes/byte-source.ts";
import { type HeapColumns, readHeap } from "../../src/formats/hprof/read-heap.ts";
import type { HeapObject } from "../../src/model/heap-objects.ts";
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
  ...(hasCorpus ? [{ name: "Kafka", path: corpusFile("services/kafka-4.1-jdk25-zgc/heap.hprof.gz"), every: 31 }] : []),
];

describe.runIf(isAsked)("VisualVM's heap library agrees", () => {
  let classPath = "";
  beforeAll(async () => {
    classPath = await visualVm();
  }, 300_000);

  test.each(dumps)(
    "on $name: objects of every class, fields, elements, distance to the nearest root",
    { timeout: 300_000 },
    async ({ name, path, every }) => {
      const dump = join(folder, `${name}.hprof`);
      writeFileSync(dump, gunzipSync(readFileSync(path)));
      const args = ["-Xmx2g", "-cp", classPath, "NetBeansHeap", dump, String(every)];
      const theirs = (await execa(join(someJdk()!.home, "bin/java"), args)).stdout.split("\n");
      const source = openFile(dump);
      const heap = await readHeap(source, {
        sizes: "gaps",
        refs: "strong",
        dump: undefined,
        threads: 1,
        progress: () => undefined,
      });
      const ours = new Set(linesOf(heap, objectsIn(theirs)));
      const steps = stepsOf(heap);
      source.close();
      const contents = theirs.filter(
        (line) => /^(class|field|element)/.test(line) && !line.startsWith("class\tjava.lang.Class\t"),
      );
      const known = contents.map(withPlainFraction);
      expect(known.length).toBeGreaterThan(1000);
      expect(known.filter((line) => !ours.has(line))).toEqual([]);

      const roots = theirs.filter((line) => line.startsWith("root\t")).map((line) => line.split("\t"));
      const pairs = roots.map(([, id, count]) => ({ id, theirs: Number(count), ours: steps.get(id!) }));
      const isFarther = pairs.filter(({ theirs, ours }) => ours! > theirs || ours! < 0 !== theirs < 0);
      const isNearer = pairs.filter(({ theirs, ours }) => ours! < theirs);
      expect(isFarther).toEqual([]);
      expect(isNearer.length / pairs.length).toBeLessThan(0.01);
    },
  );
});

test.runIf(!isAsked)("VisualVM's heap library (skipped: JPROF_ORACLES is not 1)", () => undefined);

/** Fetches the library once and compiles the program that prints what it sees. */
async function visualVm(): Promise<string> {
  mkdirSync(oracles, { recursive: true });
  if (!existsSync(join(oracles, jar))) {
    const artifact = "org.netbeans.modules:org-netbeans-lib-profiler:RELEASE250";
    const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy";
    const maven = "mvn";
    await execa(maven, ["-q", goal, `-Dartifact=${artifact}`, `-DoutputDirectory=${oracles}`], { cwd: folder });
  }
  const program = join(import.meta.dirname, "NetBeansHeap.java");
  await execa(join(someJdk()!.home, "bin/javac"), ["-cp", join(oracles, jar), "-d", folder, program]);
  return `${join(oracles, jar)}:${folder}`;
}

/** `0.0` → `0`, `1.0E10` → `10000000000`. */
function withPlainFraction(line: string): string {
  return line.replace(/-?\d+\.\d+(E-?\d+)?$/, (number) => String(Number(number)));
}

function objectsIn(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.filter((line) => line.startsWith("root\t")).map((line) => line.split("\t")[1]!));
}

/** The same lines from jprof, of the same objects. */
function* linesOf(heap: HeapColumns, ids: ReadonlySet<string>): Generator<string> {
  const { classes, census, graph, objects } = heap;
  const counted = histogramOfCensus(classes, census);
  // VisualVM's names are the dump's: hidden classes have a + where Java says /.
  for (const { name } of classes) yield `class\t${name.replace("/0x", "+0x")}\t${counted.get(name)?.instances ?? 0}`;
  const ordinals = Array.from({ length: graph.objectCount }, (_, i) => i + 1);
  for (const object of objects.read(ordinals.filter((ordinal) => ids.has(objects.idOf(ordinal))))) {
    if (object !== undefined) yield* contentsOf(heap, object);
  }
}

function* contentsOf({ classes, objects }: HeapColumns, object: HeapObject): Generator<string> {
  const idOf = (ordinal: number): string => (ordinal === 0 ? "0x0" : objects.idOf(ordinal));
  const id = idOf(object.ordinal);
  for (const { name, type, value } of object.fields) {
    yield `field\t${id}\t${name}\t${type === "object" ? idOf(Number(value)) : value}`;
  }
  const { name } = classes[object.classIndex]!;
  const elements = object.references ? Array.from(object.references, idOf) : numbersOf(name, object.bytes);
  for (const [i, element] of elements.slice(0, 50).entries()) yield `element\t${id}\t${i}\t${element}`;
}

/** Elements of a primitive array as VisualVM prints them. */
function numbersOf(className: string, bytes: Uint8Array = new Uint8Array(0)): (number | bigint | boolean)[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = {
    "boolean[]": [1, (at: number) => view.getInt8(at) !== 0],
    "byte[]": [1, (at: number) => view.getInt8(at)],
    "char[]": [2, (at: number) => view.getUint16(at)],
    "short[]": [2, (at: number) => view.getInt16(at)],
    "int[]": [4, (at: number) => view.getInt32(at)],
    "float[]": [4, (at: number) => view.getFloat32(at)],
    "long[]": [8, (at: number) => view.getBigInt64(at)],
    "double[]": [8, (at: number) => view.getFloat64(at)],
  }[className] as [number, (at: number) => number | bigint | boolean] | undefined;
  if (read === undefined) return [];
  return Array.from({ length: Math.min(bytes.length / read[0], 50) }, (_, i) => read[1](i * read[0]));
}

/**
 * References from the nearest root, by id of the object; −1 where there is none. To VisualVM locals are roots, and so they are here.
 * jprof also follows a class's protection domain and signers, so it may get there sooner.
 */
function stepsOf({ graph, objects, threads }: HeapColumns): ReadonlyMap<string, number> {
  const { objectCount, firstEdge, edgeTo } = graph;
  const steps = new Int32Array(objectCount + 1).fill(-1);
  const locals = threads.flatMap((thread) => thread.locals.map(({ ordinal }) => ordinal));
  const queue = [...new Set([...graph.roots, ...locals])];
  for (const root of queue) steps[root] = 0;
  for (const ordinal of queue) {
    for (let edge = firstEdge[ordinal]!; edge > 0; edge++) {
      const target = edgeTo[edge]! & 0x7fffffff;
      if (steps[target] === -1) queue.push(target);
      if (steps[target] === -1) steps[target] = steps[ordinal]! + 1;
      if (edgeTo[edge]! < 0) break;
    }
  }
  return new Map(Array.from({ length: objectCount }, (_, i) => [objects.idOf(i + 1), steps[i + 1]!] as const));
}
