import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileJava, jdksOf, someJdk, startJvm } from "../test/jdk.ts";
import { smallDump } from "./small-dump.ts";

const top = join(import.meta.dirname, "..");

/** Where the dumps are kept between runs (8 GB); `JPROF_BENCH_DIR` puts them elsewhere. */
export const dumpFolder = process.env.JPROF_BENCH_DIR ?? join(top, "build/bench");

/** A heap of `fixtures/big-heap/BigHeap.java`. */
export interface BenchDump {
  readonly name: string;
  readonly shape: string;
  readonly count: number;
  readonly jdk: 17 | 25;
  readonly about: string;
}

/** Every dump of the benchmark, by name. JDK 25 with G1 except where the name says otherwise. */
export const benchDumps = {
  ordered: { name: "leaky-36m", shape: "leaky", count: 4_000_000, jdk: 25, about: "a cache that only grows" },
  ordered17: { name: "leaky-36m-jdk17", shape: "leaky", count: 4_000_000, jdk: 17, about: "the same, JDK 17" },
  tenth: { name: "leaky-3m", shape: "leaky", count: 333_333, jdk: 25, about: "the same shape, a twelfth of it" },
  shuffled: {
    name: "leaky-36m-shuffled",
    shape: "shuffled",
    count: 4_000_000,
    jdk: 25,
    about: "the same objects, references in random order",
  },
  chain: { name: "chain-1m", shape: "chain", count: 1_000_000, jdk: 25, about: "a chain that a map holds too" },
  array: { name: "array-10m", shape: "array", count: 10_000_000, jdk: 25, about: "one array of 10 M elements" },
  classes: {
    name: "classes-100k",
    shape: "classes",
    count: 100_000,
    jdk: 25,
    about: "100,000 classes, 30 objects each",
  },
  edges: { name: "edges-200m", shape: "edges", count: 1_000, jdk: 25, about: "200 M references to 100,000 objects" },
} as const satisfies Record<string, BenchDump>;

/** The path of a dump, made when it is not there yet; undefined where there is no JDK to make it with. */
export async function dumpPath({ name, shape, count, jdk: major }: BenchDump): Promise<string | undefined> {
  const path = join(dumpFolder, `${name}.hprof`);
  if (existsSync(path)) return path;
  const jdk = jdksOf(major)[0] ?? someJdk();
  if (jdk === undefined) return undefined;
  console.error(`making ${path} with JDK ${jdk.major} …`);
  mkdirSync(dumpFolder, { recursive: true });
  const classPath = await compileJava(jdk, join(top, "fixtures/big-heap/BigHeap.java"));
  const opens = ["java.lang", "java.util"].flatMap((name) => ["--add-opens", `java.base/${name}=ALL-UNNAMED`]);
  const jvm = await startJvm(jdk, {
    classPath,
    mainClass: "BigHeap",
    flags: ["-Xms5g", "-Xmx5g", "-XX:+UseG1GC", ...opens],
    args: [shape, String(count)],
    timeoutMillis: 300_000,
  });
  try {
    rmSync(`${path}.tmp`, { force: true });
    await jvm.jcmd("GC.heap_dump", `${path}.tmp`);
    renameSync(`${path}.tmp`, path);
  } finally {
    await jvm.stop();
  }
  return path;
}

/** A dump of 3 MB, to measure what starting costs; it needs no JDK. */
export function smallDumpPath(): string {
  const path = join(dumpFolder, "small-3mb.hprof");
  if (!existsSync(path)) {
    mkdirSync(dumpFolder, { recursive: true });
    writeFileSync(path, smallDump(3_000_000));
  }
  return path;
}

if (import.meta.main) {
  for (const dump of Object.values(benchDumps)) console.log((await dumpPath(dump)) ?? `${dump.name}: no JDK`);
  console.log(smallDumpPath());
}
